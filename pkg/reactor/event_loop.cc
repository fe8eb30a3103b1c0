#include "pkg/reactor/event_loop.h"

#include <algorithm>
#include <utility>

namespace coreflow::reactor {

Time EventLoop::Now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Duration EventLoop::Monotonic() const { return std::chrono::floor<Duration>(Clock::now().time_since_epoch()); }

void EventLoop::Post(std::function<void()> work) {
  {
    std::lock_guard lock(mu_);
    queue_.push_back(std::move(work));
    ++changes_;
  }
  changed_.notify_one();
}

void EventLoop::After(Duration delay, std::function<void()> work) {
  // A delay that the clock can't hold (some 292 years) never comes; adding it would overflow.
  constexpr Duration kLongest = std::chrono::hours(24 * 365 * 100);
  auto due = Clock::now() + std::clamp(delay, Duration(0), kLongest);
  {
    std::lock_guard lock(mu_);
    timers_.push(Timer{.due = due, .sequence = sequence_++, .work = std::move(work)});
    ++changes_;
  }
  changed_.notify_one();
}

size_t EventLoop::queued() const {
  std::lock_guard lock(mu_);
  return queue_.size();
}

void EventLoop::Run(std::stop_token stop) {
  bool prefer_queue = false;
  while (auto work = Next(stop, prefer_queue)) work();
}

std::function<void()> EventLoop::Next(const std::stop_token& stop, bool& prefer_queue) {
  std::unique_lock lock(mu_);
  while (!stop.stop_requested()) {
    bool due = !timers_.empty() && timers_.top().due <= Clock::now();
    if (due && !(prefer_queue && !queue_.empty())) {
      // top() is const only to protect the order, which pop() ends here.
      auto work = std::move(const_cast<Timer&>(timers_.top()).work);
      timers_.pop();
      prefer_queue = true;
      return work;
    }
    if (!queue_.empty()) {
      auto work = std::move(queue_.front());
      queue_.pop_front();
      prefer_queue = false;
      return work;
    }
    // A timer that is set meanwhile may be due before the one waited for, so any change ends the wait.
    uint64_t seen = changes_;
    auto changed = [&] { return changes_ != seen; };
    if (timers_.empty()) {
      changed_.wait(lock, stop, changed);
    } else {
      auto due_next = timers_.top().due;
      changed_.wait_until(lock, stop, due_next, changed);
    }
  }
  return {};
}

}  // namespace coreflow::reactor
