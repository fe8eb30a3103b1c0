#include "pkg/cli/choose_cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/kubeconfig/in_cluster.h"
#include "pkg/kubeconfig/load.h"
#include "pkg/kubeconfig/read_file.h"

namespace coreflow::cli {

namespace {

bool Exists(const std::string& path) {
  const auto text = kubeconfig::ReadFile(path);
  return text.has_value() || text.error().code != Code::kNotFound;
}

constexpr char kDevContext[] = "coreflow-dev";

Result<kubeconfig::Config> Load(const Environment& environment, const ClusterChoice& choice) {
  if (!choice.kubeconfig.empty()) {
    return kubeconfig::Load({.files = {choice.kubeconfig}, .must_exist = true, .context = choice.context});
  }
  const std::string dev = DevFolder(environment) + "/kubeconfig";
  if (choice.context == kDevContext && Exists(dev)) return kubeconfig::Load({.files = {dev}, .must_exist = true});
  const auto files = kubeconfig::FilesFrom(environment.Variable("KUBECONFIG"), environment.Variable("HOME"));
  if (std::ranges::any_of(files, Exists)) return kubeconfig::Load({.files = files, .context = choice.context});
  kubeconfig::Pod pod{.host = environment.Variable("KUBERNETES_SERVICE_HOST"),
                      .port = environment.Variable("KUBERNETES_SERVICE_PORT")};
  if (!pod.host.empty()) return kubeconfig::InCluster(pod);
  if (Exists(dev)) return kubeconfig::Load({.files = {dev}, .must_exist = true});
  return Error{.code = Code::kUnavailable,
               .message = fmt::format("no cluster is configured: there is no {}\nTo try CoreFlow without a cluster: {} "
                                      "dev. A cluster's kubeconfig: --kubeconfig or $KUBECONFIG.",
                                      fmt::join(files, ", no "), environment.program)};
}

}  // namespace

std::string DevFolder(const Environment& environment) {
  const std::string home = environment.Variable("COREFLOW_HOME");
  return (home.empty() ? environment.Variable("HOME") + "/.coreflow" : home) + "/dev";
}

Result<kubeconfig::Config> ChooseCluster(const Environment& environment, const ClusterChoice& choice) {
  TRY(kubeconfig::Config config, Load(environment, choice));
  if (!choice.as.empty()) config.impersonate = {.user = choice.as, .groups = choice.as_groups};
  return config;
}

}  // namespace coreflow::cli
