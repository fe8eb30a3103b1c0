#pragma once

#include "pkg/engine/outcome.h"
#include "pkg/engine/pod_view.h"
#include "pkg/graph/graph.h"

namespace coreflow::engine {

// What follows a failed attempt.
struct RetryDecision {
  bool retry = false;
  AttemptFacts next = {};  // of the next attempt
  Duration backoff{};      // from the end of the failed one
};

// The rule of retryPolicy. Failures of the step use up `limit`, those of the cluster `infrastructureLimit`, each its
// own count. The first loss to the cluster is retried at once; every other retry waits backoffSeconds, growing by
// backoffFactorPercent with each failure up to maxBackoffSeconds. `when_allows` is the value of retryPolicy.when.
RetryDecision DecideRetry(const graph::RetryPolicy& policy, const AttemptFacts& failed, const Outcome& outcome,
                          bool when_allows);

// Whether the attempt's loss to the cluster would be followed by another attempt.
inline bool MayBeLost(const graph::RetryPolicy& policy, const AttemptFacts& attempt) {
  return attempt.infrastructure_failures < policy.infrastructure_limit;
}

}  // namespace coreflow::engine
