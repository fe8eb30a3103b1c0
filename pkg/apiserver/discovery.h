#pragma once

#include <optional>

#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// What the server says of itself: /version, /healthz, /livez, /readyz, /api, /apis, /api/v1, /apis/GROUP/VERSION, also
// as apidiscovery.k8s.io/v2 where that is accepted. nullopt for any other path.
std::optional<http::Response> Discover(const http::Request& request);

}  // namespace coreflow::apiserver
