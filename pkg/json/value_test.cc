#include "pkg/json/value.h"

#include <gtest/gtest.h>

namespace coreflow::json {
namespace {

TEST(Value, ChainsThroughWhatIsNotThere) {
  Value pod = Object{{"status", Object{{"phase", "Running"}}}};
  EXPECT_EQ(pod["status"]["phase"].StringOr(""), "Running");
  EXPECT_TRUE(pod["metadata"]["name"].IsNull());
  EXPECT_TRUE(Value(3)["x"].IsNull());
  EXPECT_EQ(pod.Find("spec"), nullptr);
}

TEST(Value, TellsIntegersFromDoubles) {
  EXPECT_FALSE(Value(1) == Value(1.0));
  EXPECT_EQ(Value(1).AsDouble(), 1.0);
  EXPECT_STREQ(Value(1.5).TypeName(), "number");
  EXPECT_STREQ(Value(1).TypeName(), "integer");
}

TEST(Value, ComparesContainersByContent) {
  EXPECT_EQ(Value(Array{1, "a"}), Value(Array{1, "a"}));
  EXPECT_FALSE(Value(Array{1}) == Value(Object{}));
  EXPECT_TRUE(Value(Object{{"a", nullptr}}).Find("a")->IsNull());
}

TEST(Value, FallsBackWhenTheTypeIsAnother) {
  EXPECT_EQ(Value("x").IntOr(7), 7);
  EXPECT_EQ(Value(3).StringOr("none"), "none");
  EXPECT_TRUE(Value().BoolOr(true));
  EXPECT_TRUE(Value("x").Elements().empty());
}

}  // namespace
}  // namespace coreflow::json
