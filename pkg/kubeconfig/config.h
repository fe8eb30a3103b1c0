#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::kubeconfig {

// A program that gives credentials: `exec` of a kubeconfig user (KEP-541).
struct ExecPlugin {
  std::string api_version = {};  // client.authentication.k8s.io/v1 or /v1beta1
  std::string command = {};      // absolute when it had a slash; else found in PATH
  std::vector<std::string> args = {};
  std::vector<std::pair<std::string, std::string>> env = {};  // added to ours
  std::string install_hint = {};
  std::string interactive_mode = {};  // Never, IfAvailable or Always; v1beta1 may leave it out: IfAvailable
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

  // At most one way of these three is used: a client certificate may stand beside any.
  std::string token = {};
  std::string token_file = {};  // wins over token, read again every minute
  std::string username = {};
  std::string password = {};
  std::optional<ExecPlugin> exec = {};  // used when none of the above stands

  std::string client_certificate_data = {};
  std::string client_certificate_file = {};
  std::string client_key_data = {};
  std::string client_key_file = {};
  Impersonation impersonate = {};

  bool operator==(const Config&) const = default;
};

}  // namespace coreflow::kubeconfig
