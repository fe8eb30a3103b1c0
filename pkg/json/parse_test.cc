#include "pkg/json/parse.h"

#include <gtest/gtest.h>

#include <array>

#include "pkg/json/write.h"

namespace coreflow::json {
namespace {

struct Case {
  std::string text;
  std::string want;  // as Write() prints it; starts with "not valid" for an error
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.text.substr(0, 60); }

class ParseTest : public testing::TestWithParam<Case> {};

TEST_P(ParseTest, ReadsOrRefuses) {
  auto value = Parse(GetParam().text);
  std::string got = value ? Write(*value) : value.error().message.substr(0, GetParam().want.size());
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Json, ParseTest,
                         testing::Values(Case{"{\"b\":1,\"a\":[true,null,\"x\"]}", "{\"a\":[true,null,\"x\"],\"b\":1}"},
                                         Case{"9223372036854775807", "9223372036854775807"},
                                         Case{"-9223372036854775808", "-9223372036854775808"},
                                         Case{"18446744073709551615", "1.8446744073709552e+19"}, Case{"1.0", "1.0"},
                                         Case{"0.1", "0.1"}, Case{"\"\\u0000\\u2028\"", "\"\\u0000\xE2\x80\xA8\""},
                                         Case{"", "not valid JSON"}, Case{"{\"a\":1} x", "not valid JSON"},
                                         Case{"{\"a\":1,\"a\":2}", "not valid JSON: the name \"a\""},
                                         Case{"\"\xff\"", "not valid JSON"}, Case{"\"\\ud800\"", "not valid JSON"},
                                         Case{"1e400", "not valid JSON"},
                                         Case{std::string(100000, '['), "not valid JSON"}));

TEST(Parse, LeavesOutTheMemberAtAPath) {
  constexpr std::string_view kText =
      R"({"b":1,"items":[{"a":{"b":{"x":1},"c":2},"b":3},{"a":4},{"a":[{"b":5}]}],"a":{"b":6}})";
  constexpr auto kPath = std::to_array<std::string_view>({"items", "a", "b"});
  auto value = Parse(kText, kPath);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(Write(*value), R"({"a":{"b":6},"b":1,"items":[{"a":{"c":2},"b":3},{"a":4},{"a":[{}]}]})");
}

TEST(Parse, TakesNestingUpToItsLimit) {
  EXPECT_TRUE(Parse(std::string(200, '[') + std::string(200, ']')).has_value());
  EXPECT_FALSE(Parse(std::string(300, '[') + std::string(300, ']')).has_value());
}

}  // namespace
}  // namespace coreflow::json
