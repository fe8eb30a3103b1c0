#include "operator/manager/run_uninstall.h"

#include <optional>
#include <string>

#include "controllers/uninstall/uninstall.h"

namespace coreflow::manager {

Result<void> RunUninstall(const Config& config, reactor::EventLoop& loop, http::Transport& transport,
                          const std::string& namespace_name, const logging::Log& log, const std::stop_token& stop) {
  kube::Client client(loop, transport, {.max_in_flight = static_cast<int>(config.requests.max_in_flight)});
  uninstall::Uninstall uninstall(loop, client,
                                 {.namespaces = config.namespaces,
                                  .owner = ClaimOwner(config.leader_election, namespace_name),
                                  .on_trouble = [&log](const std::string& doing, const kube::ApiError& error) {
                                    log.Warn("request failed", {{"doing", doing}, {"error", error.error.message}});
                                  }});
  std::stop_source ended;
  const std::stop_callback on_stop(stop, [&ended] { ended.request_stop(); });
  std::optional<uninstall::Uninstall::Summary> summary;
  loop.Post([&] {
    uninstall.Start([&](const uninstall::Uninstall::Summary& done) {
      summary = done;
      ended.request_stop();
    });
  });
  loop.Run(ended.get_token());
  if (!summary) return Error{.code = Code::kCancelled, .message = "asked to stop"};
  if (!summary->complete) {
    return Error{.code = Code::kUnavailable,
                 .message = "some pods may still wait for an operator: run it again, or see docs/install.md"};
  }
  log.Info("nothing waits for an operator any more",
           {{"suspended", std::to_string(summary->suspended)}, {"pods", std::to_string(summary->released)}});
  return {};
}

}  // namespace coreflow::manager
