#include "pkg/kube/retry.h"

namespace coreflow::kube {
namespace {

// The wait for a reason to try again that lies in the error itself; nullopt: there is none.
std::optional<Duration> WaitFor(Verb verb, const ApiError& error) {
  if (error.status == 429 || error.status >= 500) return error.retry_after;
  bool unanswered = error.status == 0 && error.error.code == Code::kUnavailable;
  if (unanswered && ReadOnly(verb)) return std::chrono::seconds(1);
  return std::nullopt;
}

}  // namespace

std::optional<Duration> NextTry(Verb verb, const ApiError& error, int max_retries, Tries& tries) {
  if (error.status == 401 && !tries.reauthorized) {
    tries.reauthorized = true;
    return Duration(0);
  }
  auto wait = WaitFor(verb, error);
  if (!wait || tries.retries >= max_retries) return std::nullopt;
  ++tries.retries;
  return wait;
}

}  // namespace coreflow::kube
