#pragma once

#include <functional>
#include <memory>

#include "controllers/runs/controller.h"
#include "controllers/runs/run_metrics.h"
#include "pkg/base/loop.h"
#include "pkg/http/reply.h"
#include "pkg/metrics/operator_metrics.h"
#include "pkg/metrics/outbox_metrics.h"
#include "pkg/metrics/process.h"
#include "pkg/metrics/registry.h"

namespace coreflow::dev {

// The metrics that an operator has, of this process: GET /metrics, where an API server has its own. On the loop's
// thread; the loop outlives it, and it the controller.
class DevMetrics {
 public:
  explicit DevMetrics(Loop& loop);

  // The hooks, with which the controller is measured; see runs::Measured().
  runs::Controller::Hooks Measure(runs::Controller::Hooks hooks, std::function<const runs::Controller&()> controller);

  // What counts spans and events that are sent to others.
  metrics::OutboxMetrics& outbox() { return outbox_; }

  // Whether the request is for them; then the reply is sent.
  bool Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply);

 private:
  Loop& loop_;
  metrics::Registry registry_;
  metrics::OperatorMetrics metrics_;
  metrics::ProcessMetrics process_{registry_};
  metrics::OutboxMetrics outbox_{registry_};
  runs::RunMetrics run_metrics_{metrics_};
};

}  // namespace coreflow::dev
