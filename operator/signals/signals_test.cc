#include "operator/signals/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <future>

namespace coreflow {
namespace {

class SignalTo : public testing::TestWithParam<int> {};

TEST_P(SignalTo, TheProcessAsksItToStop) {
  Signals signals;
  std::promise<void> stopped;
  std::stop_callback callback(signals.Stop(), [&] { stopped.set_value(); });
  EXPECT_FALSE(signals.Stop().stop_requested());
  raise(GetParam());
  stopped.get_future().wait();
  EXPECT_TRUE(signals.Stop().stop_requested());
}

TEST_P(SignalTo, TheProcessBeforeItCouldHandleItIsNotLost) {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, GetParam());
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
  raise(GetParam());
  Signals signals;
  std::promise<void> stopped;
  std::stop_callback callback(signals.Stop(), [&] { stopped.set_value(); });
  stopped.get_future().wait();
}

TEST_P(SignalTo, TheProcessASecondTimeEndsItAtOnce) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        Signals signals;
        raise(SIGTERM);
        raise(GetParam());
      },
      testing::ExitedWithCode(128 + GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Signals, SignalTo, testing::Values(SIGTERM, SIGINT));

TEST(Signals, WithoutASignalTheyEndQuietlyAndCanBeMadeAgain) {
  for (int i = 0; i < 3; ++i) {
    Signals signals;
    EXPECT_FALSE(signals.Stop().stop_requested());
  }
}

TEST(Signals, AfterwardsTheOldHandlersAreBack) {
  struct sigaction before = {};
  sigaction(SIGTERM, nullptr, &before);
  {
    Signals signals;
    struct sigaction during = {};
    sigaction(SIGTERM, nullptr, &during);
    EXPECT_NE(during.sa_handler, before.sa_handler);
  }
  struct sigaction after = {};
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
}

TEST(Signals, APeerThatGoesAwayDoesNotEndTheProcess) {
  Signals signals;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

}  // namespace
}  // namespace coreflow
