#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// Asks for one more run of an object, with other arguments if some are given ("name=value"); a stop of the run before
// is taken away, since it would hold for the next one too. Gives the object as it is then.
Result<FoundRun> RequestRun(Session& session, const FoundRun& run, const std::vector<std::string>& arguments,
                            bool dry_run = false);

}  // namespace coreflow::cli
