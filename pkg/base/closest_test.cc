#include "pkg/base/closest.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow {
namespace {

struct Case {
  std::string word;
  std::string want;  // empty: nothing is near
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.word; }

class ClosestTest : public testing::TestWithParam<Case> {};

TEST_P(ClosestTest, FindsWhatWasMeant) {
  std::vector<std::string_view> fields = {"image", "args", "env", "envFrom", "retryPolicy", "timeoutSeconds"};
  EXPECT_EQ(Closest(GetParam().word, fields).value_or(""), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Words, ClosestTest,
                         testing::Values(Case{"imgae", "image"}, Case{"retrypolicy", "retryPolicy"},
                                         Case{"retryPolcy", "retryPolicy"}, Case{"arg", "args"},
                                         Case{"env_from", "envFrom"}, Case{"timeoutSecond", "timeoutSeconds"},
                                         Case{"restartPolicy", "retryPolicy"}, Case{"podPriority", ""}, Case{"x", ""},
                                         Case{"", ""}, Case{std::string(100'000, 'a'), ""}));

TEST(ClosestTest, ALetterIsNotMeantByAWord) {
  EXPECT_EQ(Closest("biuld", {"b", "build"}).value_or(""), "build");
  EXPECT_EQ(Closest("x", {"b"}), std::nullopt);
}

TEST(DidYouMeanTest, SaysNothingWithoutACandidate) {
  EXPECT_EQ(DidYouMean("imgae", {"image"}), "; did you mean \"image\"?");
  EXPECT_EQ(DidYouMean("zzz", {"image"}), "");
}

}  // namespace
}  // namespace coreflow
