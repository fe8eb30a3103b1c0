#include <fmt/format.h>

#include "pkg/cli/await_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/follow_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/request_run.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

namespace {

Result<int> Rerun(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  const bool waits_its_turn = !IsOver(run.object);
  TRY(FoundRun asked, RequestRun(*session, run, {}));
  environment.out(fmt::format("{} run requested\n", QualifiedName(asked.object)));
  if (waits_its_turn) environment.err("It starts when the present run has ended.\n");
  if (asked.object["spec"]["suspend"].BoolOr(false)) {
    environment.err(
        fmt::format("It is suspended: {}\n", session->NextCommand("resume " + asked.key.name, asked.key.ns)));
  }
  if (arguments.Has("watch")) return FollowRun(*session, asked, StyleNamed(environment, arguments.Text("progress")));
  if (!arguments.Has("wait")) {
    environment.err(fmt::format("Next: {}\n", session->NextCommand("watch " + asked.key.name, asked.key.ns)));
    return kDone;
  }
  TRY(Awaited awaited, AwaitRun(*session, asked, {.timeout = arguments.Span("timeout"), .done = RunIsOver}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(*session, awaited);
  environment.out(ResultLine(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

}  // namespace

Command RerunCommand() {
  return {.name = "rerun",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Runs a Workflow or Job once more, as it is.",
          .details =
              "It is another run of the same object, from its first step; with other arguments: 'run NAME -p ...'. "
              "A stop of\nthe run before is taken away.",
          .example = "coreflow rerun word-count --watch",
          .flags = {{.name = "wait", .help = "until it has ended; the exit code says how"},
                    {.name = "watch", .letter = 'w', .help = "the same, with its progress"},
                    ProgressFlag(),
                    {.name = "timeout",
                     .kind = FlagKind::kDuration,
                     .placeholder = "TIME",
                     .help = "with --wait: no longer than this"}},
          .run = Rerun};
}

}  // namespace coreflow::cli
