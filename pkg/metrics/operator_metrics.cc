#include "pkg/metrics/operator_metrics.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/check.h"
#include "pkg/metrics/api_requests.h"
#include "pkg/metrics/code_label.h"
#include "pkg/metrics/operator_gauges.h"
#include "pkg/metrics/workflow_label.h"

namespace coreflow::metrics {
namespace {

using C = api::ReasonClass;

constexpr std::array kResults = {C::kSuccess, C::kFailure, C::kError, C::kCancellation, C::kTimeout, C::kSkip};

Label WorkflowLabelOf(const OperatorMetrics::Options& options) {
  return {.name = "workflow",
          .values = {WorkflowLabel::kOther},
          .open =
              "the name of the Workflow or Job without its namespace (of a generated name, the prefix); the first `"
              "metrics.maxWorkflows` names (" +
              std::to_string(options.max_workflows) + " by default), all later ones are `_other`"};
}

Label ResultLabel() {
  Label label = {.name = "result"};
  for (C result : kResults) label.values.emplace_back(api::Token(result));
  return label;
}

Family<Counter> RunsFinished(Registry& registry, const OperatorMetrics::Options& options) {
  return registry.AddCounter(
      {.name = "coreflow_workflow_runs_finished_total",
       .help = "Runs that ended, by how.",
       .labels = {ResultLabel(), WorkflowLabelOf(options)},
       .use = "Alert on the share of `error` (the cluster or CoreFlow failed) apart from that of `failure` (what the "
              "user ran failed)."});
}

Family<Histogram> RunDuration(Registry& registry, const OperatorMetrics::Options& options) {
  return registry.AddHistogram({.name = "coreflow_workflow_run_duration_seconds",
                                .help = "How long runs took, from the start of the run to its end.",
                                .labels = {WorkflowLabelOf(options), ResultLabel()},
                                .buckets = {1, 5, 15, 60, 300, 900, 3600, 14400, 86400}});
}

Family<Gauge> LastSuccess(Registry& registry, const OperatorMetrics::Options& options) {
  return registry.AddGauge(
      {.name = "coreflow_workflow_last_success_timestamp_seconds",
       .help = "When a run last succeeded, in seconds since 1970; never for `_other`.",
       .labels = {WorkflowLabelOf(options)},
       .use = "Alert on `time() - …` of a workflow that is to run regularly: more than twice its period."});
}

Family<Histogram> StartLatency(Registry& registry) {
  return registry.AddHistogram(
      {.name = "coreflow_step_start_latency_seconds",
       .help = "From the moment when nothing in the workflow held a step up to the start of its container; first "
               "attempts only.",
       .buckets = {0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300},
       .use = "What users feel as slow. It has the cluster's own share in it: scheduling, pulling, starting."});
}

constexpr std::array kDecisions = {"Hit", "Miss", "Refreshed", "NotCacheable"};

Family<Counter> CacheRequests(Registry& registry) {
  Label label = {.name = "result"};
  label.values.assign(kDecisions.begin(), kDecisions.end());
  return registry.AddCounter(
      {.name = "coreflow_cache_requests_total",
       .help = "What the step cache was asked for before a step with a cache starts, by what it answered.",
       .labels = {label},
       .use = "The share of `Hit` says what the cache is worth. A rising share of `NotCacheable`: "
              "`coreflow cache explain` says why."});
}

Family<Counter> CacheSaved(Registry& registry) {
  return registry.AddCounter({.name = "coreflow_cache_saved_seconds_total",
                              .help = "How long the steps once took whose results were taken from the cache."});
}

Family<Histogram> ReconcileDuration(Registry& registry) {
  return registry.AddHistogram({.name = "coreflow_reconcile_duration_seconds",
                                .help = "How long it took to decide what to do about one run.",
                                .buckets = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5},
                                .use = "Its rate of change of the sum is the share of a CPU that deciding takes; near "
                                       "1, the operator is full."});
}

Family<Counter> ReconcileErrors(Registry& registry) {
  return registry.AddCounter(
      {.name = "coreflow_reconcile_errors_total",
       .help = "Reads and writes of the operator that failed, also those that are tried again.",
       .labels = {CodeLabel("reason")},
       .use = "`Conflict` and `AlreadyExists` are everyday. Alert on `Internal`, and on `Forbidden` or `Unavailable` "
              "that last for 10 minutes."});
}

Family<Gauge> Leader(Registry& registry) {
  return registry.AddGauge({.name = "coreflow_leader",
                            .help = "1 while this replica leads, 0 while it stands by.",
                            .use = "Alert when the sum over all replicas is not 1 for 5 minutes."});
}

Family<Gauge> Fenced(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_fenced",
       .help = "1 while this replica leads behind the fence: the API server refuses what a former leader still sends.",
       .use =
           "Alert when no replica has 1 for 5 minutes, except in an install for named namespaces, which has no fence: "
           "the policies `coreflow-fence` are missing or don't work."});
}

Family<Gauge> ForeignNamespaces(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_foreign_namespaces",
       .help = "Namespaces with workflows or jobs that another installation has claimed, so that this one leaves them "
               "alone.",
       .use = "More than 0 where it should not be: two installations serve the same namespaces, or one is gone and its "
              "Leases `coreflow-claim` are left. The log names them."});
}

Family<Gauge> Quarantined(Registry& registry) {
  return registry.AddGauge(
      {.name = "coreflow_quarantined_objects",
       .help = "Objects that the operator leaves alone since it failed when it decided about them.",
       .use = "Alert on more than 0 for 10 minutes; the log names them."});
}

