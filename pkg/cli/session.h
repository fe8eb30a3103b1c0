#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/command.h"
#include "pkg/cli/environment.h"
#include "pkg/json/value.h"
#include "pkg/kube/client.h"

namespace coreflow::cli {

inline constexpr char kFieldManager[] = "coreflow-cli";

// A command's talk with one API server. Calls run the loop until the answer is there; their errors are worded for the
// user, with what to do next, and kCancelled after Ctrl-C.
class Session {
 public:
  // The cluster and namespace that the global flags choose.
  static Result<std::unique_ptr<Session>> Open(Environment& environment, const Arguments& arguments);
  // The same, but for the context; empty: the kubeconfig's own.
  static Result<std::unique_ptr<Session>> Open(Environment& environment, const Arguments& arguments,
                                               const std::string& context);

  Environment& environment() { return environment_; }
  const std::string& ns() const { return ns_; }
  const std::string& server() const { return connection_.server; }
  const std::string& source() const { return connection_.source; }
  // It is a control plane of this command's own.
  bool ends_with_us() const { return connection_.ends_with_us; }
  kube::Client& client() { return client_; }

  // How the user types a command of ours about something in that namespace of the same cluster: "logs word-count" may
  // give "coreflow logs word-count -n ci --context=staging".
  std::string NextCommand(std::string_view words, const std::string& ns) const;
  // The flags that choose the same cluster once more, each after a blank; kubectl takes them too.
  const std::string& cluster_flags() const { return cluster_flags_; }

  // How long one request may take from now on; 30 seconds at first.
  void SetDeadline(Duration deadline) { deadline_ = deadline; }

  // The body of a good answer. An error of the request itself is passed on.
  Result<json::Value> Send(const Result<kube::Request>& request);

  // All pages, each item with its apiVersion and kind.
  Result<std::vector<json::Value>> List(const kube::Resource& resource, const kube::Selection& selection);

  // What to tell the user of a request that ended so.
  Error Worded(const kube::Request& request, const kube::ApiError& error) const;

 private:
  Session(Environment& environment, Connection connection, std::string ns, std::string cluster_flags);

  Environment& environment_;
  Connection connection_;
  std::string ns_;
  std::string cluster_flags_;
  kube::Client client_;
  Duration deadline_ = std::chrono::seconds(30);
};

// "workflows.coreflow.dev", "pods".
std::string FullName(const kube::Resource& resource);

}  // namespace coreflow::cli
