#pragma once

#include <functional>

#include "pkg/base/time.h"

namespace coreflow::courier {

// How long to wait between tries of what fails for now: a second, twice as long each time, at most half a minute. For
// one thread.
class Patience {
 public:
  using Sleep = std::function<void(Duration)>;
  // `longest`: all waits in a row together.
  Patience(Duration longest, Sleep sleep);

  // Waits before the next try; false, at once, when that was enough.
  bool Wait();
  // Something went well: the next waits count anew.
  void Restore();

 private:
  const Duration longest_;
  const Sleep sleep_;
  Duration next_;
  Duration waited_{0};
};

}  // namespace coreflow::courier
