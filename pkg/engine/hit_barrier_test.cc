#include "pkg/engine/hit_barrier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HitBarrier, AStartWaitsForTheHitsThatThereAre) {
  HitBarrier barrier;
  barrier.NoteHit({.step = 1});
  barrier.HoldStart({.step = 2});
  barrier.NoteHit({.step = 3});
  EXPECT_THAT(barrier.TakeStarts(), IsEmpty());
  barrier.OnStored({.step = 1});
  EXPECT_THAT(barrier.TakeStarts(), ElementsAre(ItemId{.step = 2}));
  EXPECT_THAT(barrier.TakeStarts(), IsEmpty());
  EXPECT_FALSE(barrier.Open());
}

TEST(HitBarrier, AnEndWaitsForAllHits) {
  HitBarrier barrier;
  barrier.NoteHit({.step = 1});
  barrier.HoldEnd({.step = 2});
  barrier.NoteHit({.step = 3});
  barrier.OnStored({.step = 1});
  EXPECT_THAT(barrier.TakeEnds(), IsEmpty());
  barrier.OnStored({.step = 3});
  EXPECT_TRUE(barrier.Open());
  EXPECT_THAT(barrier.TakeEnds(), ElementsAre(ItemId{.step = 2}));
}

}  // namespace
}  // namespace coreflow::engine
