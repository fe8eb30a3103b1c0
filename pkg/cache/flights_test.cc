#include "pkg/cache/flights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coreflow::cache {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Flights, TheFirstHasItAndTheOthersWait) {
  Flights flights;
  EXPECT_TRUE(flights.Join("k", "a"));
  EXPECT_FALSE(flights.Join("k", "b"));
  EXPECT_FALSE(flights.Join("k", "c"));
  EXPECT_TRUE(flights.Join("other", "d"));
  EXPECT_THAT(flights.Leave("a"), ElementsAre("b", "c"));
  EXPECT_TRUE(flights.Join("k", "c"));
}

TEST(Flights, OneThatWaitsMayLeave) {
  Flights flights;
  flights.Join("k", "a");
  flights.Join("k", "b");
  EXPECT_THAT(flights.Leave("b"), IsEmpty());
  EXPECT_THAT(flights.Leave("a"), IsEmpty());
  EXPECT_EQ(flights.size(), 0U);
}

TEST(Flights, WhatBeganBeforeIsTakenBesideOthers) {
  Flights flights;
  flights.Take("k", "a");
  flights.Take("k", "b");
  EXPECT_FALSE(flights.Join("k", "c"));
  EXPECT_THAT(flights.Leave("a"), IsEmpty());
  EXPECT_THAT(flights.Leave("b"), ElementsAre("c"));
}

TEST(Flights, WhoTakesAnotherKeyFreesThoseWhoWaitedForTheFirst) {
  Flights flights;
  flights.Join("k", "a");
  flights.Join("k", "b");
  EXPECT_THAT(flights.Take("other", "a"), ElementsAre("b"));
  EXPECT_TRUE(flights.Has("a"));
  EXPECT_TRUE(flights.Join("k", "b"));
}

TEST(Flights, TakingTwiceIsTakingOnce) {
  Flights flights;
  flights.Take("k", "a");
  EXPECT_THAT(flights.Take("k", "a"), IsEmpty());
  EXPECT_TRUE(flights.Has("a"));
  EXPECT_THAT(flights.Leave("a"), IsEmpty());
  EXPECT_FALSE(flights.Has("a"));
  EXPECT_EQ(flights.size(), 0U);
}

TEST(Flights, ANameThatNobodyKnowsLeavesNothing) { EXPECT_THAT(Flights().Leave("a"), IsEmpty()); }

}  // namespace
}  // namespace coreflow::cache
