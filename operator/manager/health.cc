#include "operator/manager/health.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "pkg/base/check.h"

namespace coreflow::manager {
namespace {

http::Response Answer(int status, std::string body, const char* type = "text/plain; charset=utf-8") {
  return {.status = status, .headers = {{"content-type", type}}, .body = std::move(body)};
}

// A route that only reads.
http::Server::Handler ReadOnly(std::function<http::Response()> read) {
  return [read = std::move(read)](const http::Request& request) {
    if (request.method == "GET" || request.method == "HEAD") return read();
    http::Response refused = Answer(405, "only GET and HEAD\n");
    refused.headers["allow"] = "GET, HEAD";
    return refused;
  };
}

}  // namespace

struct Liveness::State {
  std::mutex mu;
  std::optional<std::chrono::steady_clock::time_point> asked;  // the ping that is under way; guarded by mu
};

Liveness::Liveness(Loop& loop, Clock clock)
    : loop_(loop), clock_(std::move(clock)), state_(std::make_shared<State>()) {}

bool Liveness::Alive() {
  const auto now = clock_();
  {
    const std::lock_guard lock(state_->mu);
    if (state_->asked) return now - *state_->asked <= kPatience;
    state_->asked = now;
  }
  loop_.After(Duration(0), [state = state_] {
    const std::lock_guard lock(state->mu);
    state->asked.reset();
  });
  return true;
}

Readiness::Readiness(const std::vector<std::string>& conditions) {
  for (const std::string& condition : conditions) conditions_[condition] = false;
}

void Readiness::Set(std::string_view condition, bool holds) {
  const std::lock_guard lock(mu_);
  const auto it = conditions_.find(condition);
  CHECK(it != conditions_.end(), "conditions are named when Readiness is made");
  it->second = holds;
}

std::vector<std::string> Readiness::Missing() const {
  const std::lock_guard lock(mu_);
  std::vector<std::string> missing;
  for (const auto& [condition, holds] : conditions_) {
    if (!holds) missing.push_back(condition);
  }
  return missing;
}

http::Server::Routes ProbeRoutes(const Probes& probes) {
  return {
      {"/metrics", ReadOnly([probes] {
         probes.process.Update();
         return Answer(200, probes.registry.Text(), "text/plain; version=0.0.4; charset=utf-8");
       })},
      {"/healthz", ReadOnly([probes] {
         return probes.liveness.Alive() ? Answer(200, "ok\n") : Answer(503, "the reactor's thread does not answer\n");
       })},
      {"/readyz", ReadOnly([probes] {
         const std::vector<std::string> missing = probes.readiness.Missing();
         return missing.empty() ? Answer(200, "ok\n")
                                : Answer(503, fmt::format("waiting for {}\n", fmt::join(missing, ", ")));
       })},
  };
}

}  // namespace coreflow::manager
