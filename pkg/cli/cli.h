#pragma once

#include <string>
#include <vector>

#include "pkg/cli/environment.h"

namespace coreflow::cli {

// The whole program: reads the arguments after its name, runs the command, says what went wrong. Gives the exit code,
// one of exit_code.h.
int Run(Environment& environment, std::vector<std::string> arguments);

}  // namespace coreflow::cli
