#include "pkg/kube/retry.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace coreflow::kube {
namespace {

using std::chrono::seconds;

struct Case {
  std::string name;
  Verb verb;
  ApiError error;
  std::optional<Duration> want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class NextTryTest : public testing::TestWithParam<Case> {};

TEST_P(NextTryTest, IsOnlyForWhatMayBeSentTwice) {
  Tries tries;
  EXPECT_EQ(NextTry(GetParam().verb, GetParam().error, 10, tries), GetParam().want);
  EXPECT_EQ(tries != Tries{}, GetParam().want.has_value());
}

ApiError Answered(int status, std::optional<Duration> retry_after = {}) {
  return {.error = {Code::kUnavailable, ""}, .status = status, .retry_after = retry_after};
}
ApiError NoAnswer(Code code) { return {.error = {code, ""}}; }

INSTANTIATE_TEST_SUITE_P(
    Retry, NextTryTest,
    testing::Values(Case{"SlowDown", Verb::kCreate, Answered(429, seconds(3)), seconds(3)},
                    Case{"SlowDownWithoutATime", Verb::kGet, Answered(429), {}},
                    Case{"ServerErrorWithATime", Verb::kPatch, Answered(500, seconds(2)), seconds(2)},
                    Case{"ServerErrorWithoutATime", Verb::kGet, Answered(503), {}},
                    Case{"OtherErrorWithATime", Verb::kGet, Answered(409, seconds(2)), {}},
                    Case{"ReadThatGotNoAnswer", Verb::kGet, NoAnswer(Code::kUnavailable), seconds(1)},
                    Case{"ListThatGotNoAnswer", Verb::kList, NoAnswer(Code::kUnavailable), seconds(1)},
                    Case{"CreateThatGotNoAnswer", Verb::kCreate, NoAnswer(Code::kUnavailable), {}},
                    Case{"DeleteThatGotNoAnswer", Verb::kDelete, NoAnswer(Code::kUnavailable), {}},
                    Case{"PatchThatGotNoAnswer", Verb::kPatch, NoAnswer(Code::kUnavailable), {}},
                    Case{"Cancelled", Verb::kGet, NoAnswer(Code::kCancelled), {}},
                    Case{"TooLargeAnAnswer", Verb::kGet, NoAnswer(Code::kInvalid), {}},
                    Case{"NotFound", Verb::kGet, Answered(404), {}},
                    Case{"CredentialsRefused", Verb::kCreate, Answered(401), seconds(0)}),
    [](const auto& info) { return info.param.name; });

TEST(NextTry, EndsAfterTheGivenNumber) {
  Tries tries;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(NextTry(Verb::kGet, Answered(429, seconds(1)), 10, tries));
  EXPECT_FALSE(NextTry(Verb::kGet, Answered(429, seconds(1)), 10, tries));
}

TEST(NextTry, CredentialsAreRefreshedOnceEvenWhereNothingIsRetried) {
  Tries tries;
  EXPECT_TRUE(NextTry(Verb::kCreate, Answered(401), 0, tries));
  EXPECT_FALSE(NextTry(Verb::kCreate, Answered(401), 0, tries));
}

}  // namespace
}  // namespace coreflow::kube
