#include "pkg/metrics/loop_metrics.h"

namespace coreflow::metrics {

LoopMetrics::LoopMetrics(Registry& registry)
    : lag_(registry
               .AddHistogram({.name = "coreflow_loop_lag_seconds",
                              .help = "How long work waits for the reactor's thread, measured once a second.",
                              .buckets = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10},
                              .use = "Above a second for minutes, the operator is behind with all it does."})
               .With({})),
      depth_(registry
                 .AddGauge({.name = "coreflow_workqueue_depth",
                            .help = "Items that wait for the reactor's thread, counted once a second.",
                            .use = "One that grows for minutes says the same as a long `coreflow_loop_lag_seconds`."})
                 .With({})) {}

void LoopMetrics::Waited(Seconds waited, size_t queued) {
  lag_.Observe(waited.count());
  depth_.Set(static_cast<double>(queued));
}

}  // namespace coreflow::metrics
