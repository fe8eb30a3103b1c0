#pragma once

#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// Each is in the file of its name.
Command ListCommand();
Command VersionCommand();

// All of them, in the order of --help.
std::vector<Command> Commands();

}  // namespace coreflow::cli
