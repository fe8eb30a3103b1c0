#pragma once

#include <string>
#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// The list of commands.
std::string Overview(const std::string& program, const std::vector<Command>& commands);

// What one command does, takes and looks like.
std::string HelpOf(const std::string& program, const Command& command);

}  // namespace coreflow::cli
