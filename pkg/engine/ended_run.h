#pragma once

#include "pkg/api/run_name.h"
#include "pkg/engine/observation.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// The run of the object as its status tells of it, without records; or the problem with continuing it: there is no such
// run, or it has not ended.
RunLookedUp EndedRun(const json::Value& object, const api::RunName& asked);

}  // namespace coreflow::engine
