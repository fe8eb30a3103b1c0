#include "pkg/store/s3_download.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <limits>
#include <memory>
#include <utility>

#include "pkg/store/http_date.h"

namespace coreflow::store {

namespace {

constexpr uint64_t kRangeBytes = uint64_t{4} << 20;
constexpr size_t kMostInFlight = 2;

std::unique_ptr<S3Client::Pending> Fetch(S3Client& client, const std::string& key, uint64_t offset, uint64_t length) {
  const std::string last = std::to_string(offset + length - 1);
  return client.Start(
      {.doing = "read " + key, .key = key, .headers = {{"Range", "bytes=" + std::to_string(offset) + "-" + last}}});
}

// Of the whole object: "bytes 0-99/1234", "bytes */0"; a server that does not do ranges sends all there is.
Result<uint64_t> SizeOf(const http::Response& answer) {
  if (answer.status == 200) return uint64_t{answer.body.size()};
  const auto found = answer.headers.find("content-range");
  uint64_t size = 0;
  if (found != answer.headers.end()) {
    const std::string& range = found->second;
    const size_t slash = range.find('/');
    const char* end = range.data() + range.size();
    if (slash != std::string::npos && std::from_chars(range.data() + slash + 1, end, size).ptr == end) return size;
  }
  // Some servers say nothing about an empty object.
  if (answer.status == 416) return uint64_t{0};
  return Error{.code = Code::kUnavailable, .message = "an answer of S3 without the size of the object"};
}

// The part of an answer that was asked for.
Result<std::string_view> Asked(const http::Response& answer, uint64_t offset, uint64_t length) {
  std::string_view bytes = answer.body;
  if (answer.status == 416) bytes = {};
  if (answer.status == 200) bytes = bytes.substr(std::min<uint64_t>(offset, bytes.size()), length);
  if (bytes.size() == length) return bytes;
  return Error{.code = Code::kUnavailable,
               .message = "S3 gave " + std::to_string(bytes.size()) + " bytes instead of " + std::to_string(length)};
}

}  // namespace

Result<ObjectStatus> StatusOf(S3Client& client, const std::string& key) {
  // Not HEAD, whose errors have no words.
  TRY(const http::Response answer, Fetch(client, key, 0, 1)->Wait());
  TRY(const uint64_t size, SizeOf(answer));
  const auto modified = answer.headers.find("last-modified");
  const auto time = modified == answer.headers.end() ? std::nullopt : ParseHttpDate(modified->second);
  const Time now = client.AnsweredAt(answer);
  // Of an empty object some servers don't tell: it is made young again in vain.
  return ObjectStatus{.size = size, .age = time ? now - *time : Duration::max()};
}

Result<void> Download(S3Client& client, const std::string& key, uint64_t offset, uint64_t length, const Sink& sink) {
  struct Range {
    uint64_t offset;
    uint64_t length;
    std::unique_ptr<S3Client::Pending> pending;
  };
  if (length == 0) {
    TRY_VOID(StatusOf(client, key));
    return {};
  }
  std::deque<Range> ranges;
  uint64_t next = offset;
  // The first answer tells where the end is.
  uint64_t end = offset + std::min({length, kRangeBytes, std::numeric_limits<uint64_t>::max() - offset});
  bool first = true;
  while (next < end || !ranges.empty()) {
    while (next < end && ranges.size() < kMostInFlight) {
      const uint64_t wanted = std::min(kRangeBytes, end - next);
      ranges.push_back({.offset = next, .length = wanted, .pending = Fetch(client, key, next, wanted)});
      next += wanted;
    }
    Range range = std::move(ranges.front());
    ranges.pop_front();
    TRY(const http::Response answer, range.pending->Wait());
    if (std::exchange(first, false)) {
      TRY(const uint64_t size, SizeOf(answer));
      end = offset >= size ? offset : offset + std::min(length, size - offset);
      range.length = std::min(range.length, end - offset);
    }
    TRY(const std::string_view bytes, Asked(answer, range.offset, range.length));
    if (!bytes.empty()) TRY_VOID(sink(bytes));
  }
  return {};
}

}  // namespace coreflow::store
