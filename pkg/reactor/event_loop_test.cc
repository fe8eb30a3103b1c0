#include "pkg/reactor/event_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace coreflow::reactor {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

// Runs the loop on this thread until Stop() is called from it.
class EventLoopTest : public testing::Test {
 protected:
  void Run() { loop_.Run(stop_.get_token()); }
  void Stop() { stop_.request_stop(); }

  EventLoop loop_;
  std::stop_source stop_;
  std::vector<int> ran_;
};

TEST_F(EventLoopTest, WorkRunsInTheOrderItWasPosted) {
  loop_.Post([&] { ran_.push_back(1); });
  loop_.Post([&] {
    loop_.Post([&] {
      ran_.push_back(3);
      Stop();
    });
    ran_.push_back(2);
  });
  EXPECT_EQ(loop_.queued(), 2u);
  Run();
  EXPECT_THAT(ran_, ElementsAre(1, 2, 3));
  EXPECT_EQ(loop_.queued(), 0u);
}

TEST_F(EventLoopTest, TimersRunInOrderOfTimeAndNotBefore) {
  Duration start = loop_.Monotonic();
  Duration at{};
  loop_.After(milliseconds(20), [&] {
    ran_.push_back(2);
    at = loop_.Monotonic();
    Stop();
  });
  loop_.After(milliseconds(5), [&] { ran_.push_back(1); });
  Run();
  EXPECT_THAT(ran_, ElementsAre(1, 2));
  EXPECT_GE(at - start, milliseconds(19));  // both readings are cut to milliseconds
}

TEST_F(EventLoopTest, AnEarlierTimerSetWhileWaitingIsNotLate) {
  loop_.After(std::chrono::hours(1), [&] { ran_.push_back(2); });
  std::jthread other([&] {
    loop_.After(milliseconds(1), [&] {
      ran_.push_back(1);
      Stop();
    });
  });
  Run();
  EXPECT_THAT(ran_, ElementsAre(1));
}

TEST_F(EventLoopTest, NeitherTimersNorPostsStarveTheOther) {
  int timers = 0;
  int posts = 0;
  std::function<void()> timer = [&] {
    if (++timers > 1000) Stop();
    loop_.After(Duration(0), timer);
  };
  std::function<void()> post = [&] {
    if (++posts > 1000) Stop();
    loop_.Post(post);
  };
  loop_.After(Duration(0), timer);
  loop_.Post(post);
  Run();
  EXPECT_GT(timers, 100);
  EXPECT_GT(posts, 100);
}

TEST_F(EventLoopTest, StopFromAnotherThreadWakesAnIdleLoopAndKeepsWhatIsLeft) {
  std::jthread other([&] { Stop(); });
  Run();
  loop_.Post([&] { ran_.push_back(1); });
  Run();  // already stopped
  EXPECT_THAT(ran_, ElementsAre());
  std::stop_source again;
  loop_.Post([&] { again.request_stop(); });
  loop_.Run(again.get_token());
  EXPECT_THAT(ran_, ElementsAre(1));
}

TEST_F(EventLoopTest, PostsFromManyThreadsAllRunOnTheLoopsThread) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  auto self = std::this_thread::get_id();
  int ran = 0;
  bool foreign = false;
  auto work = [&] {
    foreign = foreign || std::this_thread::get_id() != self;
    if (++ran == kThreads * kEach) Stop();
  };
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) t % 2 == 0 ? loop_.Post(work) : loop_.After(Duration(0), work);
    });
  }
  Run();
  EXPECT_EQ(ran, kThreads * kEach);
  EXPECT_FALSE(foreign);
}

TEST_F(EventLoopTest, ExtremeDelaysDoNotOverflow) {
  loop_.After(Duration::max(), [&] { ran_.push_back(2); });
  loop_.After(Duration::min(), [&] {
    ran_.push_back(1);
    Stop();
  });
  Run();
  EXPECT_THAT(ran_, ElementsAre(1));
}

}  // namespace
}  // namespace coreflow::reactor
