#include "pkg/engine/overrides.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

struct Case {
  const char* name;
  const char* spec;
  const char* overrides;
  const char* want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class OverridesTest : public testing::TestWithParam<Case> {};

TEST_P(OverridesTest, AreLaidOver) {
  const json::Value got = WithOverrides(*json::Parse(GetParam().spec), *json::Parse(GetParam().overrides));
  EXPECT_EQ(json::WriteCanonical(got), json::WriteCanonical(*json::Parse(GetParam().want)));
}

INSTANTIATE_TEST_SUITE_P(
    All, OverridesTest,
    testing::Values(
        Case{"Members", R"({"a": {"b": 1, "c": 2}})", R"({"a": {"c": 3}, "d": null})",
             R"({"a": {"b": 1, "c": 3}, "d": null})"},
        Case{
            "AContainerByItsName", R"({"containers": [{"name": "main", "image": "i", "command": ["x"]}]})",
            R"({"containers": [{"name": "main", "securityContext": {"runAsNonRoot": true}}]})",
            R"({"containers": [{"name": "main", "image": "i", "command": ["x"], "securityContext": {"runAsNonRoot": true}}]})"},
        Case{"ANewContainerBehindTheOthers", R"({"containers": [{"name": "main"}]})",
             R"({"containers": [{"name": "other"}]})", R"({"containers": [{"name": "main"}, {"name": "other"}]})"},
        Case{"AMountByItsPath",
             R"({"containers": [{"name": "main", "volumeMounts": [{"name": "v", "mountPath": "/a"}]}]})",
             R"({"containers": [{"name": "main", "volumeMounts": [{"name": "v", "mountPath": "/b"}]}]})",
             R"({"containers": [{"name": "main", "volumeMounts": [{"name": "v", "mountPath": "/a"},
                                                                   {"name": "v", "mountPath": "/b"}]}]})"},
        Case{"AVariableByItsName",
             R"({"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}, {"name": "B"}]}]})",
             R"({"containers": [{"name": "main", "env": [{"name": "A", "value": "2"}]}]})",
             R"({"containers": [{"name": "main", "env": [{"name": "A", "value": "2"}, {"name": "B"}]}]})"},
        Case{"ListsOfPlainValuesAreReplaced", R"({"a": ["x"], "tolerations": [{"key": "a"}]})",
             R"({"a": ["y"], "tolerations": [{"key": "b"}]})", R"({"a": ["y"], "tolerations": [{"key": "b"}]})"},
        Case{"ListsInWhichANameStandsTwiceAreReplaced", R"({"volumes": [{"name": "v"}, {"name": "v"}]})",
             R"({"volumes": [{"name": "v", "emptyDir": {}}]})", R"({"volumes": [{"name": "v", "emptyDir": {}}]})"},
        Case{"NothingOfWhatIsNoObject", R"({"a": 1})", R"(["a"])", R"({"a": 1})"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::engine
