#include "pkg/store/s3.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "pkg/http/beast_transport.h"
#include "pkg/store/entry_name.h"
#include "pkg/store/multipart.h"
#include "pkg/store/s3_client.h"
#include "pkg/store/s3_download.h"
#include "pkg/store/s3_upload.h"
#include "pkg/store/verdicts.h"
#include "pkg/store/xml.h"

namespace coreflow::store {

namespace {

// Much less than kSpared, so that a blob that is put often is copied seldom.
constexpr Duration kRenewAfter = std::chrono::hours(1);
// A range of a blob or a page of a listing, and something to spare.
constexpr size_t kMostAnswered = size_t{9} << 20;
constexpr size_t kPage = 1000;

std::string EntryKey(const std::string& name) { return "entries/" + name; }

struct Object {
  std::string key;  // without the store's prefix
  uint64_t size;
  Duration age;
};

struct ObjectPage {
  std::vector<Object> objects;
  std::string next;
};

Result<ObjectPage> ListPage(S3Client& client, const std::string& prefix, size_t limit, const std::string& token) {
  S3Request request{.doing = "list " + prefix,
                    .query = {{"list-type", "2"}, {"max-keys", std::to_string(limit)}, {"prefix", client.Key(prefix)}}};
  if (!token.empty()) request.query.emplace_back("continuation-token", token);
  TRY(const http::Response answer, client.Do(std::move(request)));
  TRY(const XmlElement listed, client.Read(answer));
  ObjectPage page;
  const Time now = client.AnsweredAt(answer);
  for (const XmlElement& object : listed.children) {
    const std::string key = object.TextOf("Key");
    if (object.name != "Contents" || !key.starts_with(client.Key(prefix))) continue;
    const std::string size = object.TextOf("Size");
    page.objects.push_back({.key = key.substr(client.Key("").size()),
                            .size = std::strtoull(size.c_str(), nullptr, 10),
                            .age = now - ParseTime(object.TextOf("LastModified")).value_or(now)});
  }
  if (listed.TextOf("IsTruncated") == "true") page.next = listed.TextOf("NextContinuationToken");
  return page;
}

Result<void> ForEachObject(S3Client& client, const std::string& prefix,
                           const std::function<Result<void>(const Object&)>& visit) {
  std::string token;
  do {
    TRY(const ObjectPage page, ListPage(client, prefix, kPage, token));
    for (const Object& object : page.objects) TRY_VOID(visit(object));
    if (page.next == token) break;  // a server that would go on for ever
    token = page.next;
  } while (!token.empty());
  return {};
}

class S3Store : public Store {
 public:
  S3Store(const S3Options& options, std::string host, std::unique_ptr<http::Transport> transport, S3World world)
      : client_(options, std::move(host), std::move(transport), std::move(world)) {}

  Result<Blob> PutBlob(const Source& source, const Expected& expected) override;
  Result<void> ReadBlob(const Digest& digest, const Sink& sink) override;
  Result<void> ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) override;
  Result<uint64_t> BlobSize(const Digest& digest) override;
  Result<Duration> BlobAge(const Digest& digest) override;
  Result<void> DeleteBlob(const Digest& digest) override { return Delete(BlobKey(digest)); }
  Result<void> ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) override;

  Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) override;
  Result<void> PutEntry(const std::string& name, const std::string& value) override;
  Result<std::string> GetEntry(const std::string& name) override;
  Result<void> DeleteEntry(const std::string& name) override;
  Result<EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override;

  Result<void> SweepLeftovers(Duration untouched_for) override;

 private:
  Result<void> Delete(const std::string& key);
  Result<ObjectStatus> StatusOfBlob(const Digest& digest);
  // Makes a blob that fits what is expected young again; nullopt when there is none.
  Result<std::optional<Blob>> Renew(const Expected& expected);
  // What Download() says of a blob.
  Result<void> OfBlob(const Digest& digest, Result<void> read) const;

  S3Client client_;
};

Result<std::optional<Blob>> S3Store::Renew(const Expected& expected) {
  const std::string key = BlobKey(*expected.digest);
  auto status = StatusOf(client_, key);
  if (!status && status.error().code == Code::kNotFound) return std::optional<Blob>();
  if (!status) return status.error();
  if (expected.size && status->size != *expected.size) return std::optional<Blob>();  // damaged: put anew
  if (status->age > kRenewAfter) {
    auto copied = Copy(client_, key, key, status->size);
    if (!copied && copied.error().code == Code::kNotFound) return std::optional<Blob>();
    if (!copied) return copied.error();
  }
  return std::optional(Blob{.digest = *expected.digest, .size = status->size});
}

Result<Blob> S3Store::PutBlob(const Source& source, const Expected& expected) {
  if (expected.digest) {
    TRY(const auto there, Renew(expected));
    if (there) return *there;
  }
  return Upload(client_, source, expected);
}

Result<void> S3Store::OfBlob(const Digest& digest, Result<void> read) const {
  if (!read && read.error().code == Code::kNotFound) return NoSuchBlob(digest, client_.Where());
  return read;
}

