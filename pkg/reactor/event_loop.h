#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <queue>
#include <stop_token>
#include <vector>

#include "pkg/base/loop.h"

namespace coreflow::reactor {

// The real loop: a queue and timers that one thread works off. Timers that are due go before the queue, one to one, so
// that neither holds the other up.
class EventLoop : public Loop {
 public:
  EventLoop() = default;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs work on the calling thread until `stop` is requested; then the item that runs is finished, and what is left
  // stays for another Run. Not from two threads at once. Work left over is destroyed with the loop.
  void Run(std::stop_token stop);

  Time Now() const override;
  Duration Monotonic() const override;
  void Post(std::function<void()> work) override;
  void After(Duration delay, std::function<void()> work) override;

  // Items that wait to run, timers that are not due left out. Thread-safe.
  size_t queued() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Timer {
    Clock::time_point due;
    uint64_t sequence;  // timers due at once run in the order they were set
    std::function<void()> work;
  };
  struct Later {
    bool operator()(const Timer& a, const Timer& b) const {
      return a.due != b.due ? a.due > b.due : a.sequence > b.sequence;
    }
  };

  // Waits for the next item; empty when `stop` came first. Says in `prefer_queue` which of the two sources is next.
  std::function<void()> Next(const std::stop_token& stop, bool& prefer_queue);

  mutable std::mutex mu_;
  std::condition_variable_any changed_;
  // Guarded by mu_:
  std::deque<std::function<void()>> queue_;
  std::priority_queue<Timer, std::vector<Timer>, Later> timers_;
  uint64_t sequence_ = 0;
  uint64_t changes_ = 0;  // additions so far
};

}  // namespace coreflow::reactor
