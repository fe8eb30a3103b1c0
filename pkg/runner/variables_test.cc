#include "pkg/runner/variables.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::runner {
namespace {

constexpr char kPod[] = R"({"metadata": {"name": "p", "namespace": "ci", "uid": "u-1",
    "labels": {"app": "x", "example.com/a.b": "dotted"}}, "spec": {"nodeName": "local"}})";

json::Value Read(const std::string& text) {
  const auto value = json::Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : json::Value();
}

// A ConfigMap `settings` {a: 1, b: 2} and a Secret `token` {key: "s3cret"}.
json::Value Stored(std::string_view resource, const std::string& name) {
  if (resource == "configmaps" && name == "settings") {
    return Read(R"({"kind": "ConfigMap", "data": {"a": "1", "b": "2"}, "binaryData": {"c": "eA=="}})");
  }
  if (resource == "secrets" && name == "token") return Read(R"({"kind": "Secret", "data": {"key": "czNjcmV0"}})");
  return {};
}

struct VariablesCase {
  const char* name;
  const char* container;
  const char* want;  // "A=1 B=2", or the error
};
void PrintTo(const VariablesCase& c, std::ostream* out) { *out << c.name; }

class ContainersVariables : public testing::TestWithParam<VariablesCase> {};

TEST_P(ContainersVariables, AreAsTheKubeletMakesThem) {
  const auto made = VariablesOf(Read(kPod), Read(GetParam().container), Stored);
  std::string shown;
  if (!made) shown = std::string(CodeName(made.error().code)) + ": " + made.error().message;
  if (made) {
    for (const auto& [name, value] : *made) shown += (shown.empty() ? "" : " ") + name + "=" + value;
  }
  EXPECT_EQ(shown, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Runner, ContainersVariables,
    testing::Values(
        VariablesCase{"None", "{}", ""},
        VariablesCase{"Plain", R"({"env": [{"name": "A", "value": "1"}, {"name": "B"}]})", "A=1 B="},
        VariablesCase{"LaterOnesWin", R"({"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]})", "A=2"},
        VariablesCase{"RefersToEarlierOnes", R"j({"env": [
            {"name": "A", "value": "$(B)"}, {"name": "B", "value": "2"}, {"name": "C", "value": "$(B)!"}]})j",
                      "A=$(B) B=2 C=2!"},
        VariablesCase{"FieldsOfThePod", R"({"env": [
            {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}},
            {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
            {"name": "D", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {"name": "E", "valueFrom": {"fieldRef": {"fieldPath": "spec.serviceAccountName"}}}]})",
                      "A=p B=u-1 C=local D=127.0.0.1 E=default"},
        VariablesCase{"LabelsOfThePod", R"({"env": [
            {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['example.com/a.b']"}}},
            {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['none']"}}}]})",
                      "A=x B=dotted C="},
        VariablesCase{"AFieldThatCantBeShown",
                      R"({"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.volumes"}}}]})",
                      "Invalid: field spec.volumes of the pod can't be shown in its environment"},
        VariablesCase{"AKeyOfAConfigMap",
                      R"({"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "b"}}}]})",
                      "A=2"},
        VariablesCase{"AKeyOfASecretDecoded",
                      R"({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "token", "key": "key"}}}]})",
                      "A=s3cret"},
        VariablesCase{"AMissingSecret",
                      R"({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "none", "key": "key"}}}]})",
                      "NotFound: secret \"none\" not found"},
        VariablesCase{"AMissingKey",
                      R"({"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "z"}}}]})",
                      "NotFound: couldn't find key z in configmap settings"},
        VariablesCase{
            "AnOptionalOneIsLeftOut",
            R"({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "none", "key": "key", "optional": true}}}]})",
            ""},
        VariablesCase{"AllOfAConfigMapWithAPrefix",
                      R"({"envFrom": [{"prefix": "P_", "configMapRef": {"name": "settings"}}]})", "P_a=1 P_b=2 P_c=x"},
        VariablesCase{"OwnOnesWinOverAllOfASecret",
                      R"({"envFrom": [{"secretRef": {"name": "token"}}], "env": [{"name": "key", "value": "own"}]})",
                      "key=own"},
        VariablesCase{"AllOfAMissingConfigMap", R"({"envFrom": [{"configMapRef": {"name": "none"}}]})",
                      "NotFound: configmap \"none\" not found"},
        VariablesCase{"AllOfAnOptionalOne", R"({"envFrom": [{"secretRef": {"name": "none", "optional": true}}]})", ""},
        VariablesCase{"FromWhatIsNotKnown", R"({"env": [{"name": "A", "valueFrom": {"fooRef": {}}}]})",
                      "Invalid: variable A comes from what is not known here"}),
    [](const auto& info) { return info.param.name; });

TEST(ExpandTest, AsKubernetesDoes) {
  const Variables variables = {{"A", "1"}, {"B", "$(A)"}};
  struct Case {
    const char* text;
    const char* want;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"plain", "plain"},
      {"$(A)", "1"},
      {"x$(A)y$(A)", "x1y1"},
      {"$$(A)", "$(A)"},
      {"$$$(A)", "$1"},
      {"$(NONE)", "$(NONE)"},
      {"$(B)", "$(A)"},
      {"$A", "$A"},
      {"$(A", "$(A"},
      {"$", "$"},
      {"costs 5$", "costs 5$"},
      {"$()", "$()"},
      {"$$", "$"},
      {"$(A))", "1)"},
  };
  for (const Case& c : cases) EXPECT_EQ(Expand(c.text, variables), c.want) << c.text;
}

}  // namespace
}  // namespace coreflow::runner
