#include "operator/manager/loop_lag.h"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "pkg/reactor/virtual_loop.h"

namespace coreflow::manager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

// A loop whose thread is busy for as long as a test says.
class BusyLoop : public Loop {
 public:
  Time Now() const override { return Time(now_); }
  Duration Monotonic() const override { return now_; }
  void Post(std::function<void()> work) override { posted_.push_back(std::move(work)); }
  void After(Duration delay, std::function<void()> work) override {
    EXPECT_EQ(delay, seconds(1));
    timers_.push_back(std::move(work));
  }

  // Time passes; then all that was posted runs, and all timers.
  void Work(Duration busy) {
    now_ += busy;
    for (auto* queue : {&posted_, &timers_}) {
      for (const auto& work : std::exchange(*queue, {})) work();
    }
  }
  void Pass(Duration span) { now_ += span; }

 private:
  Duration now_{};
  std::vector<std::function<void()>> posted_;
  std::vector<std::function<void()>> timers_;
};

TEST(LoopLag, SaysHowLongEachOneHasWaited) {
  BusyLoop loop;
  std::vector<Duration> waited;
  LoopLag lag(loop, [&](Duration one) { waited.push_back(one); });
  lag.Start();
  loop.Work(milliseconds(3));
  loop.Work(milliseconds(700));
  EXPECT_THAT(waited, ElementsAre(milliseconds(3), milliseconds(700)));
  EXPECT_EQ(lag.Waited(), milliseconds(700));
}

TEST(LoopLag, WhileALoopHangsItSaysForHowLong) {
  BusyLoop loop;
  LoopLag lag(loop, [](Duration) {});
  lag.Start();
  loop.Pass(seconds(30));
  EXPECT_EQ(lag.Waited(), seconds(30));
}

TEST(LoopLag, AnIdleLoopIsAskedOnceASecond) {
  reactor::VirtualLoop loop;
  size_t count = 0;
  LoopLag lag(loop, [&](Duration waited) {
    EXPECT_EQ(waited, Duration(0));
    ++count;
  });
  lag.Start();
  loop.Advance(seconds(10));
  EXPECT_EQ(count, 11u);
}

TEST(LoopLag, WhatIsUnderWayMayComeAfterIt) {
  reactor::VirtualLoop loop;
  {
    LoopLag lag(loop, [](Duration) { ADD_FAILURE(); });
    lag.Start();
  }
  EXPECT_EQ(loop.RunUntilIdle(), 1u);
  EXPECT_EQ(loop.NextTimer(), std::nullopt);
}

}  // namespace
}  // namespace coreflow::manager
