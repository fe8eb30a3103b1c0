#include "pkg/api/pod_schema.h"

#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/parse.h"

namespace coreflow::api {
namespace {

struct Case {
  std::string name;
  std::string type;
  std::string value;
  std::string want;  // empty: nothing is wrong
  PodPart part = PodPart::kWhole;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.type << " " << c.value; }

class PodSchemaTest : public testing::TestWithParam<Case> {};

TEST_P(PodSchemaTest, SaysWhereAndWhatWouldBeRight) {
  json::Binder binder(json::UnknownFields::kIgnore, ".pod");
  CheckPodValue(GetParam().type, *json::Parse(GetParam().value), binder, GetParam().part);
  EXPECT_EQ(json::Describe(binder.Take()), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Values, PodSchemaTest,
    testing::Values(Case{"Good", "Volume", R"({"name":"v","configMap":{"name":"c","items":[{"key":"k","path":"p"}]}})",
                         ""},
                    Case{"NullIsAbsent", "Volume", R"({"name":"v","emptyDir":null})", ""},
                    Case{"Misspelt", "Volume", R"({"name":"v","emptydir":{}})",
                         ".pod.emptydir: unknown field; did you mean \"emptyDir\"?"},
                    Case{"Deep", "Container", R"({"name":"c","securityContext":{"capabilities":{"dorp":["ALL"]}}})",
                         ".pod.securityContext.capabilities.dorp: unknown field; did you mean \"drop\"?"},
                    Case{"WrongType", "PodSecurityContext", R"({"runAsUser":"1000"})",
                         ".pod.runAsUser: expected integer, got string \"1000\""},
                    Case{"WrongElement", "PodSecurityContext", R"({"supplementalGroups":[1,"2"]})",
                         ".pod.supplementalGroups[1]: expected integer, got string \"2\""},
                    Case{"ObjectInsteadOfList", "Affinity",
                         R"({"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{}}})",
                         ".pod.podAffinity.requiredDuringSchedulingIgnoredDuringExecution: expected array, got object"},
                    Case{"Missing", "Container", R"({"image":"i"})", ".pod.name: required in a Container"},
                    Case{"Quantities", "ResourceRequirements",
                         R"({"limits":{"cpu":2,"memory":"1Gi","a.b/c":"$[[ params.n ]]"},"requests":{"cpu":"lots"}})",
                         ".pod.requests.cpu: expected quantity such as 500m or 1Gi, got string \"lots\""},
                    Case{"NegativeQuantity", "ResourceRequirements", R"({"limits":{"cpu":-1}})",
                         ".pod.limits.cpu: expected quantity such as 500m or 1Gi, got integer -1"},
                    Case{"IntOrString", "Container", R"({"name":"c","livenessProbe":{"httpGet":{"port":"http"}}})", ""},
                    Case{"OverlayNeedsNamesOnly", "PodSpec", R"({"containers":[{"name":"main","tty":true}]})", "",
                         PodPart::kOverlay},
                    Case{"OverlayWithoutAName", "PodSpec", R"({"containers":[{"tty":true}]})",
                         ".pod.containers[0].name: required in a Container", PodPart::kOverlay},
                    Case{"NotAnObject", "Affinity", "[]", ".pod: expected object, got array"}),
    [](const auto& info) { return info.param.name; });

TEST(PodSchemaTest, ListsNameTheElement) {
  json::Binder binder(json::UnknownFields::kIgnore, ".tolerations");
  CheckPodList("Toleration", *json::Parse(R"([{"key":"a"},null,{"kee":"b"}])"), binder);
  EXPECT_EQ(json::Describe(binder.Take()),
            ".tolerations[1]: expected object, got null; "
            ".tolerations[2].kee: unknown field; did you mean \"key\"?");
}

TEST(PodSchemaTest, AThousandUnknownFieldsAreCountedNotListed) {
  json::Object affinity;
  for (int i = 0; i < 1000; ++i) affinity["x" + std::to_string(i)] = i;
  json::Binder binder;
  CheckPodValue("Affinity", json::Value(affinity), binder);
  std::vector<json::Problem> problems = binder.Take();
  EXPECT_EQ(problems.size(), json::Binder::kMostProblems + 1);
  EXPECT_EQ(problems.back().message, "900 more problems");
}

}  // namespace
}  // namespace coreflow::api
