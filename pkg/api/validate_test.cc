#include "pkg/api/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/parse.h"

namespace coreflow::api {
namespace {

using testing::HasSubstr;

// Binding finds the same broken rules as Validate, so only types matter here.
template <typename T>
T From(const std::string& name, const std::string& spec) {
  Result<json::Value> value = json::Parse(R"({"metadata":{"name":")" + name + R"("},"spec":)" + spec + "}");
  EXPECT_TRUE(value.has_value()) << spec;
  return json::Bind<T>(*value).value;
}

struct Case {
  std::string name;
  std::string spec;
  std::string want;  // empty: nothing is wrong
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.spec; }

// One step with what it needs and these members more.
std::string Step(const std::string& members) { return R"({"steps":[{"name":"a","image":"i",)" + members + "}]}"; }

class WorkflowTest : public testing::TestWithParam<Case> {};
TEST_P(WorkflowTest, SaysWhatIsWrongAndWhatWouldBeRight) {
  EXPECT_EQ(json::Describe(Validate(From<Workflow>("x", GetParam().spec))), GetParam().want);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Steps, WorkflowTest,
    testing::Values(
        Case{"Smallest", R"({"steps":[{"name":"a","image":"i"}]})", ""},
        Case{"None", "{}", ".spec.steps: needs at least one step"},
        Case{
            "Name", R"({"steps":[{"name":"A_b","image":"i"}]})",
            ".spec.steps[0].name: must be 1 to 40 lower-case letters, digits and '-', with a letter first and no '-' last"},
        Case{
            "NoName", R"({"steps":[{"image":"i"}]})",
            ".spec.steps[0].name: must be 1 to 40 lower-case letters, digits and '-', with a letter first and no '-' last"},
        Case{"SameNameInFinally", R"({"steps":[{"name":"a","image":"i"}],"finally":[{"name":"a","image":"i"}]})",
             ".spec.finally[0].name: the name a is taken: it must be unique in steps and finally"},
        Case{"NoImage", R"({"steps":[{"name":"a","script":"x"}]})",
             ".spec.steps[0].image: required: set it here or in .spec.defaults.image"},
        Case{"ImageFromDefaults", R"({"steps":[{"name":"a","script":"x"}],"defaults":{"image":"i"}})", ""},
        Case{
            "ImageReference", R"({"steps":[{"name":"a","image":"Busy box"}]})",
            ".spec.steps[0].image: \"Busy box\" is no image reference such as registry.example/name:tag or name@sha256:…"},
        Case{"ImageWithAnExpression", R"({"steps":[{"name":"a","image":"$[[ params.image ]]"}]})", ""},
        Case{"ScriptAndCommand", Step(R"("script":"x","command":["y"])"),
             ".spec.steps[0].script: not together with command and args: use one of the two"},
        Case{"InterpreterWithoutScript", Step(R"("interpreter":["sh"])"),
             ".spec.steps[0].interpreter: is for a script, and this step has none"},
        Case{"ZeroByte", Step(R"("args":["a\u0000b"])"),
             ".spec.steps[0].args[0]: must not have a zero byte, which would end it early"},
        Case{"LongScript", Step(R"("script":")" + std::string(65537, 'x') + "\""),
             ".spec.steps[0].script: has 65537 characters, at most 65536 are allowed; "
             ".spec.steps[0].script: has 65537 bytes, at most 65536 are allowed"},
        Case{"Itself", Step(R"("dependsOn":["a"])"), ".spec.steps[0].dependsOn[0]: a step cannot depend on itself"},
        Case{"Twice", Step(R"("dependsOn":["b","b"])"), ".spec.steps[0].dependsOn[1]: b stands there twice"},
        Case{"RetryNumbers",
             Step(R"("retryPolicy":{"limit":-1,"backoffFactorPercent":50,"retryOn":["Failure","Failure"]})"),
             ".spec.steps[0].retryPolicy.limit: must be at least 0, is -1; "
             ".spec.steps[0].retryPolicy.backoffFactorPercent: must be at least 100, is 50; "
             ".spec.steps[0].retryPolicy.retryOn[1]: Failure stands there twice"},
        Case{"Timeout", Step(R"("timeoutSeconds":0)"), ".spec.steps[0].timeoutSeconds: must be at least 1, is 0"},
        Case{
            "StepParameters",
            R"({"parameters":[{"name":"shards","default":"1"}],"steps":[{"name":"a","image":"i","parameters":[
                 {"name":"shards"},{"name":"shard"},{"name":"other","value":1},{"name":"OTHER","value":1}]}]})",
            ".spec.steps[0].parameters[3].name: must be 1 to 63 letters, digits and '_', starting with a lower-case letter; "
            ".spec.steps[0].parameters[1].name: the run has no parameter shard, and there is no value; did you mean \"shards\"?"},
        Case{"OutputsThatCollide", Step(R"("outputs":[{"name":"aB"},{"name":"ab"},{"name":"aB"}])"),
             ".spec.steps[0].outputs[1].name: is the same as aB in upper case, which must not be; "
             ".spec.steps[0].outputs[2].name: there is another output with the name aB"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Containers, WorkflowTest,
    testing::Values(
        Case{"Env", Step(R"("env":[{"name":"1A"},{"name":"PARAM_X"},{"name":"ITEM"},{"name":"A"},{"name":"A"}])"),
             ".spec.steps[0].env[0].name: must be letters, digits, '_', '-' and '.', and not start with a digit; "
             ".spec.steps[0].env[1].name: COREFLOW_…, PARAM_… and ITEM are set by CoreFlow: use another name; "
             ".spec.steps[0].env[2].name: COREFLOW_…, PARAM_… and ITEM are set by CoreFlow: use another name; "
             ".spec.steps[0].env[4].name: there is another variable with the name A"},
        Case{"EnvSources", Step(R"("env":[{"name":"A","value":"x","valueFrom":{"secretKeyRef":{"name":"s"}}},
                                         {"name":"B","valueFrom":{}}])"),
             ".spec.steps[0].env[0].valueFrom: not together with value: use one of the two; "
             ".spec.steps[0].env[0].valueFrom.secretKeyRef.key: required in a SecretKeySelector; "
             ".spec.steps[0].env[1].valueFrom: needs exactly one source, has 0"},
        Case{"EnvFrom", Step(R"("envFrom":[{"configMapRef":{"name":"c"},"secretRef":{"name":"s"}}])"),
             ".spec.steps[0].envFrom[0]: needs exactly one of configMapRef and secretRef, has 2"},
        Case{"Resources", Step(R"("resources":{"limits":{"memory":"1 GB"},"request":{"cpu":1}})"),
             ".spec.steps[0].resources.limits.memory: expected quantity such as 500m or 1Gi, got string \"1 GB\"; "
             ".spec.steps[0].resources.request: unknown field; did you mean \"requests\"?"},
        Case{"Mounts", Step(R"("volumeMounts":[{"name":"dta","mountPath":"/a"},{"name":"data","mountPath":"/a"},
                                {"name":"data","mountPath":"b:c"}],"pod":{"volumes":[{"name":"data","emptyDir":{}}]})"),
             ".spec.steps[0].volumeMounts[0].name: there is no volume dta in pod.volumes; did you mean \"data\"?; "
             ".spec.steps[0].volumeMounts[1].mountPath: something else is mounted at /a; "
             ".spec.steps[0].volumeMounts[2].mountPath: must be a path without a colon"},
        Case{"MountOfAnInheritedVolume",
             R"({"defaults":{"image":"i","pod":{"volumes":[{"name":"v"}]}},
                 "steps":[{"name":"a","volumeMounts":[{"name":"v","mountPath":"/v"}]},
                          {"name":"b","volumeMounts":[{"name":"v","mountPath":"/v"}],"pod":{"volumes":[]}}]})",
             ".spec.steps[1].volumeMounts[0].name: there is no volume v in pod.volumes"},
        Case{"Ports", Step(R"("ports":[{"containerport":80}])"),
             ".spec.steps[0].ports[0].containerPort: required in a ContainerPort; "
             ".spec.steps[0].ports[0].containerport: unknown field; did you mean \"containerPort\"?"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Pods, WorkflowTest,
    testing::Values(
        Case{
            "Labels", Step(R"("pod":{"labels":{"a b":"c","x":"y z","coreflow.dev/run":"1","w":"$[[ item ]]"}})"),
            ".spec.steps[0].pod.labels[\"a b\"]: the key must be letters, digits, '-', '_' and '.', after an optional PREFIX/; "
            ".spec.steps[0].pod.labels[\"coreflow.dev/run\"]: coreflow.dev/… is CoreFlow's own: use another prefix; "
            ".spec.steps[0].pod.labels.x: the value must be at most 63 letters, digits, '-', '_' and '.', with letters or "
            "digits at both ends"},
        Case{
            "AnnotationsOfASubdomain",
            Step(R"("pod":{"annotations":{"x.coreflow.dev/a":"1","notcoreflow.dev/a":"any ü"}})"),
            ".spec.steps[0].pod.annotations[\"x.coreflow.dev/a\"]: coreflow.dev/… is CoreFlow's own: use another prefix"},
        Case{
            "ServiceAccount", Step(R"("pod":{"serviceAccountName":"Build_er"})"),
            ".spec.steps[0].pod.serviceAccountName: must be the name of an object: lower-case letters, digits, '-' and '.'"},
        Case{"Free", Step(R"("pod":{"affinity":{"podAffinty":{}},"securityContext":{"runAsUser":"root"}})"),
             ".spec.steps[0].pod.affinity.podAffinty: unknown field; did you mean \"podAffinity\"?; "
             ".spec.steps[0].pod.securityContext.runAsUser: expected integer, got string \"root\""},
        Case{"Volumes",
             Step(R"("pod":{"volumes":[{"name":"v","emptyDir":{},"secret":{"secretName":"s"}},{"name":"v"}]})"),
             ".spec.steps[0].pod.volumes[1].name: the name v is taken in this pod; "
             ".spec.steps[0].pod.volumes[0]: a volume has one source, this one has 2"},
        Case{
            "ContainerNames",
            Step(
                R"("pod":{"initContainers":[{"name":"main","image":"i"}],"sidecars":[{"name":"s","restartPolicy":"Never"}]})"),
            ".spec.steps[0].pod.initContainers[0].name: the name main is taken in this pod; "
            ".spec.steps[0].pod.sidecars[0].restartPolicy: is Always for a sidecar; leave it out"},
        Case{
            "Overrides", Step(R"("pod":{"overrides":{"hostNetwork":true,"restartPolicy":"Always",
                                  "containers":[{"name":"main","terminationMessagePath":"/x"}]}})"),
            ".spec.steps[0].pod.overrides.restartPolicy: is set by CoreFlow and cannot be overridden; "
            ".spec.steps[0].pod.overrides.containers[0].terminationMessagePath: is set by CoreFlow and cannot be overridden"},
        Case{"InDefaults", R"({"steps":[{"name":"a","image":"i"}],"defaults":{"pod":{"tolerations":[{"kee":"a"}]}}})",
             ".spec.defaults.pod.tolerations[0].kee: unknown field; did you mean \"key\"?"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Parameters, WorkflowTest,
    testing::Values(
        Case{"Bounds", R"({"steps":[{"name":"a","image":"i"}],"parameters":[
                {"name":"p","type":"Integer","minimum":3,"maximum":1,"default":2},{"name":"q","minimum":1,"default":"x"}]})",
             ".spec.parameters[0].minimum: must not be greater than maximum; "
             ".spec.parameters[0].default: 2 is less than the minimum 3; "
             ".spec.parameters[0].default: 2 is greater than the maximum 1; "
             ".spec.parameters[1].minimum: is for Integer and Number; the type is String"},
        Case{"Patterns", R"({"steps":[{"name":"a","image":"i"}],"parameters":[
                {"name":"p","pattern":"(","default":"x"},{"name":"q","type":"Array","pattern":"x","default":[]}]})",
             ".spec.parameters[0].pattern: is no RE2 expression: missing ): (; "
             ".spec.parameters[1].pattern: is for String; the type is Array"},
        Case{"EnumOfAnotherType", R"({"steps":[{"name":"a","image":"i"}],"parameters":[
                {"name":"p","type":"Integer","enum":[1,"2"],"default":1}]})",
             ".spec.parameters[0].enum[1]: parameter p has the type Integer, \"2\" is none"},
        Case{
            "Collision",
            R"({"steps":[{"name":"a","image":"i"}],"parameters":[{"name":"aB","default":""},{"name":"ab","default":""}]})",
            ".spec.parameters[1].name: is the same as aB in upper case, which must not be"},
        Case{"Arguments", R"({"steps":[{"name":"a","image":"i"}],
                "parameters":[{"name":"shards","type":"Integer"},{"name":"q","type":"Boolean"},{"name":"r"}],
                "arguments":[{"name":"shard","value":1},{"name":"q","value":"yes"},{"name":"q","value":true},{"name":"r"}]})",
             ".spec.arguments[0].name: there is no parameter shard; did you mean \"shards\"?; "
             ".spec.arguments[1].value: parameter q has the type Boolean, \"yes\" is none; "
             ".spec.arguments[2].name: there is another argument for q; "
             ".spec.arguments: a value for shards is needed, since the parameter has no default; "
             ".spec.arguments: a value for r is needed, since the parameter has no default"},
        Case{"Results", R"({"steps":[{"name":"a","image":"i"}],"outputs":[{"name":"Total","value":"1"}]})",
             ".spec.outputs[0].name: must be 1 to 63 letters, digits and '_', starting with a lower-case letter"}),
    NameOf);

