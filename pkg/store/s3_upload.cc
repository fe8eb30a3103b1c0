#include "pkg/store/s3_upload.h"

#include <algorithm>

#include "pkg/base/hash.h"
#include "pkg/store/multipart.h"
#include "pkg/store/random_name.h"
#include "pkg/store/s3_download.h"
#include "pkg/store/verdicts.h"

namespace coreflow::store {

namespace {

// What S3 copies in one request, within a request's deadline.
constexpr uint64_t kCopiedAtOnce = uint64_t{256} << 20;

// Up to a part's bytes; less only at the end of the source.
Result<std::string> NextPart(const Source& source) {
  std::string part(kPartBytes, '\0');
  size_t filled = 0;
  while (filled < part.size()) {
    TRY(const size_t count, source(std::span(part).subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  part.resize(filled);
  return part;
}

Result<Blob> PutWhole(S3Client& client, std::string bytes, const Expected& expected) {
  const Blob blob{.digest = Digest::Of(bytes), .size = bytes.size()};
  TRY_VOID(CheckExpected(blob, expected));
  TRY_VOID(client.Do({.doing = "put blob " + blob.digest.hex(),
                      .method = "PUT",
                      .key = BlobKey(blob.digest),
                      .body = std::move(bytes)}));
  return blob;
}

// All of the source, which begins with `part`, and the end of the upload.
Result<Blob> PutParts(Multipart* upload, std::string part, const Source& source, const Expected& expected) {
  Hasher hasher;
  Blob blob;
  while (!part.empty()) {
    hasher.Add(part);
    blob.size += part.size();
    if (expected.size && blob.size > *expected.size) break;
    const bool last = part.size() < kPartBytes;
    TRY_VOID(upload->Add(std::move(part)));
    if (last) break;
    TRY_VOID(upload->MakeRoom());
    TRY(part, NextPart(source));
  }
  blob.digest = hasher.Finish();
  TRY_VOID(CheckExpected(blob, expected));
  TRY_VOID(upload->Complete(blob.size));
  return blob;
}

// Straight to its place. What is cut short stays, for the next one to go on with.
Result<Blob> PutKnown(S3Client& client, std::string first, const Source& source, const Expected& expected) {
  const std::string key = BlobKey(*expected.digest);
  TRY(Multipart upload, Multipart::Resume(client, key));
  auto blob = PutParts(&upload, std::move(first), source, expected);
  if (!blob && blob.error().code == Code::kInvalid) upload.Abort();
  if (!blob && blob.error().code == Code::kNotFound) {
    // Somebody else who had the same blob completed the upload.
    TRY(const ObjectStatus status, StatusOf(client, key));
    return Blob{.digest = *expected.digest, .size = status.size};
  }
  return blob;
}

Result<Blob> PutUnknown(S3Client& client, std::string first, const Source& source, const Expected& expected) {
  TRY(const std::string name, RandomName());
  const std::string key = "uploads/" + name;
  TRY(Multipart upload, Multipart::Create(client, key));
  auto blob = PutParts(&upload, std::move(first), source, expected);
  if (!blob) {
    upload.Abort();
    return blob.error();
  }
  TRY_VOID(Copy(client, key, BlobKey(blob->digest), blob->size));
  TRY_VOID(client.Do({.doing = "delete an upload", .method = "DELETE", .key = key}));
  return blob;
}

}  // namespace

std::string BlobKey(const Digest& digest) { return "blobs/" + digest.hex(); }

Result<Blob> Upload(S3Client& client, const Source& source, const Expected& expected) {
  TRY(std::string first, NextPart(source));
  if (first.size() < kPartBytes) return PutWhole(client, std::move(first), expected);
  return expected.digest ? PutKnown(client, std::move(first), source, expected)
                         : PutUnknown(client, std::move(first), source, expected);
}

Result<void> Copy(S3Client& client, const std::string& from, const std::string& to, uint64_t size) {
  if (size <= kCopiedAtOnce) {
    // Onto itself S3 copies only what changes, if only in name.
    TRY_VOID(client.Do(
        {.doing = "copy an object",
         .method = "PUT",
         .key = to,
         .headers = {{"x-amz-copy-source", client.CopySource(from)}, {"x-amz-metadata-directive", "REPLACE"}}}));
    return {};
  }
  TRY(Multipart upload, Multipart::Create(client, to));
  for (uint64_t offset = 0; offset < size; offset += kCopiedAtOnce) {
    auto copied = upload.AddCopy(from, offset, std::min(kCopiedAtOnce, size - offset));
    if (copied) continue;
    upload.Abort();
    return copied;
  }
  return upload.Complete(size);
}

}  // namespace coreflow::store
