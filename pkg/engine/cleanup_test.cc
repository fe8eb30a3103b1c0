#include "pkg/engine/cleanup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/engine/testing/actions.h"

namespace coreflow::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kStart{seconds(1'800'000'000)};
constexpr bool kBusy = true;
constexpr bool kOver = false;

HeldPod Held(const std::string& name, const std::string& done = "Succeeded") {
  return {.name = name, .uid = "uid-" + name, .done = done};
}

// The pod as it is seen once it was let go.
PodView LetGo(const std::string& name, const std::string& done = "Succeeded") {
  return {.name = name, .uid = "uid-" + name, .done = done};
}

class CleanupTest : public testing::Test {
 protected:
  // What is decided at that moment, one line each: "release a", "remove a", "sweep Succeeded,Failed".
  static std::vector<std::string> Decide(Cleanup& cleanup, Time now, bool busy) {
    Actions actions;
    cleanup.Decide(now, busy, actions);
    std::vector<std::string> lines;
    for (const auto& remove : Only<RemovePod>(actions)) lines.push_back("remove " + remove.name);
    for (const auto& release : Only<ReleasePod>(actions)) lines.push_back("release " + release.name);
    for (const auto& sweep : Only<SweepPods>(actions)) {
      std::string done;
      for (const std::string& value : sweep.done) done += (done.empty() ? "" : ",") + value;
      lines.push_back("sweep " + done);
    }
    EXPECT_EQ(lines.size(), actions.size()) << "nothing else is decided here";
    return lines;
  }
  std::vector<std::string> Decide(Time now, bool busy) { return Decide(cleanup_, now, busy); }

  Cleanup cleanup_{"run", api::PodCleanup::kOnSuccess};
};

TEST_F(CleanupTest, APodWaitsTwentySecondsWhileTheRunIsBusy) {
  cleanup_.Release(Held("a"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty());
  EXPECT_EQ(cleanup_.NextWake(), kStart + seconds(20));
  EXPECT_THAT(Decide(kStart + seconds(20) - milliseconds(1), kBusy), IsEmpty());
  EXPECT_THAT(Decide(kStart + seconds(20), kBusy), ElementsAre("release a"));
  EXPECT_FALSE(cleanup_.Idle()) << "it was asked for and not seen yet";
  EXPECT_THAT(cleanup_.Held(), ElementsAre(Held("a")));
}

TEST_F(CleanupTest, AtTheEndOfTheRunNothingWaits) {
  cleanup_.Release(Held("a"));
  cleanup_.Release(Held("b"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty());
  EXPECT_THAT(Decide(kStart + seconds(1), kOver), ElementsAre("release a", "release b"));
  cleanup_.Released(LetGo("a"));
  cleanup_.Released(LetGo("b"));
  EXPECT_THAT(Decide(kStart + seconds(2), kOver), ElementsAre("sweep Succeeded"));
  EXPECT_TRUE(cleanup_.Idle());
  EXPECT_EQ(cleanup_.NextWake(), std::nullopt);
}

TEST_F(CleanupTest, ReleasedTwiceIsReleasedOnce) {
  cleanup_.Release(Held("a"));
  cleanup_.Release(Held("a"));
  EXPECT_THAT(Decide(kStart, kOver), ElementsAre("release a"));
}

TEST_F(CleanupTest, APodThatIsBeingDeletedGoesAtOnce) {
  cleanup_.Release(Held("a"));
  cleanup_.Release(Held("b"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty());
  cleanup_.Hurry("b");
  EXPECT_THAT(Decide(kStart, kBusy), ElementsAre("release b"));
  EXPECT_THAT(Decide(kStart + seconds(20), kBusy), ElementsAre("release a")) << "b only once";
}

TEST_F(CleanupTest, APodThatWasBeingDeletedBeforeItCouldGoDoesNotWaitEither) {
  cleanup_.Hurry("a");
  cleanup_.Release(Held("a"));
  EXPECT_THAT(Decide(kStart, kBusy), ElementsAre("release a"));
}

TEST_F(CleanupTest, HurryEndsWithThePod) {
  cleanup_.Hurry("a");
  EXPECT_FALSE(cleanup_.Gone("a", "uid-a")) << "it was not being let go";
  cleanup_.Release(Held("a"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty());
}

TEST_F(CleanupTest, WhatRunsAndShouldNotIsRemovedAtOnce) {
  cleanup_.Remove(Held("a", "Failed"));
  EXPECT_THAT(Decide(kStart, kBusy), ElementsAre("remove a"));
  EXPECT_THAT(Decide(kStart + seconds(60), kOver), IsEmpty()) << "it may run on: nobody has seen it deleted";
  cleanup_.Hurry("a");
  EXPECT_THAT(Decide(kStart + seconds(61), kBusy), ElementsAre("release a"));
}

TEST_F(CleanupTest, APodThatWentByItselfIsNotAskedFor) {
  cleanup_.Release(Held("a"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty());
  EXPECT_FALSE(cleanup_.Gone("a", "uid-of-another"));
  EXPECT_TRUE(cleanup_.Gone("a", "uid-a"));
  EXPECT_THAT(Decide(kStart + seconds(20), kBusy), IsEmpty());
  EXPECT_TRUE(cleanup_.Idle());
}

TEST_F(CleanupTest, SweepsOnceASecond) {
  cleanup_.Released(LetGo("a"));
  EXPECT_THAT(Decide(kStart, kBusy), ElementsAre("sweep Succeeded"));
  cleanup_.Released(LetGo("b"));
  EXPECT_THAT(Decide(kStart + milliseconds(999), kBusy), IsEmpty());
  EXPECT_EQ(cleanup_.NextWake(), kStart + seconds(1));
  EXPECT_THAT(Decide(kStart + seconds(1), kBusy), ElementsAre("sweep Succeeded"));
  EXPECT_THAT(Decide(kStart + seconds(9), kBusy), IsEmpty()) << "nothing is left";
}

TEST_F(CleanupTest, TheLastSweepOfARunDoesNotWait) {
  cleanup_.Released(LetGo("a"));
  EXPECT_THAT(Decide(kStart, kBusy), ElementsAre("sweep Succeeded"));
  cleanup_.Released(LetGo("b"));
  EXPECT_THAT(Decide(kStart + milliseconds(1), kOver), ElementsAre("sweep Succeeded"));
}

TEST_F(CleanupTest, APodThatIsSeenTwiceIsSweptOnce) {
  cleanup_.Released(LetGo("a"));  // by the answer
  EXPECT_THAT(Decide(kStart, kOver), ElementsAre("sweep Succeeded"));
  cleanup_.Released(LetGo("a"));  // by the watch
  EXPECT_THAT(Decide(kStart + seconds(1), kOver), IsEmpty());
  EXPECT_TRUE(cleanup_.Idle());
  EXPECT_THAT(cleanup_.Swept(), ElementsAre("uid-a"));
  cleanup_.Gone("a", "uid-a");
  EXPECT_THAT(cleanup_.Swept(), IsEmpty());
}

TEST_F(CleanupTest, WhatIsBeingDeletedIsNotSwept) {
  PodView pod = LetGo("a");
  pod.deletion_time = kStart;
  cleanup_.Released(pod);
  EXPECT_THAT(Decide(kStart, kOver), IsEmpty());
}

TEST_F(CleanupTest, FailedPodsGoOnceTheRunHasSucceeded) {
  cleanup_.Released(LetGo("failed", "Failed"));
  EXPECT_THAT(Decide(kStart, kBusy), IsEmpty()) << "somebody may want to know why";
  EXPECT_TRUE(cleanup_.Idle());
  EXPECT_THAT(cleanup_.Swept(), IsEmpty());
  cleanup_.RunSucceeded();
  EXPECT_FALSE(cleanup_.Idle());
  EXPECT_THAT(Decide(kStart, kOver), ElementsAre("sweep Succeeded,Failed"));
  EXPECT_THAT(cleanup_.Swept(), ElementsAre("uid-failed"));
}

struct PolicyCase {
  api::PodCleanup policy;
  std::string succeeded;  // what follows from a pod of a successful attempt; empty: nothing
  std::string failed;     // and from one of a failed attempt

  friend void PrintTo(const PolicyCase& c, std::ostream* out) { *out << c.succeeded << "/" << c.failed; }
};

class CleanupPolicyTest : public CleanupTest, public testing::WithParamInterface<PolicyCase> {};

TEST_P(CleanupPolicyTest, SaysWhichPodsAreSwept) {
  for (const std::string done : {"Succeeded", "Failed"}) {
    Cleanup cleanup("run", GetParam().policy);
    cleanup.Released(LetGo("a", done));
    const std::string& want = done == "Succeeded" ? GetParam().succeeded : GetParam().failed;
    EXPECT_EQ(Decide(cleanup, kStart, kBusy), want.empty() ? std::vector<std::string>{} : std::vector{want}) << done;
  }
}

INSTANTIATE_TEST_SUITE_P(All, CleanupPolicyTest,
                         testing::Values(PolicyCase{api::PodCleanup::kOnSuccess, "sweep Succeeded", ""},
                                         PolicyCase{api::PodCleanup::kOnCompletion, "sweep Succeeded,Failed",
                                                    "sweep Succeeded,Failed"},
                                         PolicyCase{api::PodCleanup::kNever, "", ""}));

}  // namespace
}  // namespace coreflow::engine
