#include "pkg/store/http_date.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::store {
namespace {

TEST(HttpDateTest, ReadsTheFormOfRfc9110AndNothingElse) {
  const auto read = [](const char* text) {
    const auto time = ParseHttpDate(text);
    return time ? FormatTime(*time) : "nothing";
  };
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), "1994-11-06T08:49:37Z");
  EXPECT_EQ(read("Thu, 29 Feb 2024 00:00:00 GMT"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(read("Thu, 30 Feb 2024 00:00:00 GMT"), "nothing");
  EXPECT_EQ(read("Sun, 06 ovD 1994 08:49:37 GMT"), "nothing");
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 CET"), "nothing");
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:3x GMT"), "nothing");
  EXPECT_EQ(read("Sunday, 06-Nov-94 08:49:37 GMT"), "nothing");
  EXPECT_EQ(read(""), "nothing");
}

}  // namespace
}  // namespace coreflow::store
