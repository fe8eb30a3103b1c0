#include "pkg/kube/backoff.h"

#include <gtest/gtest.h>

namespace coreflow::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Backoff, DoublesUpToHalfAMinute) {
  Backoff backoff;
  for (int want : {800, 1600, 3200, 6400, 12800, 25600, 30000, 30000}) {
    EXPECT_EQ(backoff.Next(seconds(0), 0), milliseconds(want));
  }
}

TEST(Backoff, AddsUpToAsMuchAgain) {
  EXPECT_EQ(Backoff().Next(seconds(0), 0.5), milliseconds(1200));
  EXPECT_EQ(Backoff().Next(seconds(0), 0.999), milliseconds(1599));
}

TEST(Backoff, BeginsAnewAfterTwoGoodMinutes) {
  Backoff backoff;
  backoff.Next(seconds(0), 0);
  EXPECT_EQ(backoff.Next(minutes(2), 0), milliseconds(1600));
  EXPECT_EQ(backoff.Next(minutes(4) + milliseconds(1), 0), milliseconds(800));
}

}  // namespace
}  // namespace coreflow::kube
