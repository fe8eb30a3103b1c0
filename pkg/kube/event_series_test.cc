#include "pkg/kube/event_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coreflow::kube {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

Event About(const std::string& name, const std::string& note = "failed") {
  return {
      .regarding = {.kind = "Workflow", .key = {"n", name}, .uid = "u" + name}, .reason = "RunFailed", .note = note};
}

// Events at given moments; the wall clock starts at 1000 s.
class EventSeriesTest : public testing::Test {
 protected:
  // The count that is written; 0: nothing is.
  int64_t Happened(const Event& event, Duration now) {
    auto write = series_.Happened(event, now, Time(seconds(1000)) + now);
    return write ? write->times.count : 0;
  }
  EventSeries series_{100};
};

TEST_F(EventSeriesTest, EqualEventsAreWrittenTwiceAndThenSeldom) {
  EXPECT_EQ(Happened(About("a"), seconds(0)), 1);
  EXPECT_EQ(Happened(About("a"), seconds(1)), 2);
  EXPECT_EQ(Happened(About("a"), seconds(2)), 0);
  EXPECT_EQ(Happened(About("a"), minutes(5)), 0);
  EXPECT_EQ(Happened(About("a"), minutes(5) + seconds(1)), 5);
}

TEST_F(EventSeriesTest, AnotherNoteIsAnotherEvent) {
  EXPECT_EQ(Happened(About("a", "step x failed"), seconds(0)), 1);
  EXPECT_EQ(Happened(About("a", "step y failed"), seconds(0)), 1);
}

TEST_F(EventSeriesTest, ASeriesKeepsItsNameAndItsFirstTime) {
  auto first = series_.Happened(About("a"), seconds(0), Time(seconds(1000)));
  auto second = series_.Happened(About("a"), seconds(9), Time(seconds(1009)));
  EXPECT_EQ(first->key, second->key);
  EXPECT_EQ(second->times, (EventTimes{Time(seconds(1000)), Time(seconds(1009)), 2}));
  EXPECT_NE(series_.Happened(About("b"), seconds(0), Time(seconds(1000)))->key, first->key);
}

TEST_F(EventSeriesTest, CountsThatWereNotWrittenFallDue) {
  for (int i = 0; i < 5; ++i) Happened(About("a"), seconds(i));
  EXPECT_THAT(series_.Due(minutes(1)), IsEmpty());
  auto due = series_.Due(minutes(5) + seconds(1));
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].times.count, 5);
  EXPECT_THAT(series_.Due(minutes(20)), IsEmpty());
}

TEST_F(EventSeriesTest, WhatDidNotHappenForLongIsForgotten) {
  Happened(About("a"), seconds(0));
  series_.Due(minutes(6));
  EXPECT_TRUE(series_.empty());
  EXPECT_EQ(Happened(About("a"), minutes(6)), 1);
}

TEST_F(EventSeriesTest, TheLastCountIsWrittenBeforeASeriesIsForgotten) {
  for (int i = 0; i < 3; ++i) Happened(About("a"), seconds(i));
  auto due = series_.Due(minutes(7));
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].times.count, 3);
  EXPECT_TRUE(series_.empty());
}

TEST_F(EventSeriesTest, AnObjectHasAnAllowance) {
  for (int i = 0; i < 25; ++i) EXPECT_EQ(Happened(About("a", std::to_string(i)), seconds(0)), 1);
  EXPECT_EQ(Happened(About("a", "one too many"), seconds(1)), 0);
  EXPECT_EQ(series_.spam(), 1u);
  EXPECT_EQ(Happened(About("b"), seconds(1)), 1);  // others have their own
  EXPECT_EQ(Happened(About("a", "later"), minutes(5)), 1);
  EXPECT_EQ(Happened(About("a", "later still"), minutes(6)), 0);
}

TEST_F(EventSeriesTest, AFloodNeedsBoundedMemory) {
  int written = 0;
  for (int i = 0; i < 10000; ++i) written += Happened(About("x" + std::to_string(i)), seconds(i)) > 0;
  EXPECT_EQ(written, 10000);
  EXPECT_LE(series_.Due(std::chrono::hours(5)).size(), 100u);
}

}  // namespace
}  // namespace coreflow::kube
