#include "pkg/store/multipart.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <functional>

#include "pkg/base/hex.h"
#include "pkg/store/s3_download.h"
#include "pkg/store/xml.h"

namespace coreflow::store {

namespace {

constexpr size_t kMostInFlight = 2;
constexpr int kMostParts = 10'000;

// "" when OpenSSL may not compute it; then no part is known, and all are sent.
std::string Md5Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) return "";
  return ToHex({reinterpret_cast<const char*>(digest.data()), size});
}

// An ETag without its quotes, and without what would need escaping in XML, which no tag of S3 has.
std::string PlainTag(std::string tag) {
  std::erase_if(tag, [](char c) { return c == '"' || c == '<' || c == '>' || c == '&' || c < ' '; });
  return tag;
}

std::string Number(uint64_t number) { return std::to_string(number); }

int ToInt(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct Listed {
  std::string key;
  std::string id;
  Duration age;
};

// The uploads under way whose object's name begins so.
Result<void> ForEachUpload(S3Client& client, const std::string& prefix,
                           const std::function<Result<void>(const Listed&)>& visit) {
  std::string key_marker;
  std::string id_marker;
  while (true) {
    S3Request request{.doing = "list uploads", .query = {{"uploads", ""}, {"prefix", client.Key(prefix)}}};
    if (!key_marker.empty())
      request.query.insert(request.query.end(), {{"key-marker", key_marker}, {"upload-id-marker", id_marker}});
    TRY(const http::Response answer, client.Do(std::move(request)));
    TRY(const XmlElement page, client.Read(answer));
    for (const XmlElement& upload : page.children) {
      const std::string key = upload.TextOf("Key");
      if (upload.name != "Upload" || !key.starts_with(client.Key(prefix))) continue;
      const auto initiated = ParseTime(upload.TextOf("Initiated"));
      const Time now = client.AnsweredAt(answer);
      TRY_VOID(visit({.key = key.substr(client.Key("").size()),
                      .id = upload.TextOf("UploadId"),
                      .age = now - initiated.value_or(now)}));
    }
    const std::string next = page.TextOf("NextKeyMarker");
    const std::string next_id = page.TextOf("NextUploadIdMarker");
    if (page.TextOf("IsTruncated") != "true" || (next == key_marker && next_id == id_marker)) return {};
    key_marker = next;
    id_marker = next_id;
  }
}

Result<http::Response> AbortUpload(S3Client& client, const std::string& key, const std::string& id) {
  return client.Do({.doing = "give up an upload", .method = "DELETE", .key = key, .query = {{"uploadId", id}}});
}

}  // namespace

Result<Multipart> Multipart::Create(S3Client& client, const std::string& key) {
  TRY(const XmlElement created,
      client.Ask({.doing = "begin an upload", .method = "POST", .key = key, .query = {{"uploads", ""}}}));
  return Multipart(client, key, created.TextOf("UploadId"));
}

Result<Multipart> Multipart::Resume(S3Client& client, const std::string& key) {
  std::optional<Listed> newest;
  TRY_VOID(ForEachUpload(client, key, [&](const Listed& upload) -> Result<void> {
    if (upload.key == key && (!newest || upload.age < newest->age)) newest = upload;
    return {};
  }));
  if (!newest) return Create(client, key);
  Multipart resumed(client, key, newest->id);
  auto found = resumed.FindParts();
  if (!found && found.error().code == Code::kNotFound) return Create(client, key);
  if (!found) return found.error();
  return resumed;
}

Result<void> Multipart::FindParts() {
  int marker = 0;
  while (true) {
    TRY(const XmlElement page, client_->Ask({.doing = "list the parts of an upload",
                                             .key = key_,
                                             .query = {{"uploadId", id_}, {"part-number-marker", Number(marker)}}}));
    for (const XmlElement& part : page.children) {
      if (part.name == "Part") stored_[ToInt(part.TextOf("PartNumber"))] = PlainTag(part.TextOf("ETag"));
    }
    const int next = ToInt(page.TextOf("NextPartNumberMarker"));
    if (page.TextOf("IsTruncated") != "true" || next <= marker) return {};
    marker = next;
  }
}

S3Request Multipart::Part(int number) const {
  return {.doing = "put part " + Number(number) + " of an upload",
          .method = "PUT",
          .key = key_,
          .query = {{"partNumber", Number(number)}, {"uploadId", id_}}};
}

Result<void> Multipart::Collect() {
  const auto [number, pending] = std::move(in_flight_.front());
  in_flight_.pop_front();
  TRY(const http::Response answer, pending->Wait());
  const auto tag = answer.headers.find("etag");
  if (tag == answer.headers.end()) {
    return Error{.code = Code::kUnavailable, .message = client_->Where() + ": took a part and gave no ETag"};
  }
  tags_[number] = PlainTag(tag->second);
  return {};
}

Result<void> Multipart::MakeRoom() {
  while (in_flight_.size() >= kMostInFlight) TRY_VOID(Collect());
  return {};
}

Result<void> Multipart::Add(std::string bytes) {
  const int number = ++last_;
  if (number > kMostParts) {
    return Error{.code = Code::kInvalid, .message = client_->Where() + ": a blob has at most 10,000 parts of 8 MiB"};
  }
  const auto stored = stored_.find(number);
  if (stored != stored_.end() && !stored->second.empty() && stored->second == Md5Hex(bytes)) {
    tags_[number] = stored->second;
    return {};
  }
  TRY_VOID(MakeRoom());
  S3Request request = Part(number);
  request.body = std::move(bytes);
  in_flight_.emplace_back(number, client_->Start(std::move(request)));
  return {};
}

Result<void> Multipart::AddCopy(const std::string& from, uint64_t offset, uint64_t length) {
  S3Request request = Part(++last_);
  request.headers = {{"x-amz-copy-source", client_->CopySource(from)},
                     {"x-amz-copy-source-range", "bytes=" + Number(offset) + "-" + Number(offset + length - 1)}};
  TRY(const XmlElement copied, client_->Ask(std::move(request)));
  tags_[last_] = PlainTag(copied.TextOf("ETag"));
  return {};
}

Result<void> Multipart::Complete(uint64_t size) {
  while (!in_flight_.empty()) TRY_VOID(Collect());
  std::string parts = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (const auto& [number, tag] : tags_) {
    parts += "<Part><PartNumber>" + Number(static_cast<uint64_t>(number)) + "</PartNumber><ETag>\"" + tag +
             "\"</ETag></Part>";
  }
  auto completed = client_->Do({.doing = "complete an upload",
                                .method = "POST",
                                .key = key_,
                                .query = {{"uploadId", id_}},
                                .headers = {{"Content-Type", "application/xml"}},
                                .body = parts + "</CompleteMultipartUpload>"});
  if (completed) return {};
  if (completed.error().code == Code::kNotFound) {
    const auto status = StatusOf(*client_, key_);
    if (status && status->size == size) return {};
  }
  return completed.error();
}

void Multipart::Abort() {
  in_flight_.clear();
  if (auto aborted = AbortUpload(*client_, key_, id_); !aborted) return;
}

Result<void> AbortUploads(S3Client& client, Duration older_than) {
  return ForEachUpload(client, "", [&](const Listed& upload) -> Result<void> {
    if (upload.age < older_than) return {};
    auto aborted = AbortUpload(client, upload.key, upload.id);
    if (!aborted && aborted.error().code != Code::kNotFound) return aborted.error();
    return {};
  });
}

}  // namespace coreflow::store
