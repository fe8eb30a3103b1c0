#include "pkg/cli/commands.h"

namespace coreflow::cli {

std::vector<Command> Commands() {
  return {RunCommand(),      DevCommand(),     ListCommand(),          GetCommand(),       DescribeCommand(),
          WaitCommand(),     WatchCommand(),   LogsCommand(),          ArtifactsCommand(), WhyCommand(),
          StopCommand(),     SuspendCommand(), ResumeCommand(),        RetryCommand(),     RerunCommand(),
          ApplyCommand(),    DeleteCommand(),  LintCommand(),          TestCommand(),      GraphCommand(),
          TimelineCommand(), DiffCommand(),    CacheCommand(),         ExplainCommand(),   CrdsCommand(),
          ExamplesCommand(), DoctorCommand(),  SupportBundleCommand(), ConfigCommand(),    CompletionCommand(),
          VersionCommand()};
}

}  // namespace coreflow::cli
