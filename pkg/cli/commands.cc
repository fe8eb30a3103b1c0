#include "pkg/cli/commands.h"

namespace coreflow::cli {

std::vector<Command> Commands() { return {ListCommand(), VersionCommand()}; }

}  // namespace coreflow::cli
