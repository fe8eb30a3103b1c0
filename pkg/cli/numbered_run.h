#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// The run that the user means: as FindRun, and with /3 behind it, run 3 of that object; else its last one. The object's
// status is that of the end of the run, as far as it is kept: an earlier one has neither outputs nor items there.
// kNotFound says which runs there are.
Result<FoundRun> FindNumberedRun(Session& session, const std::string& named);

// The run before, of what FindNumberedRun gave.
Result<FoundRun> RunBefore(const FoundRun& run);

// "etl/3".
std::string NumberedName(const FoundRun& run);

}  // namespace coreflow::cli
