#include "pkg/cli/ask_again.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "pkg/cli/await_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/follow_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/manifest.h"
#include "pkg/cli/plan_retry.h"
#include "pkg/cli/request_run.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

namespace {

Error Invalid(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

std::optional<api::RetryFrom> RetryFromOf(const Arguments& arguments, const FoundRun& run, Continues continues) {
  if (!arguments.Has("from") && continues == Continues::kNothing) return std::nullopt;
  api::RetryFrom from{.run = arguments.Has("from") ? arguments.Text("from") : run.key.name};
  for (const std::string& step : arguments.All("step")) from.steps.push_back(step);
  return from;
}

// The spec that the file has for this object.
Result<json::Value> SpecFrom(Environment& environment, const std::string& file, const FoundRun& run) {
  TRY(const std::vector<json::Value> objects, ReadManifest(environment, file));
  for (const json::Value& object : objects) {
    if (ResourceOf(object) != run.resource || NameOf(object) != run.key.name) continue;
    if (const std::string problems = ProblemsOf(object); !problems.empty()) return Invalid(file + ": " + problems);
    return object["spec"];
  }
  return Invalid(fmt::format("{} has no {} of the name {}", file, run.object["kind"].StringOr(""), run.key.name));
}

Result<int> ShowPlan(Session& session, FoundRun run, const RunRequest& request) {
  if (!request.retry_from) return Invalid("--dry-run says what a run takes from another: name that by --from");
  if (!request.spec.IsNull()) {
    json::Object edited = run.object.Members();
    edited["spec"] = request.spec;
    run.object = std::move(edited);
  }
  TRY(const RetryPlan plan, PlanRetry(session, run, *request.retry_from));
  session.environment().out(AsText(run.key.name, plan));
  return kDone;
}

Result<int> StayWith(Session& session, const FoundRun& asked, const Arguments& arguments) {
  Environment& environment = session.environment();
  if (arguments.Has("watch")) return FollowRun(session, asked, StyleNamed(environment, arguments.Text("progress")));
  if (!arguments.Has("wait")) {
    environment.err(fmt::format("Next: {}\n", session.NextCommand("watch " + asked.key.name, asked.key.ns)));
    return kDone;
  }
  TRY(Awaited awaited, AwaitRun(session, asked, {.timeout = arguments.Span("timeout"), .done = RunIsOver}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(session, awaited);
  environment.out(ResultLine(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

}  // namespace

std::vector<Flag> AskAgainFlags() {
  return {{.name = "from",
           .kind = FlagKind::kText,
           .placeholder = "RUN",
           .help = "continue this run, NAME/NUMBER, or NAME for its last one"},
          {.name = "step",
           .kind = FlagKind::kList,
           .placeholder = "NAME",
           .help = "run this step again in any case, and what depends on it; may be repeated"},
          {.name = "with",
           .kind = FlagKind::kText,
           .placeholder = "FILE",
           .help = "with the spec that the file has for it"},
          {.name = "dry-run", .help = "only say what would be taken from the earlier run, and what would run"},
          {.name = "wait", .help = "until it has ended; the exit code says how"},
          {.name = "watch", .letter = 'w', .help = "the same, with its progress"},
          ProgressFlag(),
          {.name = "timeout",
           .kind = FlagKind::kDuration,
           .placeholder = "TIME",
           .help = "with --wait: no longer than this"}};
}

Result<int> AskAgain(Environment& environment, const Arguments& arguments, Continues continues) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(const FoundRun run, FindRun(*session, arguments.Word(0)));
  const bool waits_its_turn = !IsOver(run.object);
  RunRequest request{.retry_from = RetryFromOf(arguments, run, continues)};
  if (!request.retry_from && arguments.Has("step")) return Invalid("--step goes with --from");
  if (arguments.Has("with")) {
    TRY(request.spec, SpecFrom(environment, arguments.Text("with"), run));
  }
  if (arguments.Has("dry-run")) return ShowPlan(*session, run, request);
  TRY(const FoundRun asked, RequestRun(*session, run, request));
  environment.out(fmt::format("{} run requested\n", QualifiedName(asked.object)));
  if (waits_its_turn) environment.err("It starts when the present run has ended.\n");
  if (asked.object["spec"]["suspend"].BoolOr(false)) {
    environment.err(
        fmt::format("It is suspended: {}\n", session->NextCommand("resume " + asked.key.name, asked.key.ns)));
  }
  return StayWith(*session, asked, arguments);
}

}  // namespace coreflow::cli
