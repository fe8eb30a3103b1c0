#pragma once

#include <optional>

#include "pkg/base/time.h"

namespace coreflow::kube {

// How long to wait between tries of something that goes on failing, as client-go's reflector does: 800 ms, doubled each
// time up to 30 s, plus up to as much again at random, so that many clients do not come back at once. Two minutes
// without a failure start it anew. Pure.
class Backoff {
 public:
  // The wait after a failure at `now` (monotonic). `random` is uniform in [0, 1).
  Duration Next(Duration now, double random);

 private:
  Duration next_ = kFirst;
  std::optional<Duration> last_failure_;

  static constexpr Duration kFirst = std::chrono::milliseconds(800);
};

}  // namespace coreflow::kube
