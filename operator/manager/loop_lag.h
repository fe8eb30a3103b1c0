#pragma once

#include <functional>
#include <memory>

#include "pkg/base/loop.h"

namespace coreflow::manager {

// How long work that is given to a loop waits for its turn: once a second it gives the loop something to do, and looks
// when that is done. Thread-safe, but for what is said below. `loop` outlives it.
class LoopLag {
 public:
  // Called on the loop's thread.
  using Measured = std::function<void(Duration waited)>;

  LoopLag(Loop& loop, Measured measured);
  // Not while the loop runs on another thread. What it has given to the loop does nothing any more.
  ~LoopLag();
  LoopLag(const LoopLag&) = delete;
  LoopLag& operator=(const LoopLag&) = delete;

  // Measures from now on. Once.
  void Start();

  // How long the last one waited; while one waits for longer than that, how long by now.
  Duration Waited() const;

 private:
  struct State;
  static void Ask(const std::shared_ptr<State>& state);

  const std::shared_ptr<State> state_;  // work that is under way has only a weak hold on it
};

}  // namespace coreflow::manager
