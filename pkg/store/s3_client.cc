#include "pkg/store/s3_client.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "pkg/base/hash.h"
#include "pkg/http/headers.h"
#include "pkg/store/http_date.h"
#include "pkg/store/s3_failure.h"

namespace coreflow::store {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 8 MiB at 70 KB/s, or a server that copies 256 MiB.
constexpr seconds kDeadline{120};
constexpr int kMostTries = 6;
constexpr milliseconds kFirstPause{300};
constexpr milliseconds kLongestPause{20'000};

// What the server asks for, else doubled each time.
Duration PauseBefore(int next_try, const Result<http::Response>& answer) {
  if (answer) {
    const auto found = answer->headers.find("retry-after");
    int asked = 0;
    if (found != answer->headers.end()) {
      std::from_chars(found->second.data(), found->second.data() + found->second.size(), asked);
    }
    if (asked > 0) return std::min<Duration>(seconds(asked), kLongestPause);
  }
  return std::min(kFirstPause * (1 << (next_try - 2)), kLongestPause);
}

bool Repeat(const Result<http::Response>& answer) {
  return answer ? MayPass(*answer) : answer.error().code == Code::kUnavailable;
}

}  // namespace

S3Client::S3Client(S3Options options, std::string host, std::unique_ptr<http::Transport> transport, S3World world)
    : options_(std::move(options)),
      host_(std::move(host)),
      world_(std::move(world)),
      transport_(std::move(transport)) {}

std::string S3Client::CopySource(const std::string& key) const {
  return "/" + UriEncode(options_.bucket + "/" + Key(key), true);
}

Time S3Client::AnsweredAt(const http::Response& answer) const {
  const auto date = answer.headers.find("date");
  const auto time = date == answer.headers.end() ? std::nullopt : ParseHttpDate(date->second);
  return time.value_or(world_.now());
}

Result<XmlElement> S3Client::Read(const http::Response& answer) const {
  auto document = ParseXml(answer.body);
  if (!document) {
    return Error{.code = Code::kUnavailable, .message = Where() + ": no answer of S3: " + document.error().message};
  }
  return document;
}

Result<XmlElement> S3Client::Ask(S3Request request) {
  TRY(const http::Response answer, Do(std::move(request)));
  return Read(answer);
}

std::unique_ptr<S3Client::Pending> S3Client::Start(S3Request request) {
  return std::unique_ptr<Pending>(new Pending(*this, std::move(request)));
}

Result<http::Request> S3Client::Signed(const S3Request& request, const std::string& payload_sha256) const {
  TRY(const AccessKey key, options_.access_key());
  http::Request signed_request{.method = request.method, .headers = request.headers, .body = request.body};
  std::string& target = signed_request.target;
  if (options_.path_style) target += UriEncode(options_.bucket, false) + (request.key.empty() ? "" : "/");
  if (!request.key.empty()) target += UriEncode(Key(request.key), true);
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target.append(1, separator).append(name).append("=").append(UriEncode(value, false));
    separator = '&';
  }
  if (!request.body.empty() && !http::HasHeader(signed_request, "Content-Type")) {
    signed_request.headers.emplace_back("Content-Type", "application/octet-stream");
  }
  Sign(&signed_request, payload_sha256, key, {.host = host_, .region = options_.region, .time = world_.now()});
  return signed_request;
}

S3Client::Pending::Pending(S3Client& client, S3Request request)
    : client_(client), request_(std::move(request)), payload_sha256_(Sha256Hex(request_.body)) {
  Send();
}

S3Client::Pending::~Pending() {
  if (cancel_) cancel_->Now();
}

void S3Client::Pending::Send() {
  ++tries_;
  auto promise = std::make_shared<std::promise<Result<http::Response>>>();
  answer_ = promise->get_future();
  auto request = client_.Signed(request_, payload_sha256_);
  if (!request) return promise->set_value(request.error());
  cancel_ = client_.transport_->Send(*std::move(request), kDeadline, [promise](Result<http::Response> answer) {
    promise->set_value(std::move(answer));
  });
}

Result<http::Response> S3Client::Pending::Wait() {
  while (true) {
    auto answer = answer_.get();
    cancel_.reset();
    // A long request may fail after its 200. What a GET brings is an object, or a list.
    const bool failed_late =
        answer && answer->status == 200 && request_.method != "GET" && !S3ErrorCode(*answer).empty();
    if (answer && !failed_late && (answer->status / 100 == 2 || answer->status == 416)) return answer;
    if (!Repeat(answer) || tries_ == kMostTries) {
      if (!answer) {
        return Error{.code = answer.error().code, .message = client_.Where() + ": " + answer.error().message};
      }
      return S3Failure(*answer, {.host = client_.host_,
                                 .bucket = client_.options_.bucket,
                                 .region = client_.options_.region,
                                 .doing = request_.doing,
                                 .now = client_.world_.now()});
    }
    client_.world_.pause(PauseBefore(tries_ + 1, answer));
    Send();
  }
}

}  // namespace coreflow::store
