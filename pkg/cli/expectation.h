#pragma once

#include <string>
#include <vector>

#include "pkg/cli/run_view.h"
#include "pkg/scenario/rehearsal.h"

namespace coreflow::cli {

// What did not come as a case of a test expects, one line each: "steps.train.attempts: expected 2, got 1". `view` is of
// `ended`.
std::vector<std::string> Unmet(const scenario::Case& expected, const scenario::Rehearsed& ended, const RunView& view);

}  // namespace coreflow::cli
