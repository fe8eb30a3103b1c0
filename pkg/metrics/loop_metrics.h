#pragma once

#include <chrono>
#include <cstddef>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// How the reactor's thread keeps up. Thread-safe.
class LoopMetrics {
 public:
  using Seconds = std::chrono::duration<double>;

  explicit LoopMetrics(Registry& registry);

  // Something had to wait so long for its turn, and now so many items wait.
  void Waited(Seconds waited, size_t queued);

 private:
  Histogram lag_;
  Gauge depth_;
};

}  // namespace coreflow::metrics
