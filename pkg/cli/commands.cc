#include "pkg/cli/commands.h"

namespace coreflow::cli {

std::vector<Command> Commands() {
  return {RunCommand(),   ListCommand(),   GetCommand(),     WaitCommand(),   WatchCommand(),
          LogsCommand(),  StopCommand(),   SuspendCommand(), ResumeCommand(), RerunCommand(),
          ApplyCommand(), DeleteCommand(), LintCommand(),    VersionCommand()};
}

}  // namespace coreflow::cli
