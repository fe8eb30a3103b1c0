#include "pkg/api/value_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <ostream>

#include "pkg/json/parse.h"

namespace coreflow::api {
namespace {

json::Value Json(const std::string& text) { return *json::Parse(text); }

TEST(HasTypeTest, WholeNumbersAreIntegersHoweverTheyAreWritten) {
  EXPECT_TRUE(HasType(ValueType::kInteger, Json("4")));
  EXPECT_TRUE(HasType(ValueType::kInteger, Json("4.0")));
  EXPECT_FALSE(HasType(ValueType::kInteger, Json("4.5")));
  EXPECT_FALSE(HasType(ValueType::kInteger, Json("1e19")));
  EXPECT_FALSE(HasType(ValueType::kInteger, Json("\"4\"")));
  EXPECT_TRUE(HasType(ValueType::kNumber, Json("4.5")));
  EXPECT_FALSE(HasType(ValueType::kString, Json("null")));
}

struct Order {
  std::string smaller;
  std::string greater;
};
void PrintTo(const Order& c, std::ostream* out) { *out << c.smaller << " < " << c.greater; }

class CompareTest : public testing::TestWithParam<Order> {};

TEST_P(CompareTest, IsExactBeyondWhatADoubleHolds) {
  json::Value a = Json(GetParam().smaller), b = Json(GetParam().greater);
  EXPECT_EQ(CompareNumbers(a, b), -1);
  EXPECT_EQ(CompareNumbers(b, a), 1);
  EXPECT_EQ(CompareNumbers(a, a), 0);
}

INSTANTIATE_TEST_SUITE_P(Pairs, CompareTest,
                         testing::Values(Order{"1", "2"}, Order{"1", "1.5"}, Order{"-1.5", "-1"}, Order{"0.5", "1"},
                                         Order{"9007199254740992.0", "9007199254740993"},
                                         Order{"9223372036854775807", "9223372036854775808.0"},
                                         Order{"-1e300", "-9223372036854775808"}, Order{"-0.1", "0"}));

struct ValueCase {
  std::string name;
  Parameter parameter;
  std::string value;
  std::string want;  // empty: allowed
};
void PrintTo(const ValueCase& c, std::ostream* out) { *out << c.name; }

class ParameterCheckTest : public testing::TestWithParam<ValueCase> {};

TEST_P(ParameterCheckTest, SaysWhatIsNotAllowed) {
  json::Binder binder;
  ParameterCheck(GetParam().parameter).Check(Json(GetParam().value), binder);
  EXPECT_EQ(json::Describe(binder.Take()), GetParam().want);
}

Parameter Make(ValueType type) {
  Parameter parameter;
  parameter.name = "p";
  parameter.type = type;
  return parameter;
}

Parameter Bounded(ValueType type, json::Value minimum, json::Value maximum) {
  Parameter parameter = Make(type);
  parameter.minimum = std::move(minimum);
  parameter.maximum = std::move(maximum);
  return parameter;
}

Parameter Matching(const std::string& pattern) {
  Parameter parameter = Make(ValueType::kString);
  parameter.pattern = pattern;
  return parameter;
}

Parameter OneOf(ValueType type, std::vector<json::Value> allowed) {
  Parameter parameter = Make(type);
  parameter.enum_ = std::move(allowed);
  return parameter;
}

INSTANTIATE_TEST_SUITE_P(
    Values, ParameterCheckTest,
    testing::Values(
        ValueCase{"Good", Make(ValueType::kString), "\"x\"", ""},
        ValueCase{"WrongType", Make(ValueType::kInteger), "\"3\"", "parameter p has the type Integer, \"3\" is none"},
        ValueCase{"AtTheMinimum", Bounded(ValueType::kInteger, 1, 3), "1", ""},
        ValueCase{"BelowTheMinimum", Bounded(ValueType::kInteger, 1, 3), "0", "0 is less than the minimum 1"},
        ValueCase{"AboveTheMaximum", Bounded(ValueType::kNumber, 0.5, 1.5), "1.75",
                  "1.75 is greater than the maximum 1.5"},
        ValueCase{"MatchesWhole", Matching("[a-z]+"), "\"abc\"", ""},
        ValueCase{"MatchesInPartOnly", Matching("[a-z]+"), "\"abc1\"", "\"abc1\" does not match the pattern [a-z]+"},
        ValueCase{"AlternativesMatchWhole", Matching("a|ab"), "\"ab\"", ""},
        ValueCase{"BrokenPatternIsPassedOver", Matching("("), "\"ab\"", ""},
        ValueCase{"InTheEnum", OneOf(ValueType::kInteger, {1, 2}), "2.0", ""},
        ValueCase{"NotInTheEnum", OneOf(ValueType::kString, {"a", "b"}), "\"c\"", "\"c\" is not one of [\"a\",\"b\"]"},
        ValueCase{"TooLarge", Make(ValueType::kString), "\"" + std::string(65537, 'x') + "\"",
                  "has 65537 bytes, at most 65536 are allowed"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::api
