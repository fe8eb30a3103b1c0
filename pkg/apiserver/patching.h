#pragma once

#include <string_view>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/resource.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// `current` after a patch of that media type: a JSON patch, a merge patch or, of Kubernetes' own kinds, a strategic
// merge patch. The faults of a patch in the server's words.
Outcome<json::Value> ApplyPatch(const Resource& resource, std::string_view type, const json::Value& patch,
                                const json::Value& current);

// Whether the resource takes patches of that media type, server-side apply among them.
bool TakesPatches(const Resource& resource, std::string_view type);

}  // namespace coreflow::apiserver
