#include "pkg/compare/items.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow::compare {
namespace {

using std::chrono::seconds;

// Items of the given values, in this order; null: the value is not known.
Step Of(const std::vector<json::Value>& values) {
  Step step{.name = "each", .ended = true};
  for (const json::Value& value : values) {
    Item item{.index = static_cast<int64_t>(step.items.size()), .ended = true};
    if (!value.IsNull()) item.value = value;
    step.items.push_back(item);
  }
  return step;
}

struct Case {
  std::string name;
  std::vector<json::Value> before;
  std::vector<json::Value> after;
  std::string want;  // indexes: "0=1" the same, "2-" gone, "+3" new
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class PairItemsTest : public testing::TestWithParam<Case> {};

TEST_P(PairItemsTest, FindsTheSame) {
  const Step before = Of(GetParam().before);
  const Step after = Of(GetParam().after);
  std::string pairs;
  for (const ItemPair& pair : PairItems(before, after)) {
    if (!pairs.empty()) pairs += ' ';
    if (pair.before) pairs += std::to_string(*pair.before->index);
    pairs += pair.before && pair.after ? "=" : pair.before ? "-" : "+";
    if (pair.after) pairs += std::to_string(*pair.after->index);
  }
  EXPECT_EQ(pairs, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, PairItemsTest,
    testing::Values(
        Case{.name = "ByValue", .before = {"a", "b", "c"}, .after = {"c", "x", "a"}, .want = "0=2 1- 2=0 +1"},
        Case{.name = "EqualValuesInTheirOrder", .before = {1, 1}, .after = {1, 1.0, 1}, .want = "0=0 1=1 +2"},
        Case{.name = "ByIndexWhereAValueIsUnknown", .before = {"a", nullptr}, .after = {"b", "a"}, .want = "0=0 1=1"},
        Case{.name = "AllNew", .before = {}, .after = {"a"}, .want = "+0"}),
    [](const auto& info) { return info.param.name; });

TEST(TimeTakenTest, IsFromTheFirstStartToTheLastEnd) {
  const Time t{};
  Step step = Of({"a", "b"});
  EXPECT_EQ(TimeTaken(step), std::nullopt) << "it never began";
  step.items[0].start = t + seconds(1);
  step.items[0].end = t + seconds(3);
  step.items[1].start = t + seconds(2);
  step.items[1].end = t + seconds(9);
  EXPECT_EQ(TimeTaken(step), seconds(8));
  step.items[1].taken = true;
  EXPECT_EQ(TimeTaken(step), seconds(2));
  step.items[0].taken = true;
  EXPECT_EQ(TimeTaken(step), seconds(0));
  step.ended = false;
  EXPECT_EQ(TimeTaken(step), std::nullopt) << "it goes on";
}

}  // namespace
}  // namespace coreflow::compare
