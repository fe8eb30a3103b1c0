#include "pkg/api/run_name.h"

#include <gtest/gtest.h>

namespace coreflow::api {
namespace {

TEST(RunNameTest, IsAnObjectAndANumber) {
  EXPECT_EQ(ParseRunName("etl"), (RunName{.object = "etl"}));
  EXPECT_EQ(ParseRunName("etl/3"), (RunName{.object = "etl", .number = 3}));
  EXPECT_EQ(ParseRunName("a.b-c/999999999"), (RunName{.object = "a.b-c", .number = 999'999'999}));
}

TEST(RunNameTest, NothingElseIsOne) {
  for (const char* text : {"", "/", "/3", "etl/", "etl/0", "etl/03", "etl/-1", "etl/1000000000", "etl/3/4", "etl/x",
                           "ETL/3", "etl /3", "../3"}) {
    EXPECT_FALSE(ParseRunName(text)) << text;
  }
}

TEST(RunNameTest, ReadsBack) {
  for (const char* text : {"etl", "etl/3"}) EXPECT_EQ(ToText(ParseRunName(text).value()), text);
}

}  // namespace
}  // namespace coreflow::api
