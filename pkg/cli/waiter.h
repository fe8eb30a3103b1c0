#pragma once

#include <memory>
#include <optional>

#include "pkg/base/time.h"
#include "pkg/cli/environment.h"

namespace coreflow::cli {

enum class WaitEnd { kDone, kInterrupted, kTimedOut };

// Runs the environment's loop until something has happened.
class Waiter {
 public:
  explicit Waiter(Environment& environment);

  // What was waited for has happened. Copies of the function may be called after the waiter is gone.
  std::function<void()> OnDone() const;

  // Returns after OnDone's function was called, even before Run; after Ctrl-C; or when so much time has passed.
  WaitEnd Run(std::optional<Duration> timeout = std::nullopt);

 private:
  struct State;

  Environment& environment_;
  std::shared_ptr<State> state_;
};

}  // namespace coreflow::cli
