#include "controllers/runs/measured.h"

#include <utility>

#include "controllers/runs/prepend.h"
#include "pkg/engine/cache_verdict.h"

namespace coreflow::runs {

Controller::Hooks Measured(Controller::Hooks hooks, metrics::OperatorMetrics& metrics, RunMetrics& run_metrics,
                           Loop& loop, std::function<const Controller&()> controller) {
  Prepend(hooks.on_request, [&metrics](kube::Verb verb, const kube::Resource& resource, int status) {
    metrics.ApiRequest(kube::VerbName(verb), resource.plural, status);
  });
  Prepend(hooks.on_leading, [&metrics](int64_t, bool) { metrics.SetLeader(true); });
  Prepend(hooks.on_decided, [&metrics, &run_metrics, &loop, controller = std::move(controller)](
                                const reactor::OwnerKey&, engine::Owner& owner, std::chrono::duration<double> took) {
    metrics.Reconciled(took);
    run_metrics.Show(owner, controller().reactor().Object(owner.uid()), loop.Now());
  });
  Prepend(hooks.on_cache_answer, [&metrics](const engine::CacheVerdict& verdict) {
    metrics.CacheAnswered(engine::DecisionName(verdict.decision), std::chrono::seconds(verdict.saved_seconds));
  });
  Prepend(hooks.on_gone, [&run_metrics](const std::string& uid) { run_metrics.Forget(uid); });
  Prepend(hooks.on_quarantined,
          [&metrics](const reactor::OwnerKey&, const std::string&) { metrics.AddQuarantined(1); });
  Prepend(hooks.on_request_failed,
          [&metrics](const reactor::OwnerKey&, const std::string&, const kube::ApiError& error) {
            metrics.ReconcileFailed(error.error.code);
          });
  return hooks;
}

}  // namespace coreflow::runs
