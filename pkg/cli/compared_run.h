#pragma once

#include "pkg/base/result.h"
#include "pkg/cli/run_watch.h"
#include "pkg/compare/run.h"

namespace coreflow::cli {

// A run as it is compared: the object with the status of that run, completed by its records and pods. Reads nothing
// itself. kInvalid when record 0, which says what it was to do, is gone or can't be read.
Result<compare::Run> ComparedRunOf(const FoundRun& run, const RunParts& parts);

}  // namespace coreflow::cli
