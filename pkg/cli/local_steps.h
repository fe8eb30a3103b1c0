#pragma once

#include <string>
#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// The flags about steps of commands that start a control plane on this machine.
std::vector<Flag> LocalStepFlags();

// What they say; the default where there are none.
LocalSteps LocalStepsOf(const Arguments& arguments);

// What is wrong with them, or empty. `local`: there will be such a control plane.
std::string WrongLocalFlags(const Arguments& arguments, bool local);

}  // namespace coreflow::cli
