#pragma once

#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::data {

// What a request is about: "/v1/namespaces/NAMESPACE/pods/POD/blobs", or one blob of them; or one blob for a reader,
// "/v1/namespaces/NAMESPACE/blobs/DIGEST".
struct BlobRoute {
  std::string name_space = {};
  std::string pod = {};     // empty: for a reader
  std::string digest = {};  // empty: all of them

  bool operator==(const BlobRoute&) const = default;
};

// kNotFound for any other path, kInvalid when the names in it can't be Kubernetes' or the digest is none.
Result<BlobRoute> ParseBlobRoute(std::string_view target);

std::string FormatBlobRoute(const BlobRoute& route);

}  // namespace coreflow::data
