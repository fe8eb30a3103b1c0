#include <fstream>
#include <sstream>

#include "pkg/schema/parse_for_test.h"

// The schemas that the project installs itself.
namespace coreflow::schema {
namespace {

Schema Crd(const std::string& name) {
  std::ifstream file("crds/coreflow.dev_" + name + ".yaml");
  EXPECT_TRUE(file.good()) << "tests run in the root of the sources";
  std::stringstream text;
  text << file.rdbuf();
  auto schema = Schema::Parse(Yaml(text.str())["spec"]["versions"].Elements().at(0)["schema"]["openAPIV3Schema"]);
  EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
  return *schema;
}

json::Value Object(const char* kind, const char* text) {
  json::Object object = Yaml(text).Members();
  object.emplace("apiVersion", "coreflow.dev/v1alpha1");
  object.emplace("kind", kind);
  object.emplace("metadata", json::Object{{"name", "a"}});
  return object;
}

TEST(Crds, AllLoad) {
  for (const char* name : {"fences", "jobs", "workflowrecords", "workflows"}) Crd(name);
}

struct Case {
  const char* name;
  const char* crd;
  const char* object;
  const char* old;  // "": there was none
  std::string want{};
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class CrdsTest : public testing::TestWithParam<Case> {};

TEST_P(CrdsTest, AcceptAndRefuse) {
  Schema schema = Crd(GetParam().crd);
  json::Value object = schema.Default(Object("Any", GetParam().object));
  json::Value old = schema.Default(Object("Any", GetParam().old));
  EXPECT_EQ(schema.Prune(object).unknown, std::vector<std::string>());
  EXPECT_EQ(Show(schema.Validate(object, *GetParam().old == '\0' ? nullptr : &old)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, CrdsTest,
    testing::Values(
        Case{.name = "GoodWorkflow",
             .crd = "workflows",
             .object =
                 "spec: {defaults: {image: a}, steps: [{name: x, script: hi}, {name: z, script: ho, dependsOn: [x]}]}",
             .old = ""},
        Case{.name = "WorkflowWithoutSteps",
             .crd = "workflows",
             .object = "spec: {steps: []}",
             .old = "",
             .want = "FieldValueInvalid spec.steps: Invalid value: 0: spec.steps in body should have at least 1 items"},
        Case{.name = "StepWithoutImage",
             .crd = "workflows",
             .object = "spec: {steps: [{name: x, script: hi}]}",
             .old = "",
             .want =
                 "FieldValueInvalid spec: Invalid value: \"object\": each step needs an image, its own or the one in "
                 "defaults.image"},
        Case{.name = "StepThatWaitsForItself",
             .crd = "workflows",
             .object = "spec: {steps: [{name: x, image: a, script: hi, dependsOn: [x]}]}",
             .old = "",
             .want = "FieldValueInvalid spec.steps[0]: Invalid value: \"object\": a step cannot depend on itself"},
        Case{
            .name = "ScriptAndCommand",
            .crd = "workflows",
            .object = "spec: {steps: [{name: x, image: a, script: hi, command: [b]}]}",
            .old = "",
            .want =
                "FieldValueInvalid spec.steps[0]: Invalid value: \"object\": a step has either a script, or command and "
                "args"},
        Case{.name = "StepTwice",
             .crd = "workflows",
             .object = "spec: {steps: [{name: x, image: a}, {name: x, image: a}]}",
             .old = "",
             .want = "FieldValueDuplicate spec.steps[1]: Duplicate value: {\"name\":\"x\"}"},
        Case{.name = "EpochGoesBack",
             .crd = "workflows",
             .object = "{spec: {steps: [{name: x, image: a}]}, status: {epoch: 3}}",
             .old = "{spec: {steps: [{name: x, image: a}]}, status: {epoch: 4}}",
             .want =
                 "FieldValueForbidden status: Forbidden: coreflow-fence: written by a CoreFlow replica that leads no "
                 "more; epoch never goes back"},
        Case{.name = "JobChangesItsTemplate",
             .crd = "jobs",
             .object = "spec: {template: {image: b, script: hi}}",
             .old = "spec: {template: {image: a, script: hi}}",
             .want =
                 "FieldValueInvalid spec.template: Invalid value: \"object\": the template never changes; make a Job "
                 "with another name for another template"},
        Case{.name = "RecordStays",
             .crd = "workflowrecords",
             .object = "{run: 1, index: 0, format: 1, spec: {a: {b: 1}}}",
             .old = "{run: 1, index: 0, format: 1, spec: {a: {b: 1}}}"},
        Case{.name = "RecordChanges",
             .crd = "workflowrecords",
             .object = "{run: 1, index: 0, format: 1, spec: {a: {b: 1}}}",
             .old = "{run: 1, index: 0, format: 1, spec: {a: {b: 2}}}",
             .want = "FieldValueInvalid <nil>: Invalid value: \"object\": a record is written once and never changes"},
        Case{.name = "FenceWithoutEpochs",
             .crd = "fences",
             .object = "spec: {holder: a}",
             .old = "",
             .want = "FieldValueRequired spec.epochs: Required value"},
        Case{.name = "FenceWithBadEpoch",
             .crd = "fences",
             .object = "spec: {epochs: {'0': -1}}",
             .old = "",
             .want =
                 "FieldValueInvalid spec.epochs.0: Invalid value: -1: spec.epochs.0 in body should be greater than or "
                 "equal to 0"}),
    [](const auto& info) { return info.param.name; });

TEST(Crds, LongNamesAreRefused) {
  json::Object object = Object("Workflow", "spec: {steps: [{name: x, image: a}]}").Members();
  object["metadata"] = json::Object{{"name", std::string(64, 'a')}};
  Schema schema = Crd("workflows");
  EXPECT_EQ(
      Show(schema.Validate(schema.Default(object))),
      "FieldValueInvalid <nil>: Invalid value: \"object\": a name of at most 63 characters is needed, since it becomes "
      "the value of a label");
}

}  // namespace
}  // namespace coreflow::schema
