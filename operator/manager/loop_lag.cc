#include "operator/manager/loop_lag.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace coreflow::manager {

namespace {

constexpr std::chrono::seconds kPeriod{1};

}  // namespace

struct LoopLag::State {
  State(Loop& of, Measured to) : loop(of), measured(std::move(to)) {}

  Loop& loop;
  const Measured measured;
  mutable std::mutex mu;
  Duration last{};                     // guarded by mu
  std::optional<Duration> asked = {};  // when, of what is under way; guarded by mu
};

LoopLag::LoopLag(Loop& loop, Measured measured) : state_(std::make_shared<State>(loop, std::move(measured))) {}
LoopLag::~LoopLag() = default;

void LoopLag::Start() { Ask(state_); }

// Posted, not set as a timer: timers that are due go before the queue, and it is the queue that grows.
void LoopLag::Ask(const std::shared_ptr<State>& state) {
  {
    const std::lock_guard lock(state->mu);
    state->asked = state->loop.Monotonic();
  }
  state->loop.Post([weak = std::weak_ptr(state)] {
    const auto state = weak.lock();
    if (!state) return;
    Duration waited{};
    {
      const std::lock_guard lock(state->mu);
      waited = state->loop.Monotonic() - *std::exchange(state->asked, std::nullopt);
      state->last = waited;
    }
    state->measured(waited);
    state->loop.After(kPeriod, [weak] {
      if (const auto again = weak.lock()) Ask(again);
    });
  });
}

Duration LoopLag::Waited() const {
  const std::lock_guard lock(state_->mu);
  if (!state_->asked) return state_->last;
  return std::max(state_->last, state_->loop.Monotonic() - *state_->asked);
}

}  // namespace coreflow::manager
