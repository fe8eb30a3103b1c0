#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "pkg/base/loop.h"

namespace coreflow::reactor {

// A loop whose time passes only when it is told to: for tests and the simulator. Everything on one thread, in an order
// that depends on nothing but the calls: by due time, then in the order it was given.
class VirtualLoop : public Loop {
 public:
  explicit VirtualLoop(Time start = Time(std::chrono::seconds(1'800'000'000)))
      : wall_offset_(start.time_since_epoch()) {}
  VirtualLoop(const VirtualLoop&) = delete;
  VirtualLoop& operator=(const VirtualLoop&) = delete;

  Time Now() const override { return Time(wall_offset_ + now_); }
  Duration Monotonic() const override { return now_; }
  void Post(std::function<void()> work) override { After(Duration(0), std::move(work)); }
  void After(Duration delay, std::function<void()> work) override;

  // Runs the next item if it is due now; false when none is.
  bool RunOne();

  // Runs what is due now, and what that posts, until nothing is due. Gives the number of items; stops at `limit`,
  // which only work that posts itself for ever reaches.
  size_t RunUntilIdle(size_t limit = 1'000'000);

  // Lets `span` pass: every timer on the way runs at its own time. Ends idle.
  void Advance(Duration span);

  // Lets time pass to the next timer and runs what is due then, at most `limit` items; false when there is none.
  bool AdvanceToNext(size_t limit = 1'000'000);

  // How long until the next item is due; zero when one is due now, nullopt when there is none.
  std::optional<Duration> NextTimer() const;

  // Sets the wall clock on or back. Timers and Monotonic() take no notice.
  void JumpWallClock(Duration by) { wall_offset_ += by; }

 private:
  Duration wall_offset_;
  Duration now_{0};
  uint64_t sequence_ = 0;
  std::map<std::pair<Duration, uint64_t>, std::function<void()>> items_;
};

}  // namespace coreflow::reactor
