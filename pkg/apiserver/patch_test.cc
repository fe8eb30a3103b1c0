#include <gtest/gtest.h>

#include "pkg/apiserver/json_patch.h"
#include "pkg/apiserver/merge_patch.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {
namespace {

json::Value Read(const char* text) {
  auto value = json::Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : json::Value();
}

struct PatchCase {
  const char* name;
  const char* target;
  const char* patch;
  const char* want;  // the result, or the error's code
};
void PrintTo(const PatchCase& c, std::ostream* out) { *out << c.name; }

class Merges : public testing::TestWithParam<PatchCase> {};

// The examples of RFC 7386, appendix A, that say something of their own.
TEST_P(Merges, AsTheRfcSays) {
  EXPECT_EQ(json::Write(MergePatch(Read(GetParam().target), Read(GetParam().patch))), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7386, Merges,
    testing::Values(PatchCase{"Replaces", R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
                    PatchCase{"Adds", R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
                    PatchCase{"Removes", R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
                    PatchCase{"ReplacesArraysWhole", R"({"a":["b"]})", R"({"a":["c","d"]})", R"({"a":["c","d"]})"},
                    PatchCase{"MergesDeep", R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
                    PatchCase{"DropsNullsOfNewObjects", R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
                    PatchCase{"ReplacesAScalarByAnObject", R"({"a":"foo"})", R"({"a":{"b":1}})", R"({"a":{"b":1}})"}),
    [](const auto& info) { return info.param.name; });

class Patches : public testing::TestWithParam<PatchCase> {};

TEST_P(Patches, AsTheRfcSays) {
  const auto patched = JsonPatch(Read(GetParam().target), Read(GetParam().patch));
  EXPECT_EQ(patched ? json::Write(*patched) : CodeName(patched.error().code), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc6902, Patches,
    testing::Values(
        PatchCase{"AddsAMember", R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])", R"({"a":1,"b":2})"},
        PatchCase{"AddsAnElement", R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])", R"({"a":[1,2,3]})"},
        PatchCase{"AddsAtTheEnd", R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])", R"({"a":[1,2]})"},
        PatchCase{"RefusesAddingPastTheEnd", R"({"a":[1]})", R"([{"op":"add","path":"/a/2","value":2}])", "Conflict"},
        PatchCase{"RefusesAddingWithoutAParent", R"({})", R"([{"op":"add","path":"/a/b","value":2}])", "Conflict"},
        PatchCase{"RemovesAMember", R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])", R"({"b":2})"},
        PatchCase{"RemovesAnElement", R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/0"}])", R"({"a":[2]})"},
        PatchCase{"RefusesRemovingNothing", R"({})", R"([{"op":"remove","path":"/a"}])", "Conflict"},
        PatchCase{"Replaces", R"({"a":{"b":1}})", R"([{"op":"replace","path":"/a/b","value":2}])", R"({"a":{"b":2}})"},
        PatchCase{"ReplacesWhatIsNotThere", R"({})", R"([{"op":"replace","path":"/a","value":1}])", R"({"a":1})"},
        PatchCase{"TestsAndGoesOn", R"({"a":1})", R"([{"op":"test","path":"/a","value":1}])", R"({"a":1})"},
        PatchCase{"StopsAtAFailedTest", R"({"a":1})", R"([{"op":"test","path":"/a","value":2}])", "Conflict"},
        PatchCase{"UnescapesPointers", R"({"a/b":{"c~d":1}})", R"([{"op":"remove","path":"/a~1b/c~0d"}])",
                  R"({"a/b":{}})"},
        PatchCase{"Moves", R"({"a":[1,2]})", R"([{"op":"move","from":"/a/0","path":"/a/1"}])", R"({"a":[2,1]})"},
        PatchCase{"Copies", R"({"a":{"b":1}})", R"([{"op":"copy","from":"/a","path":"/c"}])",
                  R"({"a":{"b":1},"c":{"b":1}})"},
        PatchCase{"RefusesMovingNothing", R"({})", R"([{"op":"move","from":"/a","path":"/b"}])", "Conflict"},
        PatchCase{"RefusesOtherOperations", R"({})", R"([{"op":"frob","path":"/a"}])", "Conflict"},
        PatchCase{"RefusesWhatIsNoList", R"({})", R"({"op":"add"})", "Invalid"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::apiserver
