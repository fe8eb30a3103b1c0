#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/http/transport.h"

namespace coreflow::cli {

// What a kubelet would answer for the log of a pod.
struct PodLogAnswer {
  int status = 200;
  std::string text = {};
  bool ended = true;  // of a container that still runs a follower hears more
};

// A connection to a cluster that can what the fake one can't: its pods have logs, told by a function, another function
// answers for services and tokens, and it takes server-side apply, for one owner: a create, or a merge. All other
// requests go to the cluster.
class LogTransport : public http::Transport {
 public:
  // `query` is what stands after the question mark.
  using Logs = std::function<PodLogAnswer(const std::string& pod, const std::string& query)>;

  // Whether requests for the target are refused, since the user may not.
  using Denies = std::function<bool(const std::string& target)>;

  // Answers what the cluster knows nothing of; nullopt: it is the cluster's.
  using Services = std::function<std::optional<http::Response>(const http::Request& request)>;

  LogTransport(Loop& loop, std::unique_ptr<http::Transport> cluster, Logs logs, Denies denies, Services services)
      : loop_(loop),
        cluster_(std::move(cluster)),
        logs_(std::move(logs)),
        denies_(std::move(denies)),
        services_(std::move(services)) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override;
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override;

 private:
  class Tail;

  Loop& loop_;
  std::unique_ptr<http::Transport> cluster_;
  Logs logs_;
  Denies denies_;
  Services services_;
};

}  // namespace coreflow::cli
