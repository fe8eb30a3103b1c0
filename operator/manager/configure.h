#pragma once

#include <string>
#include <variant>
#include <vector>

#include "operator/manager/command_line.h"
#include "operator/manager/config.h"

namespace coreflow::manager {

// The configuration that the program's arguments ask for: defaults, then the file, then flags; of the environment only
// the store's access key is looked for. Or what to print
// instead: help, version, the configuration itself, or everything that is wrong, all at once, each line with its place
// (file and field, or flag).
std::variant<Config, Exit> Configure(std::vector<std::string> arguments, const store::Variable& variable);

}  // namespace coreflow::manager
