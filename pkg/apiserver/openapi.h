#pragma once

#include <optional>

#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// What objects look like, for kubectl: /openapi/v3, /openapi/v3/api/v1, /openapi/v3/apis/GROUP/VERSION, with the paths
// and parameters that kubectl looks for. /openapi/v2 is not found. nullopt for any other path.
std::optional<http::Response> ServeOpenApi(const http::Request& request);

}  // namespace coreflow::apiserver
