#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::kubeconfig {

// What a pod is given. `host` and `port` are KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.
struct Pod {
  std::string host = {};
  std::string port = {};
  std::string directory = "/var/run/secrets/kubernetes.io/serviceaccount";
};

// The configuration of the pod's own service account; its token file is read again while it is used. An IPv6 host
// becomes kubernetes.default.svc, since the transport takes no IPv6 literal. kNotFound outside a pod.
Result<Config> InCluster(const Pod& pod);

}  // namespace coreflow::kubeconfig
