#include "pkg/kube/raw_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace coreflow::kube {
namespace {

using testing::ElementsAre;
using testing::Optional;

struct Case {
  std::string object;
  std::optional<std::string> want;  // of the member "a"
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.object.substr(0, 80); }

class RawMemberTest : public testing::TestWithParam<Case> {};

TEST_P(RawMemberTest, FindsTheTextOfAMember) { EXPECT_EQ(RawMember(GetParam().object, "a"), GetParam().want); }

std::string Deep(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

INSTANTIATE_TEST_SUITE_P(
    RawJson, RawMemberTest,
    testing::Values(Case{R"({"a":1})", "1"}, Case{R"( { "b" : [1,2] , "a" : {"x":2} } )", R"({"x":2})"},
                    Case{R"({"b":{"a":1},"a":2})", "2"}, Case{R"({"b":"\"a\":1,","a":"y\\"})", R"("y\\")"},
                    Case{R"({"\u0061":true,"a":1})", "true"},
                    Case{R"({"b":")"
                         "\xff"
                         R"(","a":null})",
                         "null"},
                    Case{R"({"b":1})", {}}, Case{"{}", {}}, Case{"", {}}, Case{"[1]", {}}, Case{R"({"a")", {}},
                    Case{R"({"a":)", {}}, Case{R"({"a":"cut)", R"("cut)"}, Case{R"({"a":"cut\)", R"("cut\)"},
                    Case{R"({"b":)" + Deep(100000) + R"(,"a":3})", "3"}, Case{R"({"b":}]}})", {}}));

TEST(RawJson, SplitsAnArray) {
  EXPECT_THAT(RawElements(R"([ {"x":[1]} , "a,]" ,3])"), Optional(ElementsAre(R"({"x":[1]})", R"("a,]")", "3")));
  EXPECT_THAT(RawElements("[]"), Optional(ElementsAre()));
}

TEST(RawJson, AnArrayThatIsCutIsNone) {
  for (const char* text : {"", "{}", "[", "[1", "[1,", "[1,,2]", R"([{"a":[1])", R"(["x])"}) {
    EXPECT_EQ(RawElements(text), std::nullopt) << text;
  }
}

TEST(RawJson, ReadsStringsAndNothingElse) {
  EXPECT_EQ(RawString(R"({"a":"x\n"})", "a"), "x\n");
  EXPECT_EQ(RawString(R"({"a":1})", "a"), "");
  EXPECT_EQ(RawString(R"({"a":"\x"})", "a"), "");
}

TEST(RawJson, NoPrefixOfATextLeadsOutsideIt) {
  std::string text = R"({"b":{"c":["\"",1,{}]},"a":"x\\\"y"})";
  for (size_t size = 0; size <= text.size(); ++size) {
    std::string part = text.substr(0, size);  // its own memory, so that the sanitizer sees a step too far
    RawMember(part, "a");
    RawElements(part);
    RawString(part, "a");
  }
  EXPECT_EQ(RawString(text, "a"), "x\\\"y");
}

}  // namespace
}  // namespace coreflow::kube
