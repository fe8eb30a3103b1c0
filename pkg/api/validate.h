#pragma once

#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/json/binder.h"

namespace coreflow::api {

using Problem = json::Problem;

// Everything that is wrong with the object and can be seen without the cluster, with paths from ".metadata" or ".spec"
// and messages that say what would be right; empty when there is nothing. Asks for all that the schema and the CEL
// rules of the CRDs ask for, since an object may be older than they are or written past admission, and for more:
// argument values, sizes in bytes, image references, quantities, environment, Kubernetes' own types. Unknown steps,
// cycles and expressions are the graph's. Thread-safe.
std::vector<Problem> Validate(const Workflow& workflow);
std::vector<Problem> Validate(const Job& job);

}  // namespace coreflow::api
