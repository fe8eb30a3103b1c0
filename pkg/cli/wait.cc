#include <fmt/format.h>

#include "pkg/cli/await_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/format.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

namespace {

constexpr std::string_view kStep = "step=";

RunView View(const RunWatch& watch) { return ViewOf(watch.object(), watch.records(), watch.pods()); }

int ExitCodeOfStep(ItemState state) {
  if (state == ItemState::kSucceeded || state == ItemState::kSkipped) return kDone;
  return state == ItemState::kStopped ? kRunStopped : kRunFailed;
}

// Waits for the end of one step.
Result<int> WaitForStep(Session& session, const FoundRun& run, const std::string& name,
                        std::optional<Duration> timeout) {
  Environment& environment = session.environment();
  StepView step;
  Result<void> known;
  const auto done = [&](const RunWatch& watch) {
    const RunView view = View(watch);
    if (const StepView* found = view.Find(name)) {
      step = *found;
      return view.over || (!step.items.empty() && IsEnded(step.state));
    }
    known = CheckStep(view, name);
    return true;
  };
  TRY(Awaited awaited, AwaitRun(session, run, {.parts = true, .timeout = timeout, .done = done}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(session, awaited);
  TRY_VOID(known);
  const std::string why = step.state == ItemState::kSucceeded
                              ? ""
                              : fmt::format(" ({}){}{}", step.reason, step.message.empty() ? "" : ": ", step.message);
  environment.out(fmt::format("{} step {} {}{}\n", QualifiedName(run.object), name, json::EnumName(step.state), why));
  return ExitCodeOfStep(step.state);
}

Result<int> Wait(Environment& environment, const Arguments& arguments) {
  const std::string wanted = arguments.Has("for") ? arguments.Text("for") : "succeeded";
  const bool step = wanted.starts_with(kStep) && wanted.size() > kStep.size();
  if (!step && wanted != "succeeded" && wanted != "failed" && wanted != "done") {
    environment.err(fmt::format("{}: --for must be succeeded, failed, done or step=NAME, not \"{}\"\n",
                                environment.program, wanted));
    return kWrongUse;
  }
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  const auto timeout = arguments.Span("timeout");
  if (step) return WaitForStep(*session, run, wanted.substr(kStep.size()), timeout);
  TRY(Awaited awaited, AwaitRun(*session, run, {.timeout = timeout, .done = RunIsOver}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(*session, awaited);
  environment.out(ResultLine(awaited.object));
  if (wanted == "done") return kDone;
  if (wanted == "failed") return StateOf(awaited.object) == "Failed" ? kDone : kError;
  return ExitCodeOfRun(awaited.object);
}

}  // namespace

Command WaitCommand() {
  return {.name = "wait",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Waits for the end of a run, or of one of its steps.",
          .details =
              "Waits for the run that the latest spec asks for. The exit code says how it ended: 0 succeeded, 3 "
              "failed,\n4 stopped, 5 still going on after --timeout. For a step 0 means that it succeeded or was "
              "skipped.",
          .example =
              "coreflow wait word-count --timeout=30m\n"
              "coreflow wait word-count --for=step=split\n"
              "coreflow wait @latest --for=done",
          .flags = {{.name = "for",
                     .kind = FlagKind::kText,
                     .placeholder = "WHAT",
                     .help = "succeeded (default), failed, done (whatever the end), or step=NAME"},
                    {.name = "timeout",
                     .kind = FlagKind::kDuration,
                     .placeholder = "TIME",
                     .help = "no longer than this, as in 90s, 10m, 1h30m; else as long as it takes"}},
          .run = Wait};
}

}  // namespace coreflow::cli
