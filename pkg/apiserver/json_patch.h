#pragma once

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// `target` after a JSON patch (RFC 6902), all of it or none: add, remove, replace, test, move, copy. kInvalid when
// `patch` is no list, kConflict when an operation is not known, cannot be done, or a test fails.
Result<json::Value> JsonPatch(const json::Value& target, const json::Value& patch);

}  // namespace coreflow::apiserver
