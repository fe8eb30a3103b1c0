#pragma once

#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// Each is in the file of its name.
Command ApplyCommand();
Command ArtifactsCommand();
Command CompletionCommand();
Command CacheCommand();
Command ConfigCommand();
Command CrdsCommand();
Command DeleteCommand();
Command DescribeCommand();
Command DevCommand();
Command DiffCommand();
Command DoctorCommand();
Command ExamplesCommand();
Command ExplainCommand();
Command GetCommand();
Command GraphCommand();
Command LintCommand();
Command ListCommand();
Command LogsCommand();
Command RerunCommand();
Command ResumeCommand();
Command RetryCommand();
Command RunCommand();
Command StopCommand();
Command SupportBundleCommand();
Command SuspendCommand();
Command TestCommand();
Command TimelineCommand();
Command VersionCommand();
Command WaitCommand();
Command WatchCommand();
Command WhyCommand();

// --progress of commands that show a run's progress.
Flag ProgressFlag();

// All of them, in the order of --help.
std::vector<Command> Commands();

}  // namespace coreflow::cli
