#include "pkg/store/room.h"

#include <gtest/gtest.h>

#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

class RoomTest : public testing::Test {
 protected:
  uint64_t there_ = 0;  // what a measurement finds
  int measured_ = 0;
  Room room_{16 * kMiB, [this]() -> Result<uint64_t> {
               ++measured_;
               return there_;
             }};
};

TEST_F(RoomTest, TakesUpToItsLimitAndSaysHowMuchThatIs) {
  EXPECT_EQ(CodeOf(room_.Take(16 * kMiB)), "OK");
  there_ = 16 * kMiB;
  const auto more = room_.Take(1);
  ASSERT_EQ(CodeOf(more), "TooMany");
  EXPECT_EQ(more.error().message, "artifacts take 16 MiB and may take 16 MiB");
  room_.GiveBack(kMiB);
  EXPECT_EQ(CodeOf(room_.Take(kMiB)), "OK");
}

TEST_F(RoomTest, CountsWhatIsThereBefore) {
  there_ = 10 * kMiB;
  EXPECT_EQ(CodeOf(room_.Take(7 * kMiB)), "TooMany");
  EXPECT_EQ(CodeOf(room_.Take(6 * kMiB)), "OK");
}

TEST_F(RoomTest, LooksAgainBeforeItRefuses) {
  EXPECT_EQ(CodeOf(room_.Take(16 * kMiB)), "OK");
  there_ = 2 * kMiB;  // another process has swept
  EXPECT_EQ(CodeOf(room_.Take(14 * kMiB)), "OK");
  EXPECT_EQ(measured_, 2);
}

TEST_F(RoomTest, SeesWhatOthersPutBeforeTheyFillItTwice) {
  EXPECT_EQ(CodeOf(room_.Take(2 * kMiB)), "OK");
  there_ = 16 * kMiB;
  EXPECT_EQ(CodeOf(room_.Take(1)), "TooMany");
}

TEST_F(RoomTest, MeasuresSeldom) {
  for (int i = 0; i < 16 * 256; ++i) ASSERT_EQ(CodeOf(room_.Take(4096)), "OK");
  EXPECT_LE(measured_, 16);
}

TEST_F(RoomTest, ABlobThatIsNotKeptGivesItsRoomBack) {
  {
    RoomForBlob blob(room_);
    EXPECT_EQ(CodeOf(blob.Grow(1)), "OK");
    EXPECT_EQ(CodeOf(blob.Grow(16 * kMiB)), "OK");
    there_ = 16 * kMiB;
    EXPECT_EQ(CodeOf(blob.Grow(16 * kMiB + 1)), "TooMany");
    there_ = 0;
  }
  RoomForBlob kept(room_);
  EXPECT_EQ(CodeOf(kept.Grow(16 * kMiB)), "OK");
  kept.Keep();
}

TEST(Room, WithoutALimitTakesAll) {
  Room room(std::nullopt, []() -> Result<uint64_t> { return Error{.message = "nobody asks"}; });
  EXPECT_EQ(CodeOf(room.Take(uint64_t{1} << 60)), "OK");
}

TEST(Room, FilesTakeWholeBlocks) {
  EXPECT_EQ(OnDisk(0), 0u);
  EXPECT_EQ(OnDisk(1), 4096u);
  EXPECT_EQ(OnDisk(4096), 4096u);
  EXPECT_EQ(OnDisk(4097), 8192u);
}

}  // namespace
}  // namespace coreflow::store
