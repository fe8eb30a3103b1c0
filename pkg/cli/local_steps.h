#pragma once

#include <string>
#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// The flags about steps of commands that start a control plane on this machine.
std::vector<Flag> LocalStepFlags();

// What they say; the default where there are none.
LocalSteps LocalStepsOf(const Arguments& arguments);

// What is wrong when one of them is given and `local` is not; else empty.
std::string IdleLocalFlag(const Arguments& arguments, bool local);

}  // namespace coreflow::cli
