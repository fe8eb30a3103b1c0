#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/http/server.h"
#include "pkg/metrics/process.h"
#include "pkg/metrics/registry.h"

namespace coreflow::manager {

// Whether the reactor's thread still works off what it is given. Each question sends a ping to the loop; a ping that
// was not answered for a minute means that the thread hangs. The length of the queue plays no part: a ping is a timer,
// and timers go before the queue. Thread-safe; `loop` outlives the pings, that is, it outlives this by its queue.
class Liveness {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  static constexpr std::chrono::seconds kPatience{60};

  explicit Liveness(Loop& loop, Clock clock = &std::chrono::steady_clock::now);

  bool Alive();

 private:
  struct State;
  Loop& loop_;
  const Clock clock_;
  const std::shared_ptr<State> state_;  // pings hold it too
};

// What must have happened before this replica is of use. Thread-safe.
class Readiness {
 public:
  // The names of what is waited for, such as "informers" and "election"; none has happened yet.
  explicit Readiness(const std::vector<std::string>& conditions);

  // REQUIRES: a name that was given to the constructor.
  void Set(std::string_view condition, bool holds);

  // The names of what has not happened, in alphabetical order.
  std::vector<std::string> Missing() const;

 private:
  mutable std::mutex mu_;
  std::map<std::string, bool, std::less<>> conditions_;  // guarded by mu_
};

// What the routes show; all of it outlives the server.
struct Probes {
  const metrics::Registry& registry;
  metrics::ProcessMetrics& process;
  Liveness& liveness;
  const Readiness& readiness;
};

// /metrics: Prometheus' text. /healthz: 503 when the reactor hangs, for liveness probes. /readyz: 503 while something
// is missing, and what. They take GET and HEAD.
http::Server::Routes ProbeRoutes(const Probes& probes);

}  // namespace coreflow::manager