// One step that takes and leaves these artifacts.
std::string Files(const std::string& inputs, const std::string& outputs = "") {
  return Step(R"("command":["x"],"inputs":{"artifacts":[)" + inputs + R"(]},"outputArtifacts":[)" + outputs + "]");
}

INSTANTIATE_TEST_SUITE_P(
    Artifacts, WorkflowTest,
    testing::Values(
        Case{"GoodArtifacts",
             Files(R"({"name":"m","path":"/in/m","from":"steps.b.artifacts.m"})",
                   R"({"name":"m","path":"/out/m.tar","archive":"TarZstd","optional":true})"),
             ""},
        Case{
            "ArtifactNames",
            Files(R"({"name":"M","path":"/a","from":"x"})", R"({"name":"a","path":"/a"},{"name":"a","path":"/b"})"),
            ".spec.steps[0].inputs.artifacts[0].name: must be at most 40 lower-case letters, digits and '-', and start "
            "with a letter; "
            ".spec.steps[0].outputArtifacts[1].name: there is another artifact with the name a"},
        Case{"ArtifactPaths", Files("", R"({"name":"a","path":"out"},{"name":"b","path":"/a/../b"},
                                           {"name":"c","path":"/proc/1"},{"name":"d","path":"/$[[ item ]]"})"),
             ".spec.steps[0].outputArtifacts[0].path: must be an absolute path such as /data/model, without '//', '.', "
             "'..', ':' or '/' at its end; "
             ".spec.steps[0].outputArtifacts[1].path: must be an absolute path such as /data/model, without '//', '.', "
             "'..', ':' or '/' at its end; "
             ".spec.steps[0].outputArtifacts[2].path: /proc is not the step's: use another path; "
             ".spec.steps[0].outputArtifacts[3].path: can't have an expression: it is the same for every item and run"},
        Case{"ArtifactsInEachOther",
             Files(R"({"name":"a","path":"/in","from":"x"},{"name":"b","path":"/in/b","from":"x"},
                                              {"name":"c","path":"/input","from":"x"})"),
             ".spec.steps[0].inputs.artifacts[1].path: something else is at /in"},
        Case{"ArtifactsOfAnUnknownCommand", Step(R"("outputArtifacts":[{"name":"a","path":"/a"}])"),
             ".spec.steps[0].outputArtifacts: need a command or a script in the step: the image's own command is not "
             "known, so nobody could wait for its end"}),
    NameOf);

