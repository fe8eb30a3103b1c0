#include "pkg/cli/waiter.h"

#include <utility>

namespace coreflow::cli {

struct Waiter::State {
  std::optional<WaitEnd> end = {};
  std::stop_source stop = {};

  void Finish(WaitEnd how) {
    if (!end) end = how;
    stop.request_stop();
  }
};

Waiter::Waiter(Environment& environment) : environment_(environment), state_(std::make_shared<State>()) {}

std::function<void()> Waiter::OnDone() const {
  return [weak = std::weak_ptr(state_)] {
    if (auto state = weak.lock()) state->Finish(WaitEnd::kDone);
  };
}

WaitEnd Waiter::Run(std::optional<Duration> timeout) {
  const auto later = [weak = std::weak_ptr(state_)](WaitEnd how) {
    return [weak, how] {
      if (auto state = weak.lock()) state->Finish(how);
    };
  };
  if (timeout) environment_.loop.After(*timeout, later(WaitEnd::kTimedOut));
  // On the thread that hears of the signal.
  const std::stop_callback on_interrupt(environment_.interrupt,
                                        [&] { environment_.loop.Post(later(WaitEnd::kInterrupted)); });
  while (!state_->end) environment_.drive(state_->stop.get_token());
  return *state_->end;
}

}  // namespace coreflow::cli
