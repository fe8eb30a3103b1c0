#include "pkg/kube/backoff.h"

#include <algorithm>

namespace coreflow::kube {
namespace {

constexpr Duration kLongest = std::chrono::seconds(30);
constexpr Duration kForgotten = std::chrono::minutes(2);

}  // namespace

Duration Backoff::Next(Duration now, double random) {
  if (last_failure_ && now - *last_failure_ > kForgotten) next_ = kFirst;
  last_failure_ = now;
  Duration base = next_;
  next_ = std::min(next_ * 2, kLongest);
  return base + std::chrono::floor<Duration>(base * random);
}

}  // namespace coreflow::kube
