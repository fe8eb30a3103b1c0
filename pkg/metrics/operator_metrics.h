#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pkg/api/reasons.h"
#include "pkg/api/types.gen.h"
#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/metrics/registry.h"
#include "pkg/metrics/step_load.h"

namespace coreflow::metrics {

class OperatorGauges;

// One run's share of the gauges; taken back when this goes, so that gauges never drift. From one thread at a time.
class TrackedRun {
 public:
  explicit TrackedRun(OperatorGauges& gauges);
  ~TrackedRun();
  TrackedRun(const TrackedRun&) = delete;
  TrackedRun& operator=(const TrackedRun&) = delete;

  // What the run is like now; replaces what was set before, which held for `held`. Costs as much as what differs.
  void Set(api::RunState state, const StepLoad& load, std::chrono::duration<double> held = {});

 private:
  OperatorGauges& gauges_;
  bool counted_ = false;
  api::RunState state_ = api::RunState::kPending;
  StepLoad load_;
};

// What the operator tells Prometheus about its work. Every method is thread-safe and cheap enough to be called for
// each event. docs/metrics.md is made from the descriptions in the sources.
class OperatorMetrics {
 public:
  struct Options {
    std::string version = {};
    std::string revision = {};
    size_t max_workflows = 100;  // different values of the label `workflow`
  };
  using Seconds = std::chrono::duration<double>;

  // `registry` must outlive this, and this every TrackedRun.
  OperatorMetrics(Registry& registry, const Options& options);
  ~OperatorMetrics();

  // A run that the operator keeps; it counts from its first Set(). Only for runs that this replica acts on, so that a
  // sum over all replicas counts each run once.
  std::unique_ptr<TrackedRun> Track();

  // A workflow is there. What it will be counted by is 0 from now on, so that an increase to 1 shows as one.
  void Expect(std::string_view workflow);

  // A run ended. `workflow` is its DeclaredName(). REQUIRES: `result` is a class of ended reasons.
  void RunFinished(std::string_view workflow, api::ReasonClass result, Seconds took);

  // A run succeeded then; also one that ended before this program started. Of all with that DeclaredName(), the last
  // one counts.
  void Succeeded(std::string_view workflow, Time when);

  // The container of a first attempt started, `latency` after everything that the workflow made it wait for was over.
  void StepStarted(Seconds latency);

  // The step cache has answered with this decision (Hit, Miss, Refreshed, NotCacheable); a hit saved so long.
  void CacheAnswered(std::string_view decision, Seconds saved);

  // A run was looked at and its actions were handed out, in `took`.
  void Reconciled(Seconds took);
  // Something that the operator wanted to read or write failed; once for each failure, also those that are retried.
  void ReconcileFailed(Code code);

  // A request to the API server was answered with HTTP `status`; 0 when nobody answered. Verbs are those of RBAC
  // ("get", "list", "watch", "create", …), resources plural names ("pods"); unknown ones count as "other".
  void ApiRequest(std::string_view verb, std::string_view resource, int status);

  void SetLeader(bool leading);
  // Whether the API server keeps out what a former leader may still send.
  void SetFenced(bool fenced);

  // In how many namespaces there are runs that belong to another installation.
  void SetForeignNamespaces(size_t count);

  // How many more (or fewer) objects cannot be read and are left alone.
  void AddQuarantined(int64_t by);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coreflow::metrics
