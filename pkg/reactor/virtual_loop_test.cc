#include "pkg/reactor/virtual_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coreflow::reactor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class VirtualLoopTest : public testing::Test {
 protected:
  // Work that writes down its name and the time it ran at.
  std::function<void()> Note(std::string name) {
    return [this, name] { ran_.push_back(name + "@" + std::to_string(loop_.Monotonic().count())); };
  }

  VirtualLoop loop_;
  std::vector<std::string> ran_;
};

TEST_F(VirtualLoopTest, NothingRunsInsidePost) {
  loop_.Post(Note("a"));
  EXPECT_THAT(ran_, ElementsAre());
  EXPECT_EQ(loop_.RunUntilIdle(), 1u);
  EXPECT_THAT(ran_, ElementsAre("a@0"));
}

TEST_F(VirtualLoopTest, WorkRunsInTheOrderItWasPosted) {
  loop_.Post(Note("a"));
  loop_.Post([&] { loop_.Post(Note("c")); });
  loop_.Post(Note("b"));
  loop_.RunUntilIdle();
  EXPECT_THAT(ran_, ElementsAre("a@0", "b@0", "c@0"));
}

TEST_F(VirtualLoopTest, TimersRunAtTheirOwnTimeInOrder) {
  loop_.After(milliseconds(30), Note("late"));
  loop_.After(milliseconds(10), Note("first"));
  loop_.After(milliseconds(10), Note("second"));
  loop_.After(milliseconds(10), [&] { loop_.After(milliseconds(5), Note("nested")); });
  loop_.Advance(milliseconds(40));
  EXPECT_THAT(ran_, ElementsAre("first@10", "second@10", "nested@15", "late@30"));
  EXPECT_EQ(loop_.Monotonic(), milliseconds(40));
}

TEST_F(VirtualLoopTest, TimeStandsStillUntilItIsAdvanced) {
  loop_.After(milliseconds(10), Note("a"));
  EXPECT_EQ(loop_.RunUntilIdle(), 0u);
  loop_.Advance(milliseconds(9));
  EXPECT_THAT(ran_, ElementsAre());
  EXPECT_EQ(loop_.NextTimer(), milliseconds(1));
  EXPECT_TRUE(loop_.AdvanceToNext());
  EXPECT_THAT(ran_, ElementsAre("a@10"));
  EXPECT_FALSE(loop_.AdvanceToNext());
  EXPECT_EQ(loop_.NextTimer(), std::nullopt);
}

TEST_F(VirtualLoopTest, TheWallClockMayJumpWithoutMovingTimers) {
  Time before = loop_.Now();
  loop_.After(seconds(10), Note("a"));
  loop_.JumpWallClock(-hours(1));
  EXPECT_EQ(loop_.Now(), before - hours(1));
  loop_.Advance(seconds(10));
  EXPECT_THAT(ran_, ElementsAre("a@10000"));
  EXPECT_EQ(loop_.Now(), before - hours(1) + seconds(10));
}

TEST_F(VirtualLoopTest, WorkThatPostsItselfForEverEndsAtTheLimit) {
  std::function<void()> again = [&] { loop_.Post(again); };
  loop_.Post(again);
  EXPECT_EQ(loop_.RunUntilIdle(100), 100u);
}

TEST_F(VirtualLoopTest, ExtremeDelaysNeitherOverflowNorRun) {
  loop_.After(Duration::max(), Note("never"));
  loop_.After(Duration::min(), Note("now"));
  loop_.Advance(hours(24 * 365));
  EXPECT_THAT(ran_, ElementsAre("now@0"));
}

}  // namespace
}  // namespace coreflow::reactor
