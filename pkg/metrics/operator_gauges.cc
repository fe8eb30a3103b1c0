#include "pkg/metrics/operator_gauges.h"

#include <numeric>
#include <string>

namespace coreflow::metrics {
namespace {

// Until there are queues, everything waits in this one.
constexpr std::string_view kQueue = "default";
Label QueueLabel() { return {.name = "queue", .values = {std::string(kQueue)}}; }

std::vector<std::string> RunStates() {
  constexpr auto kNames = api::EnumNames(api::RunState{});
  return {kNames.begin(), kNames.end()};
}

std::vector<std::string> WaitingReasons() {
  std::vector<std::string> tokens;
  for (const api::ReasonInfo& info : api::Reasons()) {
    if (api::IsWaiting(info.reason)) tokens.emplace_back(info.token);
  }
  return tokens;
}

Family<Gauge> Runs(Registry& registry) {
  return registry.AddGauge({.name = "coreflow_workflow_runs",
                            .help = "Workflows and jobs by the state of their current run.",
                            .labels = {{.name = "state", .values = RunStates()}}});
}

Family<Gauge> Steps(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_steps",
       .help = "Steps of runs that have not ended; each item of a forEach and each index of a job counts as one.",
       .labels = {{.name = "state", .values = {"Waiting", "Running"}}, QueueLabel()}});
}

Family<Gauge> Waiting(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_steps_waiting",
       .help = "Steps that wait, by the one reason why they do.",
       .labels = {QueueLabel(), {.name = "reason", .values = WaitingReasons()}},
       .use = "Scale on `WaitingForCapacity` and `WaitingForQuota`: more nodes or quota would start these steps. Alert "
              "on `Misconfigured`, `NeverFits`, `NamespaceClaimed` or `NewerFormat` above 0 for 10 "
              "minutes: these wait for somebody to mend something."});
}

Family<Counter> Waits(Registry& registry) {
  return registry.AddCounter(
      {.name = "coreflow_step_wait_seconds_total",
       .help = "How long steps have waited, by why; told when something about their run changes.",
       .labels = {QueueLabel(), {.name = "reason", .values = WaitingReasons()}},
       .use = "Its rate is how many waited on average, also for less than from one scrape to the next. By that of "
              "`coreflow_step_start_latency_seconds_count` it is how long a step waits for each reason."});
}

Family<Gauge> DemandOf(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_queue_demand",
       .help = "What the steps that wait for capacity ask for: cores, bytes of memory, GPUs.",
       .labels = {QueueLabel(), {.name = "resource", .values = {"cpu", "memory", "gpu"}}},
       .use =
           "Scale a node group on it: divided by what one node offers, it is the number of nodes that are missing."});
}

double Sum(const StepLoad& load) {
  return static_cast<double>(std::accumulate(load.waiting.begin(), load.waiting.end(), int64_t{0}));
}

void Change(const Gauge& gauge, double before, double after) {
  if (before != after) gauge.Add(after - before);
}

}  // namespace

OperatorGauges::OperatorGauges(Registry& registry) {
  const Family<Gauge> runs = Runs(registry);
  for (const std::string& state : RunStates()) runs_.push_back(runs.With({state}));
  const Family<Gauge> steps = Steps(registry);
  for (const char* state : {"Waiting", "Running"}) steps_.push_back(steps.With({state, kQueue}));
  const Family<Gauge> waiting = Waiting(registry);
  for (const std::string& reason : WaitingReasons()) waiting_.push_back(waiting.With({kQueue, reason}));
  const Family<Counter> waits = Waits(registry);
  for (const std::string& reason : WaitingReasons()) waits_.push_back(waits.With({kQueue, reason}));
  const Family<Gauge> demand = DemandOf(registry);
  for (const char* resource : {"cpu", "memory", "gpu"}) demand_.push_back(demand.With({kQueue, resource}));
}

void OperatorGauges::AddRun(api::RunState state, int64_t by) {
  runs_[static_cast<size_t>(state)].Add(static_cast<double>(by));
}

void OperatorGauges::AddWait(const StepLoad& load, std::chrono::duration<double> time) {
  if (time.count() <= 0) return;
  for (size_t i = 0; i < StepLoad::kReasons; ++i) {
    if (load.waiting[i] > 0) waits_[i].Increment(static_cast<double>(load.waiting[i]) * time.count());
  }
}

void OperatorGauges::ChangeLoad(const StepLoad& before, const StepLoad& after) {
  for (size_t i = 0; i < StepLoad::kReasons; ++i) {
    Change(waiting_[i], static_cast<double>(before.waiting[i]), static_cast<double>(after.waiting[i]));
  }
  Change(steps_[0], Sum(before), Sum(after));
  Change(steps_[1], static_cast<double>(before.running), static_cast<double>(after.running));
  if (before.demand != after.demand) {
    const std::lock_guard lock(mu_);
    total_.Add(before.demand, -1);
    total_.Add(after.demand, 1);
    demand_[0].Set(static_cast<double>(total_.millicores) / 1000);
    demand_[1].Set(static_cast<double>(total_.memory_bytes));
    demand_[2].Set(static_cast<double>(total_.gpus));
  }
}

}  // namespace coreflow::metrics
