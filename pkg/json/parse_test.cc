#include "pkg/json/parse.h"

#include <gtest/gtest.h>

#include "pkg/json/shaped.h"
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

using Read = Shape::Read;

constexpr Shape kWithoutB[] = {{"b", Read::kNothing}};
constexpr Shape kAWithoutB[] = {{"a", Read::kAll, kWithoutB}};
constexpr Shape kItemsWithoutAB[] = {{"items", Read::kAll, kAWithoutB}};
constexpr Shape kNameB[] = {{"b"}};
constexpr Shape kOnlyAB[] = {{"a", Read::kNamed, kNameB}, {"x", Read::kNothing}};

struct ShapeCase {
  std::string name;
  Shape shape;
  std::string text;
  std::string want;
};
void PrintTo(const ShapeCase& c, std::ostream* out) { *out << c.name; }

class ParseShapeTest : public testing::TestWithParam<ShapeCase> {};

TEST_P(ParseShapeTest, ReadsWhatTheShapeSays) {
  auto value = Parse(GetParam().text, GetParam().shape);
  std::string got = value ? Write(*value) : value.error().message.substr(0, GetParam().want.size());
  EXPECT_EQ(got, GetParam().want);
}

TEST_P(ParseShapeTest, AValueThatIsThereIsShapedAsItsTextIs) {
  auto whole = Parse(GetParam().text);
  if (!whole) return;  // no value has that text
  EXPECT_EQ(Write(Shaped(*whole, GetParam().shape)), GetParam().want);
}

TEST(Shaped, WhatIsKeptWholeIsShared) {
  constexpr Shape kMembers[] = {{"none", Read::kNothing}};
  const Value value = Object{{"a", Array{1, 2}}};
  EXPECT_EQ(&Shaped(value, {.members = kMembers}).AsObject(), &value.AsObject());
}

constexpr Shape kAllBut{.members = kItemsWithoutAB};
constexpr Shape kOnly{.read = Read::kNamed, .members = kOnlyAB};

INSTANTIATE_TEST_SUITE_P(
    Json, ParseShapeTest,
    testing::Values(
        ShapeCase{"AllButOneInEachElement", kAllBut,
                  R"({"b":1,"items":[{"a":{"b":{"x":1},"c":2},"b":3},{"a":4},{"a":[{"b":5}]}],"a":{"b":6}})",
                  R"({"a":{"b":6},"b":1,"items":[{"a":{"c":2},"b":3},{"a":4},{"a":[{}]}]})"},
        ShapeCase{"OnlyWhatIsNamed", kOnly, R"({"c":1,"x":2,"a":{"c":3,"b":{"c":[4]}}})", R"({"a":{"b":{"c":[4]}}})"},
        ShapeCase{"OnlyWhatIsNamedInEachElement", kOnly, R"([{"c":1,"a":[[{"b":2,"c":3}]]},{}])",
                  R"([{"a":[[{"b":2}]]},{}])"},
        ShapeCase{"NothingIsNamed", {.read = Read::kNamed}, R"({"a":{"b":1}})", "{}"},
        ShapeCase{"OtherTypesAreReadWhole", kOnly, R"({"a":"b"})", R"({"a":"b"})"},
        ShapeCase{"NoObject", kOnly, "7", "7"},
        ShapeCase{"TwiceIsNoticedInWhatIsRead", kOnly, R"({"a":{"b":1,"b":2}})", "not valid JSON: the name \"b\""},
        ShapeCase{"TwiceIsNotNoticedInWhatIsNot", kOnly, R"({"c":1,"c":{"d":1,"d":2}})", "{}"},
        ShapeCase{"BadUtf8IsNoticedInWhatIsNot", kOnly, "{\"c\":\"\xff\"}", "not valid JSON"},
        ShapeCase{"BadSyntaxIsNoticedInWhatIsNot", kOnly, R"({"c":[1,]})", "not valid JSON"},
        ShapeCase{"DepthIsNoticedInWhatIsNot", kOnly, R"({"c":)" + std::string(300, '[') + std::string(300, ']') + "}",
                  "not valid JSON"}),
    [](const auto& info) { return info.param.name; });

TEST(Parse, TakesNestingUpToItsLimit) {
  EXPECT_TRUE(Parse(std::string(200, '[') + std::string(200, ']')).has_value());
  EXPECT_FALSE(Parse(std::string(300, '[') + std::string(300, ']')).has_value());
}

}  // namespace
}  // namespace coreflow::json
