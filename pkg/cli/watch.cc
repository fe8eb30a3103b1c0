#include "pkg/cli/commands.h"
#include "pkg/cli/follow_run.h"
#include "pkg/cli/locate_run.h"

namespace coreflow::cli {

namespace {

Result<int> Watch(Environment& environment, const Arguments& arguments) {
  TRY(LocatedRun located, LocateRun(environment, arguments, arguments.Word(0)));
  return FollowRun(*located.session, located.run, StyleNamed(environment, arguments.Text("progress")));
}

}  // namespace

Flag ProgressFlag() {
  return {.name = "progress",
          .kind = FlagKind::kText,
          .placeholder = "STYLE",
          .help = "a screen in place, a line for each change, only what failed, or only the result",
          .choices = {"auto", "tty", "plain", "report", "none"}};
}

Command WatchCommand() {
  return {.name = "watch",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Shows a run's progress until it ends, then what failed with the end of its log.",
          .details =
              "On a terminal the steps are shown in place, running and failed ones first where there are too many;\n"
              "elsewhere each change is a line. The exit code says how the run ended, as that of 'wait'.",
          .example =
              "coreflow watch @latest\n"
              "coreflow watch word-count --progress=plain",
          .flags = {ProgressFlag()},
          .several_contexts = true,
          .run = Watch};
}

}  // namespace coreflow::cli