Result<void> S3Store::ReadBlob(const Digest& digest, const Sink& sink) {
  Hasher hasher;
  const auto hash_too = [&](std::string_view bytes) {
    hasher.Add(bytes);
    return sink(bytes);
  };
  constexpr uint64_t kAll = std::numeric_limits<uint64_t>::max();
  TRY_VOID(OfBlob(digest, Download(client_, BlobKey(digest), 0, kAll, hash_too)));
  if (hasher.Finish() != digest) return WrongBytes(digest, client_.Where());
  return {};
}

Result<void> S3Store::ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) {
  return OfBlob(digest, Download(client_, BlobKey(digest), offset, length, sink));
}

Result<ObjectStatus> S3Store::StatusOfBlob(const Digest& digest) {
  auto status = StatusOf(client_, BlobKey(digest));
  if (!status && status.error().code == Code::kNotFound) return NoSuchBlob(digest, client_.Where());
  return status;
}

Result<uint64_t> S3Store::BlobSize(const Digest& digest) {
  TRY(const ObjectStatus status, StatusOfBlob(digest));
  return status.size;
}

Result<Duration> S3Store::BlobAge(const Digest& digest) {
  TRY(const ObjectStatus status, StatusOfBlob(digest));
  return status.age;
}

Result<void> S3Store::Delete(const std::string& key) {
  auto deleted = client_.Do({.doing = "delete " + key, .method = "DELETE", .key = key});
  if (!deleted && deleted.error().code != Code::kNotFound) return deleted.error();
  return {};
}

Result<void> S3Store::ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) {
  return ForEachObject(client_, "blobs/", [&](const Object& object) -> Result<void> {
    const auto digest = Digest::Parse(object.key.substr(std::string("blobs/").size()));
    if (!digest) return {};
    return visit({.blob = {.digest = *digest, .size = object.size}, .age = object.age});
  });
}

Result<void> S3Store::PutEntryIfAbsent(const std::string& name, const std::string& value) {
  TRY_VOID(CheckEntryName(name));
  TRY_VOID(CheckEntryValue(name, value));
  auto pending = client_.Start({.doing = "put entry " + name,
                                .method = "PUT",
                                .key = EntryKey(name),
                                .headers = {{"If-None-Match", "*"}, {"Content-Type", "application/json"}},
                                .body = value});
  auto put = pending->Wait();
  if (put) return {};
  if (put.error().code != Code::kAlreadyExists) return put.error();
  // The one that is there may be ours, whose answer was lost.
  if (pending->tries() > 1) {
    TRY(const std::string there, GetEntry(name));
    if (there == value) return {};
  }
  return EntryExists(name, client_.Where());
}

Result<void> S3Store::PutEntry(const std::string& name, const std::string& value) {
  TRY_VOID(CheckEntryName(name));
  TRY_VOID(CheckEntryValue(name, value));
  TRY_VOID(client_.Do({.doing = "put entry " + name,
                       .method = "PUT",
                       .key = EntryKey(name),
                       .headers = {{"Content-Type", "application/json"}},
                       .body = value}));
  return {};
}

Result<std::string> S3Store::GetEntry(const std::string& name) {
  TRY_VOID(CheckEntryName(name));
  auto answer = client_.Do({.doing = "read entry " + name, .key = EntryKey(name)});
  if (!answer && answer.error().code == Code::kNotFound) return NoSuchEntry(name, client_.Where());
  if (!answer) return answer.error();
  TRY_VOID(CheckEntryValue(name, answer->body));
  return std::move(answer->body);
}

Result<void> S3Store::DeleteEntry(const std::string& name) {
  TRY_VOID(CheckEntryName(name));
  return Delete(EntryKey(name));
}

Result<EntryPage> S3Store::ListEntries(const std::string& prefix, size_t limit, const std::string& page) {
  TRY_VOID(CheckEntryPrefix(prefix));
  TRY_VOID(CheckPageLimit(limit));
  TRY(ObjectPage listed, ListPage(client_, EntryKey(prefix), limit, page));
  EntryPage found{.next = std::move(listed.next)};
  for (const Object& object : listed.objects) {
    std::string name = object.key.substr(EntryKey("").size());
    if (CheckEntryName(name)) found.names.push_back(std::move(name));
  }
  return found;
}

Result<void> S3Store::SweepLeftovers(Duration untouched_for) {
  TRY_VOID(AbortUploads(client_, untouched_for));
  return ForEachObject(client_, "uploads/", [&](const Object& object) -> Result<void> {
    if (object.age < untouched_for) return {};
    return Delete(object.key);
  });
}

}  // namespace

S3World S3World::Real() {
  return {.now = [] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); },
          .pause = [](Duration pause) { std::this_thread::sleep_for(pause); }};
}

Result<std::unique_ptr<Store>> NewS3Store(const S3Options& options, std::unique_ptr<http::Transport> transport,
                                          S3World world) {
  TRY(std::string host, S3Host(options));
  if (!options.access_key) return Error{.code = Code::kInvalid, .message = "S3: access key: is missing"};
  return std::unique_ptr<Store>(
      std::make_unique<S3Store>(options, std::move(host), std::move(transport), std::move(world)));
}

Result<std::unique_ptr<Store>> NewS3Store(const S3Options& options) {
  TRY(const std::string origin, S3Origin(options));
  TRY(auto transport, http::NewBeastTransport({.url = origin, .ca_file = options.ca_file, .max_body = kMostAnswered}));
  return NewS3Store(options, std::move(transport), S3World::Real());
}

}  // namespace coreflow::store
