#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "operator/manager/configure.h"
#include "operator/manager/operator.h"
#include "operator/manager/run_uninstall.h"
#include "operator/signals/signals.h"
#include "pkg/http/beast_transport.h"
#include "pkg/http/cpprest_transport.h"
#include "pkg/kubeconfig/credentials.h"
#include "pkg/kubeconfig/in_cluster.h"
#include "pkg/kubeconfig/load.h"
#include "pkg/logging/fd_sink.h"
#include "pkg/logging/log.h"
#include "pkg/store/place.h"

namespace coreflow::manager {
namespace {

std::string Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

// A file that is named wins; then the pod's own account; then what kubectl would take.
Result<kubeconfig::Config> Cluster(const KubeconfigChoice& choice) {
  if (!choice.path.empty()) {
    return kubeconfig::Load({.files = {choice.path}, .must_exist = true, .context = choice.context});
  }
  kubeconfig::Pod pod{.host = Environment("KUBERNETES_SERVICE_HOST"), .port = Environment("KUBERNETES_SERVICE_PORT")};
  if (!pod.host.empty()) return kubeconfig::InCluster(pod);
  return kubeconfig::Load(
      {.files = kubeconfig::FilesFrom(Environment("KUBECONFIG"), Environment("HOME")), .context = choice.context});
}

Result<std::unique_ptr<http::Transport>> NewTransport(HttpClient client, const http::Options& options) {
  switch (client) {
    case HttpClient::kCppRest: return http::NewCpprestTransport(options);
    case HttpClient::kBeast: return http::NewBeastTransport(options);
  }
  CHECK(false, "the configuration holds one of the enum's values");
}

int Fail(const logging::Log& log, const char* what, const Error& error) {
  log.Error(what, {{"code", CodeName(error.code)}, {"error", error.message}});
  return 1;
}

int Main(std::vector<std::string> arguments) {
  Signals signals;  // first: as process 1 of a container it would miss a signal that nobody handles yet
  const bool uninstall = !arguments.empty() && arguments.front() == "uninstall";
  if (uninstall) arguments.erase(arguments.begin());
  auto configured = Configure(std::move(arguments), Environment);
  if (auto* exit = std::get_if<Exit>(&configured)) {
    std::fputs(exit->out.c_str(), stdout);
    std::fputs(exit->err.c_str(), stderr);
    return exit->code;
  }
  const Config& config = std::get<Config>(configured);
  logging::Log log(logging::MakeStderrSink(), config.log.level);
  std::unique_ptr<store::Store> store;
  if (!uninstall && !config.store.location.empty()) {
    auto opened = store::OpenStore(PlaceOf(config.store), Environment);
    if (!opened) return Fail(log, "the store can't be used", opened.error());
    store = *std::move(opened);
  }
  for (;;) {
    auto cluster = Cluster(config.kubeconfig);
    if (!cluster) return Fail(log, "no cluster to talk to", cluster.error());
    reactor::EventLoop loop;
    auto options = kubeconfig::TransportOptions(*cluster);
    options.max_in_flight = static_cast<size_t>(config.requests.max_in_flight);
    auto transport = NewTransport(config.requests.http_client, options);
    if (!transport) return Fail(log, "the cluster's configuration can't be used", transport.error());
    if (uninstall) {
      auto done = RunUninstall(config, loop, **transport, cluster->namespace_, log, signals.Stop());
      return done ? 0 : Fail(log, "uninstall is not complete", done.error());
    }
    auto ended = RunOperator(config, loop, **transport, cluster->namespace_, store.get(), log, signals.Stop());
    if (!ended) return Fail(log, "the operator gave up", ended.error());
    if (*ended == Ending::kAskedTo) return 0;
  }
}

}  // namespace
}  // namespace coreflow::manager

int main(int argc, char** argv) { return coreflow::manager::Main({argv + 1, argv + argc}); }