void AddBuildInfo(Registry& registry, const OperatorMetrics::Options& options) {
  const char* open = "of this build";
  registry
      .AddGauge({.name = "coreflow_build_info",
                 .help = "Always 1; the labels say what runs.",
                 .labels = {{.name = "version", .open = open}, {.name = "revision", .open = open}}})
      .With({options.version, options.revision})
      .Set(1);
}

}  // namespace

struct OperatorMetrics::Impl {
  OperatorGauges gauges;
  ApiRequests api_requests;
  WorkflowLabel workflows;
  Family<Counter> runs_finished;
  Family<Histogram> run_duration;
  Family<Gauge> last_success;
  Histogram start_latency;
  std::map<std::string, Counter, std::less<>> cache_requests = {};  // by decision
  Counter cache_saved;
  Histogram reconcile_duration;
  std::vector<Counter> reconcile_errors = {};  // by Code
  Gauge leader;
  Gauge fenced;
  Gauge foreign_namespaces;
  Gauge quarantined;
};

OperatorMetrics::OperatorMetrics(Registry& registry, const Options& options)
    : impl_(new Impl{.gauges = OperatorGauges(registry),
                     .api_requests = ApiRequests(registry),
                     .workflows = WorkflowLabel(options.max_workflows),
                     .runs_finished = RunsFinished(registry, options),
                     .run_duration = RunDuration(registry, options),
                     .last_success = LastSuccess(registry, options),
                     .start_latency = StartLatency(registry).With({}),
                     .cache_saved = CacheSaved(registry).With({}),
                     .reconcile_duration = ReconcileDuration(registry).With({}),
                     .leader = Leader(registry).With({}),
                     .fenced = Fenced(registry).With({}),
                     .foreign_namespaces = ForeignNamespaces(registry).With({}),
                     .quarantined = Quarantined(registry).With({})}) {
  const Family<Counter> requests = CacheRequests(registry);
  for (const char* decision : kDecisions) impl_->cache_requests.emplace(decision, requests.With({decision}));
  const Family<Counter> errors = ReconcileErrors(registry);
  for (const std::string& code : CodeLabel("reason").values) impl_->reconcile_errors.push_back(errors.With({code}));
  AddBuildInfo(registry, options);
}

OperatorMetrics::~OperatorMetrics() = default;

std::unique_ptr<TrackedRun> OperatorMetrics::Track() { return std::make_unique<TrackedRun>(impl_->gauges); }

void OperatorMetrics::Expect(std::string_view workflow) {
  const std::string name = impl_->workflows.For(workflow);
  for (C result : kResults) impl_->runs_finished.With({api::Token(result), name});
}

void OperatorMetrics::RunFinished(std::string_view workflow, api::ReasonClass result, Seconds took) {
  const std::string name = impl_->workflows.For(workflow);
  impl_->runs_finished.With({api::Token(result), name}).Increment();
  impl_->run_duration.With({name, api::Token(result)}).Observe(took.count());
}

void OperatorMetrics::Succeeded(std::string_view workflow, Time when) {
  const std::string name = impl_->workflows.For(workflow);
  if (name == WorkflowLabel::kOther) return;
  const Gauge last = impl_->last_success.With({name});
  last.Set(std::max(last.Value(), Seconds(when.time_since_epoch()).count()));
}

void OperatorMetrics::StepStarted(Seconds latency) { impl_->start_latency.Observe(latency.count()); }

void OperatorMetrics::CacheAnswered(std::string_view decision, Seconds saved) {
  const auto counter = impl_->cache_requests.find(decision);
  if (counter != impl_->cache_requests.end()) counter->second.Increment();
  if (saved.count() > 0) impl_->cache_saved.Increment(saved.count());
}

void OperatorMetrics::Reconciled(Seconds took) { impl_->reconcile_duration.Observe(took.count()); }

void OperatorMetrics::ReconcileFailed(Code code) { impl_->reconcile_errors[static_cast<size_t>(code)].Increment(); }

void OperatorMetrics::ApiRequest(std::string_view verb, std::string_view resource, int status) {
  impl_->api_requests.Count(verb, resource, status);
}

void OperatorMetrics::SetLeader(bool leading) { impl_->leader.Set(leading ? 1 : 0); }

void OperatorMetrics::SetFenced(bool fenced) { impl_->fenced.Set(fenced ? 1 : 0); }

void OperatorMetrics::SetForeignNamespaces(size_t count) { impl_->foreign_namespaces.Set(static_cast<double>(count)); }

void OperatorMetrics::AddQuarantined(int64_t by) { impl_->quarantined.Add(static_cast<double>(by)); }

TrackedRun::TrackedRun(OperatorGauges& gauges) : gauges_(gauges) {}

TrackedRun::~TrackedRun() {
  if (counted_) gauges_.AddRun(state_, -1);
  gauges_.ChangeLoad(load_, StepLoad{});
}

void TrackedRun::Set(api::RunState state, const StepLoad& load, std::chrono::duration<double> held) {
  if (!counted_ || state != state_) {
    if (counted_) gauges_.AddRun(state_, -1);
    gauges_.AddRun(state, 1);
    counted_ = true;
    state_ = state;
  }
  gauges_.AddWait(load_, held);
  gauges_.ChangeLoad(load_, load);
  load_ = load;
}

}  // namespace coreflow::metrics
