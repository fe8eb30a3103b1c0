#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// How progress is shown; see --progress of `watch`.
enum class ProgressStyle { kScreen, kPlain, kReport, kNone };

// The style that the word means; "auto" or nothing: a screen on a terminal, else plain.
ProgressStyle StyleNamed(const Environment& environment, const std::string& word);

// Shows the run until it has ended, then what failed with the last lines that it has written. Gives the exit code of
// the run, or of Ctrl-C.
Result<int> FollowRun(Session& session, const FoundRun& run, ProgressStyle style);

}  // namespace coreflow::cli
