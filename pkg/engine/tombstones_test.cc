#include "pkg/engine/tombstones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/testing/actions.h"

namespace coreflow::engine {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kStart{seconds(1'800'000'000)};
const Action kRelease = ReleasePod{.name = "a", .uid = "uid-a", .done = "Succeeded"};
const Action kSweep = SweepPods{.run_id = "run", .done = {"Succeeded"}};
const Action kDelete = DeleteObject{.resource_version = "7"};
const Action kRemove = RemovePod{.name = "a", .uid = "uid-a"};
const Action kEvent = EmitEvent{.reason = "StepFailed"};

class TombstonesTest : public testing::Test {
 protected:
  Actions Pass(Time now, Actions actions) {
    tombstones_.Pass(now, actions);
    return actions;
  }
  Tombstones tombstones_;
};

TEST_F(TombstonesTest, WithoutAFormerLeaderNothingIsHeldBack) {
  EXPECT_THAT(Pass(kStart, {kRelease, kSweep, kDelete}), ElementsAre(kRelease, kSweep, kDelete));
}

TEST_F(TombstonesTest, WhatFreesANameWaitsUntilTheFormerLeadersRequestsAreOver) {
  const Time until = kStart + seconds(60);
  tombstones_.KeepUntil(until);
  EXPECT_THAT(Pass(kStart, {kRelease, kEvent, kSweep, kDelete}), ElementsAre(kEvent, Action(WakeAt{until})));
  EXPECT_THAT(Pass(until - Duration(1), {}), ElementsAre(Action(WakeAt{until})));
  EXPECT_THAT(Pass(until, {kEvent}), ElementsAre(kEvent, kRelease, kSweep, kDelete));
  EXPECT_THAT(Pass(until, {}), IsEmpty()) << "once";
}

TEST_F(TombstonesTest, APodThatNobodyWantsIsDeletedAtOnceForItsFinalizerKeepsTheName) {
  tombstones_.KeepUntil(kStart + seconds(60));
  EXPECT_THAT(Pass(kStart, {kRemove}), ElementsAre(kRemove));
}

TEST_F(TombstonesTest, WhatIsAskedForAgainIsHeldOnce) {
  const Time until = kStart + seconds(60);
  tombstones_.KeepUntil(until);
  EXPECT_THAT(Pass(kStart, {kDelete}), ElementsAre(Action(WakeAt{until})));
  EXPECT_THAT(Pass(kStart + seconds(1), {kDelete}), ElementsAre(Action(WakeAt{until})));
  EXPECT_THAT(Pass(until, {}), ElementsAre(kDelete));
}

TEST_F(TombstonesTest, ACreateWithoutAnswerHoldsForAsLongAsItMayTakeEffect) {
  tombstones_.CreateIsUnsure();
  EXPECT_THAT(Pass(kStart, {kRelease}), ElementsAre(Action(WakeAt{kStart + seconds(60)})));
  EXPECT_THAT(Pass(kStart + seconds(60), {}), ElementsAre(kRelease));
  tombstones_.KeepUntil(kStart + seconds(30));
  EXPECT_THAT(Pass(kStart + seconds(61), {kSweep}), ElementsAre(kSweep));
}

}  // namespace
}  // namespace coreflow::engine
