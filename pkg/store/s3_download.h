#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/store/s3_client.h"
#include "pkg/store/store.h"

namespace coreflow::store {

struct ObjectStatus {
  uint64_t size = 0;
  Duration age = {};
};

// kNotFound when there is no such object.
Result<ObjectStatus> StatusOf(S3Client& client, const std::string& key);

// Hands on `length` bytes of an object from `offset`, or as many as there are, range by range, the next one on its way
// while the sink has the last.
Result<void> Download(S3Client& client, const std::string& key, uint64_t offset, uint64_t length, const Sink& sink);

}  // namespace coreflow::store
