#include "pkg/simulation/faults.h"

#include <gtest/gtest.h>

namespace coreflow::simulation {
namespace {

const http::Request kPatch{.method = "PATCH", .target = "/x"};
const http::Request kGet{.method = "GET", .target = "/x"};
const http::Request kAnyAge{.method = "GET", .target = "/x?resourceVersion=0"};
const http::Request kPost{.method = "POST", .target = "/x"};

std::string Fates(RandomFaults& faults, const http::Request& request, int count) {
  std::string fates;
  for (int i = 0; i < count; ++i) fates += FateName(faults.OnRequest(request).fate) + std::string(" ");
  return fates;
}

TEST(RandomFaults, AreTheSameForASeed) {
  RandomFaults one(7, Turbulent());
  RandomFaults same(7, Turbulent());
  RandomFaults other(8, Turbulent());
  const std::string fates = Fates(one, kPatch, 500);
  EXPECT_EQ(Fates(same, kPatch, 500), fates);
  EXPECT_NE(Fates(other, kPatch, 500), fates);
}

TEST(RandomFaults, TurbulenceHasEveryFault) {
  RandomFaults faults(1, Turbulent());
  for (int i = 0; i < 20'000; ++i) {
    faults.OnRequest(i % 2 == 0 ? kPatch : kAnyAge);
    faults.OnWatch(kGet);
    faults.OnFrame(kGet);
  }
  std::string names;
  for (const auto& [name, count] : faults.fired()) names += count > 0 ? name + " " : "";
  EXPECT_EQ(names,
            "AnswerLost Backwards Conflict Cut Dropped Ended Expired FrameSlow Late Lost ServerError Silence Slow "
            "StaleRead TimedOut TooMany Truncated Twice Unavailable WatchBehind ");
}

TEST(RandomFaults, StopWhenTold) {
  RandomFaults faults(1, {.lost = 1000, .cut = 1000});
  EXPECT_EQ(faults.OnRequest(kGet).fate, Fate::kLost);
  faults.Stop();
  EXPECT_EQ(faults.OnRequest(kGet).fate, Fate::kServed);
  EXPECT_EQ(faults.OnFrame(kGet).kind, FrameFault::Kind::kDelivered);
}

TEST(RandomFaults, ConflictsOnlyMeetWritesThatCanConflict) {
  RandomFaults faults(1, {.conflict = 1000});
  EXPECT_EQ(faults.OnRequest(kPatch).fate, Fate::kConflict);
  EXPECT_EQ(faults.OnRequest(kPost).fate, Fate::kServed);
  EXPECT_EQ(faults.OnRequest(kGet).fate, Fate::kServed);
}

TEST(RandomFaults, OnlyReadsOfAnyAgeAreStale) {
  RandomFaults faults(1, {.stale_read = 1000});
  EXPECT_EQ(faults.OnRequest(kGet).stale_by, 0u);
  EXPECT_GT(faults.OnRequest(kAnyAge).stale_by, 0u);
}

TEST(RandomFaults, AStormIsOfConflictsAndEnds) {
  RandomFaults faults(1, {});
  faults.SetConflicts(1000);
  EXPECT_EQ(faults.OnRequest(kPatch).fate, Fate::kConflict);
  EXPECT_EQ(faults.OnRequest(kPost).fate, Fate::kServed);
  faults.SetConflicts(std::nullopt);
  EXPECT_EQ(faults.OnRequest(kPatch).fate, Fate::kServed);
}

TEST(FaultAt, MeetsTheNthOfItsKind) {
  int after = 0;
  FaultAt faults(IsWrite, 2, {.fate = Fate::kAnswerLost}, [&after] { ++after; });
  EXPECT_EQ(faults.OnRequest(kPost).fate, Fate::kServed);
  EXPECT_EQ(faults.OnRequest(kGet).fate, Fate::kServed);
  EXPECT_EQ(faults.OnRequest(kPost).fate, Fate::kAnswerLost);
  EXPECT_EQ(faults.OnRequest(kPost).fate, Fate::kServed);
  EXPECT_EQ(after, 1);
  EXPECT_EQ(faults.seen(), 3);
}

}  // namespace
}  // namespace coreflow::simulation
