#include "pkg/engine/retry.h"

#include <algorithm>

namespace coreflow::engine {

namespace {

bool RetriesKind(const graph::RetryPolicy& policy, Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kFailure: return policy.on_failure;
    case Outcome::Kind::kOutOfMemory: return policy.on_out_of_memory;
    case Outcome::Kind::kTimeout: return policy.on_timeout;
    case Outcome::Kind::kSucceeded:
    case Outcome::Kind::kInfrastructure:
    case Outcome::Kind::kStopped:
    case Outcome::Kind::kRejected: return false;
  }
  return false;
}

// The wait before retry number `retry` (from 1). Doubles hold every product here exactly enough and can't overflow.
Duration Backoff(const graph::RetryPolicy& policy, int32_t retry) {
  const double cap = static_cast<double>(policy.max_backoff.count());
  double wait = static_cast<double>(policy.backoff.count());
  for (int32_t i = 1; i < retry && wait < cap; ++i) wait = wait * policy.backoff_factor_percent / 100.0;
  return Duration(static_cast<Duration::rep>(std::min(wait, cap)));
}

}  // namespace

RetryDecision DecideRetry(const graph::RetryPolicy& policy, const AttemptFacts& failed, const Outcome& outcome,
                          bool when_allows) {
  RetryDecision decision{.next = failed};
  ++decision.next.attempt;
  if (outcome.kind == Outcome::Kind::kInfrastructure) {
    ++decision.next.infrastructure_failures;
    decision.retry = decision.next.infrastructure_failures <= policy.infrastructure_limit;
    if (failed.infrastructure_failures > 0) decision.backoff = Backoff(policy, failed.infrastructure_failures);
    return decision;
  }
  ++decision.next.failures;
  decision.retry = RetriesKind(policy, outcome.kind) && decision.next.failures <= policy.limit && when_allows;
  decision.backoff = Backoff(policy, decision.next.failures);
  return decision;
}

}  // namespace coreflow::engine
