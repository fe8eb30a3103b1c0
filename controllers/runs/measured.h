#pragma once

#include <functional>

#include "controllers/runs/controller.h"
#include "controllers/runs/run_metrics.h"
#include "pkg/base/loop.h"
#include "pkg/metrics/operator_metrics.h"

namespace coreflow::runs {

// The hooks, each of which also tells the metrics what a controller does. `controller` gives the one that has them, and
// is asked from inside them only. All of these outlive the controller.
Controller::Hooks Measured(Controller::Hooks hooks, metrics::OperatorMetrics& metrics, RunMetrics& run_metrics,
                           Loop& loop, std::function<const Controller&()> controller);

}  // namespace coreflow::runs
