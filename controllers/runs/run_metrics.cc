#include "controllers/runs/run_metrics.h"

#include <algorithm>

#include "controllers/runs/run_class.h"
#include "pkg/cel/quantity.h"
#include "pkg/engine/status.h"
#include "pkg/json/bind.h"
#include "pkg/metrics/workflow_label.h"

namespace coreflow::runs {

namespace {

using engine::State;

// Taking the load of a run costs as much as it has attempts, so a large one is looked at so often and no more.
constexpr Duration kLoadInterval = std::chrono::milliseconds(500);
constexpr size_t kSmall = 50;

api::RunState StateOf(const std::string& name) {
  constexpr auto kNames = EnumNames(api::RunState{});
  auto it = std::ranges::find(kNames, name);
  return it == kNames.end() ? api::RunState::kPending : static_cast<api::RunState>(it - kNames.begin());
}

double Amount(const json::Value& resources, const std::string& name) {
  for (const char* list : {"requests", "limits"}) {
    const json::Value& amount = resources[list][name];
    if (amount.IsNumber()) return amount.AsDouble();
    auto quantity = cel::Quantity::Parse(amount.StringOr(""));
    if (quantity) return quantity->AsApproximateFloat();
  }
  return 0;
}

metrics::Demand DemandOf(const json::Value& resources) {
  metrics::Demand demand{.millicores = static_cast<int64_t>(Amount(resources, "cpu") * 1000),
                         .memory_bytes = static_cast<int64_t>(Amount(resources, "memory"))};
  for (const auto& [name, amount] : resources["limits"].Members()) {
    if (name.ends_with("/gpu")) demand.gpus += static_cast<int64_t>(Amount(resources, name));
  }
  return demand;
}

metrics::StepLoad LoadOf(const engine::Run& run) {
  metrics::StepLoad load;
  const engine::Progress& progress = run.progress();
  int64_t attempts_waiting = 0;
  for (const auto& [id, attempt] : run.attempts()) {
    auto waiting = engine::WaitingOf(attempt);
    if (!waiting || !api::IsWaiting(waiting->reason)) {
      ++load.running;
      continue;
    }
    if (waiting->reason == api::Reason::kBackingOff) ++attempts_waiting;
    load.AddWaiting(waiting->reason, DemandOf(progress.definition(id.step).container.raw()["resources"]));
  }
  int64_t ready = 0;  // steps that may start, but for limits
  for (int32_t index : progress.active()) {
    const engine::Progress::Step& step = progress.step(index);
    ready += step.total - step.ended - step.live;
  }
  ready = std::max<int64_t>(0, ready - attempts_waiting);
  const int64_t dependent = std::max<int64_t>(0, progress.Count(State::kPending) - ready);
  if (ready > 0) {
    load.AddWaiting(run.settings().suspended ? api::Reason::kSuspended : api::Reason::kConcurrencyLimit, {}, ready);
  }
  if (dependent > 0) load.AddWaiting(api::Reason::kDependenciesRunning, {}, dependent);
  return load;
}

// Of the runs before the last one.
std::optional<Time> LastSuccess(const json::Value& status) {
  for (const json::Value& run : status["previousRuns"].Elements()) {
    if (run["result"].StringOr("") == "Succeeded") return ParseTime(run["completionTime"].StringOr(""));
  }
  return std::nullopt;
}

}  // namespace

void RunMetrics::ShowEnd(const engine::Owner& owner, Shown& shown) {
  const engine::RunInfo& info = owner.info();
  if (shown.finished_run == info.number || !info.completion_time) return;
  shown.finished_run = info.number;
  if (info.result == "Succeeded") metrics_.Succeeded(shown.declared_name, *info.completion_time);
  if (shown.seen_running != info.number) return;
  metrics_.RunFinished(shown.declared_name, ClassOf(owner), *info.completion_time - info.start_time);
}

void RunMetrics::ShowLoad(const engine::Owner& owner, const metrics::StepLoad& load, Time now, Shown& shown) {
  const bool first = shown.shown_at == Time();
  shown.gauges->Set(StateOf(owner.standing().state), load, first ? Duration(0) : now - shown.shown_at);
  shown.shown_at = now;
}

void RunMetrics::Show(engine::Owner& owner, const engine::ObjectView* object, Time now) {
  Shown& shown = runs_[owner.uid()];
  if (!shown.gauges) {
    shown.gauges = metrics_.Track();
    shown.declared_name = metrics::DeclaredName(owner.name(), object ? object->generate_name : "");
    metrics_.Expect(shown.declared_name);
    if (const auto earlier = object ? LastSuccess(object->status) : std::nullopt) {
      metrics_.Succeeded(shown.declared_name, *earlier);
    }
  }
  for (Duration latency : owner.TakeStartLatencies()) metrics_.StepStarted(latency);
  const engine::RunInfo& info = owner.info();
  const engine::Run* run = owner.run();
  if (!info.result.empty()) {
    ShowEnd(owner, shown);
    return ShowLoad(owner, {}, now, shown);
  }
  shown.seen_running = info.number;
  if (!run) return ShowLoad(owner, {}, now, shown);
  const bool small = run->attempts().size() <= kSmall;
  if (run->changes() == shown.changes || (!small && now < shown.shown_at + kLoadInterval)) return;
  shown.changes = run->changes();
  ShowLoad(owner, LoadOf(*run), now, shown);
}

}  // namespace coreflow::runs
