#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/metrics/registry.h"
#include "pkg/metrics/step_load.h"

namespace coreflow::metrics {

// The gauges that are sums over all runs, and how long they were what they were. Thread-safe.
class OperatorGauges {
 public:
  explicit OperatorGauges(Registry& registry);

  void AddRun(api::RunState state, int64_t by);
  // Adds what differs between two loads of one run.
  void ChangeLoad(const StepLoad& before, const StepLoad& after);
  // The steps of that load have waited for so long.
  void AddWait(const StepLoad& load, std::chrono::duration<double> time);

 private:
  std::vector<Gauge> runs_;     // by api::RunState
  std::vector<Gauge> waiting_;  // by api::Reason
  std::vector<Counter> waits_;  // by api::Reason, seconds
  std::vector<Gauge> steps_;    // waiting, running
  std::vector<Gauge> demand_;   // CPU, memory, GPU

  // The gauges are set from exact sums: added up in cores, what is left of many runs would not come back to 0.
  std::mutex mu_;
  Demand total_;  // guarded by mu_
};

}  // namespace coreflow::metrics
