#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "pkg/api/reasons.h"

namespace coreflow::metrics {

// What steps ask the cluster for: the sum of their containers' requests.
struct Demand {
  int64_t millicores = 0;
  int64_t memory_bytes = 0;
  int64_t gpus = 0;  // all extended resources whose names end in /gpu

  // Adds `times` times the other.
  void Add(const Demand& other, int64_t times);

  bool operator==(const Demand&) const = default;
};

// What the steps of one run add to the gauges: each item of a step with forEach, and each index of a job, counts as
// one step.
struct StepLoad {
  static constexpr size_t kReasons = static_cast<size_t>(api::Reason::kPendingEvaluation) + 1;

  int64_t running = 0;                         // a container of the step runs
  std::array<int64_t, kReasons> waiting = {};  // by reason, in the order of the enum
  Demand demand = {};

  // Counts steps that wait. What one of them asks for becomes demand only when more nodes or quota would let it
  // start, that is, when the reason's class is capacity. REQUIRES: IsWaiting(reason).
  void AddWaiting(api::Reason reason, const Demand& of_one, int64_t steps = 1);

  bool operator==(const StepLoad&) const = default;
};

}  // namespace coreflow::metrics
