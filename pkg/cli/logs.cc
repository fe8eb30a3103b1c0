#include "pkg/cli/commands.h"
#include "pkg/cli/follow_logs.h"
#include "pkg/cli/operator_namespace.h"

namespace coreflow::cli {

namespace {

Result<int> Logs(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  const std::string step = arguments.Word(1);
  const bool one_item = step.find('[') != std::string::npos;
  return FollowLogs(*session, run,
                    {.step = step,
                     .follow = arguments.Has("follow"),
                     .failed_only = arguments.Has("failed"),
                     .grep = arguments.Text("grep"),
                     .since = arguments.Span("since"),
                     .tail = arguments.Number("tail"),
                     .prefix = arguments.Has("prefix") || (step.empty() && !one_item),
                     .operator_ns = arguments.Text("operator-namespace")});
}

}  // namespace

Command LogsCommand() {
  return {
      .name = "logs",
      .takes = "RUN [STEP]",
      .least = 1,
      .most = 2,
      .summary = "Prints what the steps of a run have written.",
      .details =
          "Reads the logs of the pods, step after step; STEP may be one item, as in 'count[3]'. With -f what "
          "comes is\nprinted as it comes, until the run has ended; the exit code then says how. Of pods that "
          "spec.podCleanup has\ndeleted, the logs are shown that 'archiveLogs: true' of their steps has kept; those "
          "have no times, so that\n--since shows all or nothing of them.",
      .example =
          "coreflow logs word-count count -f\n"
          "coreflow logs @failed --failed --tail=50\n"
          "coreflow logs word-count --grep='error|warn' --since=10m",
      .flags = {{.name = "follow", .letter = 'f', .help = "go on until the run has ended"},
                {.name = "failed", .help = "only of steps that failed"},
                {.name = "grep",
                 .kind = FlagKind::kText,
                 .placeholder = "RE",
                 .help = "only lines that this RE2 expression matches"},
                {.name = "since",
                 .kind = FlagKind::kDuration,
                 .placeholder = "TIME",
                 .help = "not older than this, as in 10m"},
                {.name = "tail", .kind = FlagKind::kNumber, .placeholder = "N", .help = "the last lines of each pod"},
                {.name = "prefix", .help = "say before each line whose it is; default without STEP"},
                OperatorNamespaceFlag()},
      .run = Logs};
}

}  // namespace coreflow::cli
