#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/store/s3_client.h"
#include "pkg/store/store.h"

namespace coreflow::store {

// Parts of a multipart upload, but for the last.
inline constexpr size_t kPartBytes = size_t{8} << 20;

// "blobs/12ab…"
std::string BlobKey(const Digest& digest);

// Puts what the source gives: in one request when it is less than a part, else in parts, going on with an upload of the
// same digest that was cut short. See Store::PutBlob.
Result<Blob> Upload(S3Client& client, const Source& source, const Expected& expected);

// Copies an object inside of S3, also onto itself, which makes it young. `size` is the object's.
Result<void> Copy(S3Client& client, const std::string& from, const std::string& to, uint64_t size);

}  // namespace coreflow::store
