#pragma once

#include "pkg/json/value.h"

namespace coreflow::engine {

// A PodSpec with the fields of another laid over it: members of objects one by one, elements of lists by what
// Kubernetes knows them by (its `patchMergeKey`: a container or volume by its name, a mount by its path), what is new
// behind the others. Other lists, and those in which something is named twice, are replaced. null stays null, for the
// API server to judge.
json::Value WithOverrides(const json::Value& spec, const json::Value& overrides);

}  // namespace coreflow::engine
