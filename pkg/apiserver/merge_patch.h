#pragma once

#include "pkg/json/value.h"

namespace coreflow::apiserver {

// `target` after a JSON merge patch (RFC 7386): objects are merged, null removes, anything else replaces.
json::Value MergePatch(const json::Value& target, const json::Value& patch);

}  // namespace coreflow::apiserver
