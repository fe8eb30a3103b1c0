#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/compared_run.h"
#include "pkg/cli/difference_json.h"
#include "pkg/cli/difference_text.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/log_diff.h"
#include "pkg/cli/numbered_run.h"
#include "pkg/cli/operator_namespace.h"
#include "pkg/compare/compare.h"
#include "pkg/json/write.h"
#include "pkg/yaml/write.h"

namespace coreflow::cli {

namespace {

struct BothRuns {
  FoundRun before = {};
  FoundRun after = {};
};

Result<BothRuns> FindBoth(Session& session, const Arguments& arguments) {
  if (arguments.words.size() == 1) {
    TRY(FoundRun after, FindNumberedRun(session, arguments.Word(0)));
    TRY(FoundRun before, RunBefore(after));
    return BothRuns{.before = std::move(before), .after = std::move(after)};
  }
  TRY(FoundRun before, FindNumberedRun(session, arguments.Word(0)));
  TRY(FoundRun after, FindNumberedRun(session, arguments.Word(1)));
  if (before.resource == after.resource && NumberedName(before) == NumberedName(after)) {
    return Error{.code = Code::kInvalid, .message = "both are " + NumberedName(before)};
  }
  return BothRuns{.before = std::move(before), .after = std::move(after)};
}

Result<compare::Run> Read(Session& session, const FoundRun& run) {
  TRY(const RunParts parts, ReadParts(session, run));
  return ComparedRunOf(run, parts);
}

// kNotFound, with the name that may be meant, when neither run has the step.
Result<void> CheckStepOfEither(const compare::Run& before, const compare::Run& after, const std::string& named) {
  std::set<std::string_view> names;
  for (const compare::Run* run : {&before, &after}) {
    for (const compare::Step& step : run->steps) names.insert(step.name);
  }
  if (named.empty() || names.contains(named)) return {};
  return Error{.code = Code::kNotFound,
               .message = fmt::format("neither {} nor {} has a step {}{}", before.name, after.name, named,
                                      DidYouMean(named, {names.begin(), names.end()}))};
}

Result<int> Compared(Environment& environment, const Arguments& arguments) {
  const std::string step = arguments.Text("step");
  if (!step.empty() && !arguments.Has("logs")) {
    return Error{.code = Code::kInvalid, .message = "--step says whose logs are compared: it goes with --logs"};
  }
  TRY(auto session, Session::Open(environment, arguments));
  TRY(const BothRuns runs, FindBoth(*session, arguments));
  TRY(const compare::Run before, Read(*session, runs.before));
  TRY(const compare::Run after, Read(*session, runs.after));
  TRY_VOID(CheckStepOfEither(before, after, step));
  LogDiff logs;
  if (arguments.Has("logs")) {
    TRY(logs, DiffLogs(*session, before, after,
                       {.ns = runs.after.key.ns, .step = step, .operator_ns = arguments.Text("operator-namespace")}));
  }
  const compare::Difference difference = compare::Compare(before, after);
  const std::string format = arguments.Text("output");
  if (format == "json") {
    environment.out(json::WriteIndented(DifferenceJson(difference, logs)) + "\n");
  } else if (format == "yaml") {
    environment.out(yaml::Write(DifferenceJson(difference, logs)));
  } else {
    environment.out(DifferenceText(difference, logs, environment.color));
  }
  return arguments.Has("exit-code") && Differs(difference) ? kError : kDone;
}

// With --exit-code, 1 is an answer: then what is no answer is another number.
Result<int> Diff(Environment& environment, const Arguments& arguments) {
  Result<int> code = Compared(environment, arguments);
  if (code || !arguments.Has("exit-code") || ExitCodeOf(code.error().code) != kError) return code;
  environment.err(fmt::format("{}: {}\n", environment.program, code.error().message));
  return kWrongUse;
}

}  // namespace

Command DiffCommand() {
  return {
      .name = "diff",
      .takes = "RUN [RUN]",
      .least = 1,
      .most = 2,
      .summary = "Tells in what two runs differ, and what came of it.",
      .details =
          "RUN is a name, which means its last run, or NAME/3, which means run 3. Of one RUN, the difference from "
          "the\nrun before it. First what was changed: parameters, spec, scripts, images; then how steps ended, how "
          "long they\ntook, and what they gave. Items of forEach are compared by their values. Logs are those of the "
          "pods; of pods\nthat are gone, those that 'archiveLogs: true' of their steps has kept.",
      .example =
          "coreflow diff etl\n"
          "coreflow diff etl/3 etl/4 --logs --step train\n"
          "coreflow diff nightly @latest --exit-code",
      .flags = {{.name = "logs", .help = "compare what the steps have written, too"},
                {.name = "step", .kind = FlagKind::kText, .placeholder = "STEP", .help = "only this step's logs"},
                {.name = "exit-code", .help = "exit with 1 when anything but durations differs; errors are 2 then"},
                {.name = "output",
                 .letter = 'o',
                 .kind = FlagKind::kText,
                 .placeholder = "FORMAT",
                 .help = "what to print",
                 .choices = {"text", "json", "yaml"}},
                OperatorNamespaceFlag()},
      .run = Diff};
}

}  // namespace coreflow::cli
