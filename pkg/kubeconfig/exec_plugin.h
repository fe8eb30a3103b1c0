#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/base/secret.h"
#include "pkg/base/time.h"
#include "pkg/http/credentials.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::kubeconfig {

// What a plugin gave: a token, a certificate, or both.
struct ExecCredential {
  Secret<std::string> token = {};
  http::ClientCertificate certificate = {};
  std::optional<Time> expires = {};
};

// Runs the plugin of a configuration (REQUIRES: it has one) and reads its answer. It gets our environment as it was
// before SwitchOffDefaultTrust(), its own variables and KUBERNETES_EXEC_INFO; no terminal, so a plugin that must ask
// (interactiveMode Always) is kInvalid. kUnavailable when it fails or takes too long, kInvalid when its answer makes no
// sense; messages name the configuration and end with what it wrote to stderr, or its install hint. Blocks.
// Thread-safe.
Result<ExecCredential> RunExecPlugin(const Config& config,
                                     std::chrono::milliseconds timeout = std::chrono::seconds(60));

}  // namespace coreflow::kubeconfig
