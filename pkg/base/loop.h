#pragma once

#include <functional>

#include "pkg/base/time.h"

namespace coreflow {

// One thread's queue of work, with its clock: real in the operator, virtual in tests and the simulator. Whoever is
// given a Loop reads no other clock and starts no other timer.
class Loop {
 public:
  virtual ~Loop() = default;

  // The wall clock. Only from the loop's own thread.
  virtual Time Now() const = 0;

  // Time since some fixed moment, on the monotonic clock that After counts on: it never goes back, however the wall
  // clock is set, and goes on while the process is stopped. For deadlines of what is only held for a while.
  // Thread-safe.
  virtual Duration Monotonic() const = 0;

  // Runs `work` on the loop's thread, after what was posted before it. Thread-safe; never runs it at once.
  virtual void Post(std::function<void()> work) = 0;

  // Runs `work` on the loop's thread once `delay` has passed (on a monotonic clock). Thread-safe. There is no way to
  // take it back: work that may have become pointless looks for itself when it runs.
  virtual void After(Duration delay, std::function<void()> work) = 0;
};

}  // namespace coreflow
