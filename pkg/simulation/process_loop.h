#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "pkg/base/loop.h"

namespace coreflow::simulation {

// The loop as one simulated process has it: it can be stopped (SIGSTOP) and go on, and its wall clock may be wrong. The
// loop behind it is everybody's, and outlives it; work that is still there when this is destroyed never runs.
class ProcessLoop : public Loop {
 public:
  ProcessLoop(Loop& loop, Duration clock_error)
      : loop_(loop), clock_error_(clock_error), state_(std::make_shared<State>()) {}
  ~ProcessLoop() override { state_->dead = true; }
  ProcessLoop(const ProcessLoop&) = delete;
  ProcessLoop& operator=(const ProcessLoop&) = delete;

  Time Now() const override { return loop_.Now() + clock_error_; }
  Duration Monotonic() const override { return loop_.Monotonic(); }
  void Post(std::function<void()> work) override { After(Duration(0), std::move(work)); }
  void After(Duration delay, std::function<void()> work) override {
    loop_.After(delay, [state = state_, work = std::move(work)]() mutable {
      if (state->dead) return;
      if (state->paused) return state->held.push_back(std::move(work));
      work();
    });
  }

  void Pause() { state_->paused = true; }
  void Resume() {
    state_->paused = false;
    for (auto& work : std::exchange(state_->held, {})) Post(std::move(work));
  }

 private:
  struct State {
    bool dead = false;
    bool paused = false;
    std::vector<std::function<void()>> held = {};
  };

  Loop& loop_;
  const Duration clock_error_;
  std::shared_ptr<State> state_;
};

}  // namespace coreflow::simulation
