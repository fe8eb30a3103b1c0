#include "pkg/engine/attempt.h"

#include <fmt/format.h>

#include "pkg/engine/quota.h"

namespace coreflow::engine {

std::optional<Waiting> WaitingOf(const Attempt& attempt) {
  if (attempt.denials > 0) {
    const bool never = NeverFits(attempt.denied_because);
    return Waiting{.reason = never ? api::Reason::kNeverFits : api::Reason::kWaitingForQuota,
                   .message = attempt.denied_because};
  }
  if (attempt.loading) {
    return Waiting{.reason = api::Reason::kPendingEvaluation,
                   .message = "its outputs are large and are being read from the artifact store"};
  }
  if (attempt.pod) return WhyWaiting(*attempt.pod);
  if (attempt.looking) {
    return Waiting{.reason = api::Reason::kPendingEvaluation,
                   .message =
                       "the step cache was asked for its result; where another step computes the same, that one "
                       "is waited for"};
  }
  if (attempt.last_result && !attempt.asked) {
    return Waiting{.reason = api::Reason::kBackingOff,
                   .message = fmt::format("attempt {} follows after {}: {}", attempt.facts.attempt,
                                          api::Token(attempt.last_result->reason), attempt.last_result->message)};
  }
  return Waiting{.reason = api::Reason::kStarting, .message = "the pod is being created"};
}

}  // namespace coreflow::engine
