#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/secret.h"
#include "pkg/json/value.h"

namespace coreflow::kubeconfig {

// A program that gives credentials: `exec` of a kubeconfig user (KEP-541).
struct ExecPlugin {
  std::string api_version = {};  // client.authentication.k8s.io/v1 or /v1beta1
  std::string command = {};      // a path when it had a slash; else looked up in PATH
  std::vector<std::string> args = {};
  std::vector<std::pair<std::string, std::string>> env = {};  // added to ours
  std::string install_hint = {};
  std::string interactive_mode = {};  // Never, IfAvailable or Always
  bool provide_cluster_info = false;
  json::Value cluster_config = {};  // the cluster's extension client.authentication.k8s.io/exec

  bool operator==(const ExecPlugin&) const = default;
};

// Whom to act as.
struct Impersonation {
  std::string user = {};
  std::string uid = {};
  std::vector<std::string> groups = {};
  std::map<std::string, std::vector<std::string>> extra = {};

  bool operator==(const Impersonation&) const = default;
};

// One context of a kubeconfig, or the pod's own account: how to reach a cluster, and as whom. Data is decoded PEM,
// paths are absolute or relative to the working directory; where both could stand, data wins and the path is empty.
struct Config {
  std::string source = {};  // the context and the file it is of, for messages
  std::string namespace_ = "default";

  std::string server = {};  // "https://10.0.0.1:6443"
  std::string tls_server_name = {};
  bool insecure_skip_tls_verify = false;
  std::string ca_data = {};
  std::string ca_file = {};
  std::string proxy_url = {};
  bool disable_compression = false;  // kept for show: CoreFlow never asks for compression

  // The first of these that stands is used. A client certificate may stand beside any.
  std::string token_file = {};  // read again every minute
  Secret<std::string> token = {};
  std::string username = {};
  Secret<std::string> password = {};
  std::optional<ExecPlugin> exec = {};

  std::string client_certificate_data = {};
  std::string client_certificate_file = {};
  Secret<std::string> client_key_data = {};
  std::string client_key_file = {};
  Impersonation impersonate = {};

  bool operator==(const Config&) const = default;
};

}  // namespace coreflow::kubeconfig
