#pragma once

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/schema/node.h"

namespace coreflow::patch {

// `target` after a strategic merge patch, the patch of Kubernetes' own types (custom resources have none): as a JSON
// merge patch, but lists with patchStrategy merge are merged, by their patchMergeKey or as sets. Knows $patch (replace,
// delete), $retainKeys, $deleteFromPrimitiveList/… and $setElementOrder/…. Without schema (nullptr) lists are replaced.
// kInvalid, in the server's words, for a patch that says nothing that can be done. Thread-safe.
Result<json::Value> StrategicMerge(const json::Value& target, const json::Value& patch, const schema::Node* schema);

}  // namespace coreflow::patch