TEST(ValidateTest, ObjectNames) {
  const std::string kSpec = R"({"steps":[{"name":"a","image":"i"}]})";
  EXPECT_EQ(json::Describe(Validate(From<Workflow>(std::string(64, 'a'), kSpec))),
            ".metadata.name: has 64 characters, at most 63 are allowed");
  EXPECT_THAT(json::Describe(Validate(From<Workflow>("A", kSpec))), HasSubstr(".metadata.name: must be lower-case"));
}

TEST(ValidateTest, ATooLargeSpecIsNotLookedAtClosely) {
  Workflow workflow = From<Workflow>("x", R"({"steps":[{"name":"a","image":"i"}]})");
  for (int i = 0; i < 20'000; ++i)
    workflow.spec.steps[0].parameters.push_back({.name = "p" + std::to_string(i), .value = {}});
  EXPECT_THAT(json::Describe(Validate(workflow)),
              testing::AllOf(HasSubstr("at most 204800 are allowed"),
                             HasSubstr(".spec.steps[0].parameters: has 20000 elements"),
                             testing::Not(HasSubstr("the run has no parameter"))));
}

TEST(ValidateTest, AJobsTemplateIsAStepWithoutAGraph) {
  EXPECT_EQ(json::Describe(Validate(From<Job>("x", R"({"completions":3,"template":{"image":"i","args":["a"]}})"))), "");
  EXPECT_EQ(json::Describe(Validate(From<Job>("x", R"({"completions":0,"template":{"name":"a","when":"true"}})"))),
            ".spec.completions: must be at least 1, is 0; "
            ".spec.template.name: a Job's template has no such field; use a Workflow for it; "
            ".spec.template.when: a Job's template has no such field; use a Workflow for it; "
            ".spec.template.image: required");
}

}  // namespace
}  // namespace coreflow::api
