#include "operator/dev/dev_metrics.h"

#include <utility>

#include "controllers/runs/measured.h"
#include "pkg/base/build_info.h"

namespace coreflow::dev {

DevMetrics::DevMetrics(Loop& loop) : loop_(loop), metrics_(registry_, {.version = Version(), .revision = Revision()}) {}

runs::Controller::Hooks DevMetrics::Measure(runs::Controller::Hooks hooks,
                                            std::function<const runs::Controller&()> controller) {
  return runs::Measured(std::move(hooks), metrics_, run_metrics_, loop_, std::move(controller));
}

bool DevMetrics::Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  if (request.method != "GET" || request.target != "/metrics") return false;
  process_.Update();
  reply->Send({.status = 200,
               .headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}},
               .body = registry_.Text()});
  return true;
}

}  // namespace coreflow::dev
