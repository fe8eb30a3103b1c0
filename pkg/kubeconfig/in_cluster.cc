#include "pkg/kubeconfig/in_cluster.h"

#include "pkg/http/base_url.h"
#include "pkg/kubeconfig/read_file.h"

namespace coreflow::kubeconfig {

namespace {

std::string Trimmed(const std::string& text) {
  size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

}  // namespace

Result<Config> InCluster(const Pod& pod) {
  if (pod.host.empty() || pod.port.empty()) {
    return Error{.code = Code::kNotFound,
                 .message = "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set"};
  }
  bool ipv6 = pod.host.find(':') != std::string::npos;
  Config config{.source = "the pod's service account",
                .server = "https://" + (ipv6 ? "kubernetes.default.svc" : pod.host) + ":" + pod.port,
                .ca_file = pod.directory + "/ca.crt",
                .token_file = pod.directory + "/token"};
  if (auto url = http::ParseBaseUrl(config.server); !url) {
    return Error{.code = Code::kInvalid, .message = "KUBERNETES_SERVICE_HOST or _PORT: " + url.error().message};
  }
  // All three are mounted together: without a token this is no pod that may talk to the API server.
  TRY([[maybe_unused]] std::string token, ReadFile(config.token_file));
  TRY([[maybe_unused]] std::string authority, ReadFile(config.ca_file));
  if (auto text = ReadFile(pod.directory + "/namespace"); text && !Trimmed(*text).empty()) {
    config.namespace_ = Trimmed(*text);
  }
  return config;
}

}  // namespace coreflow::kubeconfig
