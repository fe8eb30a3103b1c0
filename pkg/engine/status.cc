#include "pkg/engine/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/cel/json.h"
#include "pkg/engine/scope.h"

namespace coreflow::engine {

namespace {

using api::Reason;
using json::Array;
using json::Object;
using json::Value;

constexpr size_t kMaxStepsShown = 100;
constexpr size_t kMaxMessage = 1024;

std::string Cut(const std::string& text) {
  return text.size() <= kMaxMessage ? text : text.substr(0, kMaxMessage - 3) + "...";
}

struct Condition {
  const char* type;
  const char* status;
};

// kstatus: Reconciling while it goes on, Stalled when it won't get better by itself, Ready when it is done.
std::vector<Condition> ConditionsFor(const Standing& standing) {
  if (standing.state == "Succeeded") return {{"Succeeded", "True"}, {"Ready", "True"}};
  if (standing.state == "Failed" || standing.state == "Stopped") {
    return {{"Succeeded", "False"}, {"Ready", "False"}, {"Stalled", "True"}};
  }
  std::vector<Condition> conditions = {{"Succeeded", "Unknown"}, {"Ready", "False"}, {"Reconciling", "True"}};
  if (standing.state == "Suspended") conditions.push_back({"Suspended", "True"});
  return conditions;
}

Value ShownCondition(const Condition& wanted, std::string_view reason, const std::string& message, int64_t generation,
                     const Value& before, Time now) {
  std::string since = FormatTime(now);
  for (const Value& old : before.Elements()) {
    if (old["type"].StringOr("") == wanted.type && old["status"].StringOr("") == wanted.status) {
      since = old["lastTransitionTime"].StringOr(since);
    }
  }
  return Object{{"type", wanted.type},     {"status", wanted.status},     {"reason", reason},
                {"message", Cut(message)}, {"lastTransitionTime", since}, {"observedGeneration", generation}};
}

Value ShownAttempt(const Run& run, ItemId id, const Attempt& attempt) {
  const graph::Step& step = run.progress().definition(id.step);
  Object shown{{"name", step.name}, {"attempt", attempt.facts.attempt}};
  if (step.HasItems()) shown["index"] = id.item;
  auto waiting = WaitingOf(attempt);
  const bool retrying = waiting && waiting->reason == Reason::kBackingOff;
  shown["state"] = StateName(retrying ? State::kRetrying : waiting ? State::kPending : State::kRunning);
  shown["reason"] = api::Token(waiting ? waiting->reason : Reason::kRunning);
  if (waiting) shown["message"] = Cut(waiting->message);
  if (attempt.pod) {
    shown["podName"] = attempt.pod_name;
    if (attempt.pod->started_at) shown["startTime"] = FormatTime(*attempt.pod->started_at);
  }
  return shown;
}

Value ShownFailure(const Run& run, const Failure& failure) {
  const graph::Step& step = run.progress().definition(failure.id.step);
  Object shown{{"name", step.name},
               {"state", "Failed"},
               {"reason", api::Token(failure.reason)},
               {"message", Cut(failure.message)}};
  if (step.HasItems()) shown["index"] = failure.id.item;
  const auto& items = run.progress().step(failure.id.step).items;
  if (static_cast<size_t>(failure.id.item) < items.size()) {
    const auto& item = items[static_cast<size_t>(failure.id.item)];
    shown["attempt"] = item.attempts;
    if (item.exit_code) shown["exitCode"] = *item.exit_code;
  }
  return shown;
}

// The most structural reason of all that waits, if nothing runs.
Standing WaitingStanding(const Run& run) {
  auto id = run.waits().Worst();
  auto waiting = id ? WaitingOf(run.attempts().at(*id)) : std::nullopt;
  if (!waiting) return {.state = "Running", .reason = Reason::kRunning, .message = ""};
  return {.state = "Running", .reason = waiting->reason, .message = waiting->message};
}

std::string FirstFailure(const Progress& progress, bool in_finally) {
  for (const Failure& failure : progress.failures()) {
    const graph::Step& step = progress.definition(failure.id.step);
    if (step.in_finally != in_finally || step.continue_on_failure) continue;
    std::string item = step.HasItems() ? fmt::format(" item {}", failure.id.item) : "";
    return fmt::format("step {}{}: {}: {}", step.name, item, api::Token(failure.reason), failure.message);
  }
  return "a step failed";
}

Value ShownCache(const Run::CacheCounts& counts) {
  Object cache;
  if (counts.hits > 0) cache["hits"] = counts.hits;
  if (counts.misses > 0) cache["misses"] = counts.misses;
  if (counts.seconds_saved > 0) cache["secondsSaved"] = counts.seconds_saved;
  return cache;
}

}  // namespace

RunInfo ParseRunInfo(const Value& status) {
  const Value& run = status["run"];
  RunInfo info;
  info.number = static_cast<int32_t>(std::clamp<int64_t>(run["number"].IntOr(0), 0, 1 << 30));
  info.digest = run["digest"].StringOr("");
  info.start_time = ParseTime(run["startTime"].StringOr("")).value_or(Time{});
  info.ending = ParseRunEnding(run["ending"].StringOr(""));
  info.result = run["result"].StringOr("");
  info.reason = run["reason"].StringOr("");
  info.completion_time = ParseTime(run["completionTime"].StringOr(""));
  info.requested_at = run["requestedAt"].StringOr("");
  info.retry_from = run["retryFrom"].StringOr("");
  info.reused = run["reused"].IntOr(0);
  return info;
}

Value ToJson(const RunInfo& info) {
  Object run{{"number", info.number}, {"digest", info.digest}, {"startTime", FormatTime(info.start_time)}};
  if (info.ending != RunEnding::kNone) run["ending"] = RunEndingName(info.ending);
  if (!info.result.empty()) run["result"] = info.result;
  if (!info.reason.empty()) run["reason"] = info.reason;
  if (info.completion_time) run["completionTime"] = FormatTime(*info.completion_time);
  if (!info.requested_at.empty()) run["requestedAt"] = info.requested_at;
  if (!info.retry_from.empty()) run["retryFrom"] = info.retry_from;
  if (info.reused > 0) run["reused"] = info.reused;
  return run;
}

Standing StandingOf(const Run& run) {
  if (run.ending() != RunEnding::kNone && !run.progress().InFinally()) {
    return {.state = "Stopping", .reason = Reason::kStopping, .message = RunEndingName(run.ending())};
  }
  if (run.settings().suspended) {
    return {.state = "Suspended",
            .reason = Reason::kSuspended,
            .message = "spec.suspend is true; set it to false to go on"};
  }
  if (run.progress().InFinally() && run.progress().graph().first_finally < run.progress().steps()) {
    return {.state = "Running", .reason = Reason::kFinalizing, .message = "the steps of finally run"};
  }
  return WaitingStanding(run);
}

Standing ResultOf(const Run& run) {
  const Progress& progress = run.progress();
  if (run.ending() != RunEnding::kNone && progress.WasCut()) {
    switch (run.ending()) {
      case RunEnding::kNone:
      case RunEnding::kGraceful:
      case RunEnding::kImmediate:
        return {.state = "Stopped", .reason = Reason::kStopped, .message = "stopped as spec.stop asked"};
      case RunEnding::kDeadline:
        return {.state = "Failed",
                .reason = Reason::kDeadlineExceeded,
                .message = "the run took longer than spec.timeoutSeconds"};
      case RunEnding::kSuperseded:
        return {.state = "Stopped",
                .reason = Reason::kSuperseded,
                .message = "the spec was changed and spec.onChange is Restart"};
    }
  }
  if (progress.Failed()) {
    // A Job is its one step, so its reason is the step's.
    const bool job = progress.graph().source.kind == api::RunKind::kJob;
    return {.state = "Failed",
            .reason = job ? progress.step(0).reason : Reason::kStepFailed,
            .message = FirstFailure(progress, false)};
  }
  if (progress.FinallyFailed()) {
    return {.state = "Failed", .reason = Reason::kFinallyFailed, .message = FirstFailure(progress, true)};
  }
  if (auto outputs = RunOutputs(run.progress()); !outputs) {
    return {.state = "Failed", .reason = Reason::kOutputsInvalid, .message = outputs.error().message};
  }
  return {.state = "Succeeded", .reason = Reason::kSucceeded, .message = ""};
}

Value Conditions(const Standing& standing, int64_t generation, const Value& before, Time now) {
  Array conditions;
  for (const Condition& wanted : ConditionsFor(standing)) {
    conditions.push_back(
        ShownCondition(wanted, api::Token(standing.reason), standing.message, generation, before, now));
  }
  return conditions;
}

void AddNotFenced(const Value& before, int64_t generation, Time now, Object& status) {
  Array conditions = status["conditions"].Elements();
  std::erase_if(conditions, [](const Value& condition) { return condition["type"].StringOr("") == "Fenced"; });
  conditions.push_back(ShownCondition(
      {"Fenced", "False"}, "FenceMissing",
      "the operator's admission policies are not installed, or do not work: after a change of leaders pods that "
      "have ended stay for five minutes",
      generation, before, now));
  status["conditions"] = std::move(conditions);
}

void AddProgress(const Run& run, Object& status) {
  const Progress& progress = run.progress();
  Object counts;
  int64_t pending = progress.Count(State::kPending) + progress.Count(State::kRetrying);
  int64_t ended = 0;
  for (State state : {State::kSucceeded, State::kFailed, State::kSkipped, State::kOmitted, State::kStopped}) {
    std::string name = StateName(state);
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    counts[name] = progress.Count(state);
    ended += progress.Count(state);
  }
  counts["pending"] = pending;
  counts["running"] = progress.Count(State::kRunning);
  status["counts"] = std::move(counts);
  status["progress"] = fmt::format("{}/{}", ended, progress.TotalItems());
  status["records"] = run.records();
  if (Value cache = ShownCache(run.cache_counts()); !cache.Members().empty()) status["cache"] = std::move(cache);
  Array shown;
  for (const Failure& failure : progress.failures()) {
    if (shown.size() < kMaxStepsShown / 2) shown.push_back(ShownFailure(run, failure));
  }
  for (const auto& [id, attempt] : run.attempts()) {
    if (shown.size() >= kMaxStepsShown) break;
    shown.push_back(ShownAttempt(run, id, attempt));
  }
  status["steps"] = std::move(shown);
}

Result<Value> RunOutputs(const Progress& progress) {
  Array outputs;
  for (const graph::RunOutput& output : progress.graph().outputs) {
    Scope scope(progress, -1, std::nullopt, nullptr);
    auto value = output.value.Evaluate(scope, kLimits);
    if (!value) return Error{.code = Code::kInvalid, .message = "output " + output.name + ": " + value.error().message};
    auto plain = cel::ToJson(*value);
    if (!plain) return Error{.code = Code::kInvalid, .message = "output " + output.name + ": " + plain.error().message};
    outputs.push_back(Object{{"name", output.name}, {"value", *std::move(plain)}});
  }
  return Value(std::move(outputs));
}

}  // namespace coreflow::engine
