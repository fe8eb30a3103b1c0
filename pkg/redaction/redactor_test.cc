#include "pkg/redaction/redactor.h"

#include <gmock/gmock.h>

#include "pkg/json/write.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::redaction {
namespace {

using testing::HasSubstr;
using testing::Not;

json::Value Yaml(const std::string& text) {
  auto value = yaml::FromYaml(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

std::string Shown(Subject subject, const std::string& yaml) {
  return json::Write(Redactor().Show(subject, Yaml(yaml)));
}

constexpr char kWorkflow[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata:
  name: pay
  namespace: ci
  labels: {team: red, coreflow.dev/x: one}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"spec":{}}'}
spec:
  parallelism: 3
  parameters: [{name: pin, type: Integer, default: 4711}]
  arguments: [{name: pin, value: 4712}]
  steps:
  - name: a
    image: busybox:1.36
    script: curl -H "X=yy"
    env: [{name: KEY, value: abc}, {name: REF, valueFrom: {secretKeyRef: {name: s, key: k}}}]
    when: params.pin == 1 && params.who == "bob"
    parameters: [{name: pin, value: x}]
    retryPolicy: {limit: 2}
status:
  state: Failed
  conditions: [{type: Succeeded, status: "False", message: "step a: password=abc"}]
  outputs: [{name: total, value: [1, 2]}]
)";

TEST(Redactor, KeepsTheShapeOfAWorkflowAndNoneOfItsValues) {
  EXPECT_EQ(Redactor().Show(Subject::kWorkflow, Yaml(kWorkflow)), Yaml(R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata:
  name: pay
  namespace: ci
  labels: {team: "[left out: 3 bytes]", coreflow.dev/x: one}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "[left out: 11 bytes]"}
spec:
  parallelism: 3
  parameters: [{name: pin, type: Integer, default: "[left out: 4 bytes]"}]
  arguments: [{name: pin, value: "[left out: 4 bytes]"}]
  steps:
  - name: a
    image: busybox:1.36
    script: "[left out: 14 bytes]"
    env: [{name: KEY, value: "[left out: 3 bytes]"}, {name: REF, valueFrom: {secretKeyRef: {name: s, key: k}}}]
    when: params.pin == 1 && params.who == "…"
    parameters: [{name: pin, value: "[left out: 1 bytes]"}]
    retryPolicy: {limit: 2}
status:
  state: Failed
  conditions: [{type: Succeeded, status: "False", message: "step a: password=[masked]"}]
  outputs: [{name: total, value: "[left out: 5 bytes]"}]
)"));
}

struct Case {
  std::string name;
  Subject subject;
  std::string object;  // with CANARY where a secret may be
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class LeftOut : public testing::TestWithParam<Case> {};

TEST_P(LeftOut, IsNotShown) {
  ASSERT_THAT(GetParam().object, HasSubstr("CANARY"));
  EXPECT_THAT(Shown(GetParam().subject, GetParam().object), Not(HasSubstr("CANARY")));
}

INSTANTIATE_TEST_SUITE_P(
    Places, LeftOut,
    testing::Values(
        Case{"a field nobody knows", Subject::kWorkflow, "{spec: {later: {deep: [CANARY]}}}"},
        Case{"a field nobody knows of a step", Subject::kWorkflow, "{spec: {steps: [{later: CANARY}]}}"},
        Case{"an object where a word was expected", Subject::kWorkflow, "{metadata: {name: {x: CANARY}}}"},
        Case{"an object where an expression was expected", Subject::kWorkflow,
             "{spec: {steps: [{when: [{x: CANARY}]}]}}"},
        Case{"an expression that is none", Subject::kWorkflow, "{spec: {outputs: [{name: a, value: \"'CANARY\"}]}}"},
        Case{"overrides of a pod", Subject::kWorkflow, "{spec: {steps: [{pod: {overrides: {a: CANARY}}}]}}"},
        Case{"a sidecar's environment", Subject::kWorkflow,
             "{spec: {steps: [{pod: {sidecars: [{name: s, env: [{name: A, value: CANARY}]}]}}]}}"},
        Case{"when a run was asked for", Subject::kWorkflow, "{status: {run: {requestedAt: CANARY}}}"},
        Case{"a Job's arguments", Subject::kWorkflow, "{spec: {template: {args: [CANARY]}}}"},
        Case{"outputs of a record", Subject::kRecord, "{results: [{step: a, outputs: {x: CANARY, y: {z: CANARY}}}]}"},
        Case{"arguments of a record", Subject::kRecord, "{arguments: [{name: a, value: {b: CANARY}}]}"},
        Case{"a record's spec", Subject::kRecord, "{spec: {steps: [{command: [CANARY]}]}}"},
        Case{"environment of a pod", Subject::kStepPod, "{spec: {containers: [{env: [{name: A, value: CANARY}]}]}}"},
        Case{"arguments of a pod", Subject::kStepPod,
             "{spec: {initContainers: [{args: [CANARY], command: [CANARY]}]}}"},
        Case{"what a container gave", Subject::kStepPod,
             "{status: {containerStatuses: [{state: {terminated: {message: CANARY}}}]}}"},
        Case{"environment of the operator", Subject::kOperatorPod,
             "{spec: {containers: [{env: [{name: A, value: CANARY}]}]}}"},
        Case{"environment in a Deployment", Subject::kDeployment,
             "{spec: {template: {spec: {containers: [{env: [{name: A, value: CANARY}]}]}}}}"},
        Case{"annotations of a Deployment's pods", Subject::kDeployment,
             "{spec: {template: {metadata: {annotations: {a: CANARY}}}}}"},
        Case{"a password among the operator's flags", Subject::kDeployment,
             "{spec: {template: {spec: {containers: [{args: ['--store-s3-endpoint=https://me:CANARY@host']}]}}}}"},
        Case{"data of a ConfigMap", Subject::kConfigMap, "{data: {a: CANARY}, binaryData: {b: CANARY}}"},
        Case{"annotations of an event", Subject::kEvent, "{metadata: {annotations: {a: CANARY}}}"}));

TEST(Redactor, WhatWasLeftOutOfAnObjectIsMaskedInItsMessagesAndInLaterTexts) {
  Redactor redactor;
  const json::Value shown = redactor.Show(
      Subject::kWorkflow,
      Yaml(
          "{spec: {arguments: [{name: a, value: open sesame}]}, status: {steps: [{message: 'no open sesame, it said'}]}}"));
  EXPECT_EQ(shown["status"]["steps"].Elements().at(0)["message"], json::Value("no [masked], it said"));
  EXPECT_EQ(redactor.Show("open sesame"), "[masked]");
  EXPECT_EQ(redactor.Show(Subject::kEvent, Yaml("{note: open sesame}"))["note"], json::Value("[masked]"));
}

TEST(Redactor, WhatIsKeptIsNotMaskedInTexts) {
  Redactor redactor;
  redactor.Show(Subject::kWorkflow, Yaml(kWorkflow));
  EXPECT_EQ(redactor.Show("busybox:1.36 of pay in Failed"), "busybox:1.36 of pay in Failed");
}

TEST(Redactor, WordsOfChartsAndProgramsStayInTexts) {
  Redactor redactor;
  redactor.Show(Subject::kCrd, Yaml("{spec: {versions: [{name: v1, schema: {type: object}}]}}"));
  redactor.Show(
      Subject::kDeployment,
      Yaml("{metadata: {managedFields: [{operation: Update}]}, spec: {template: {spec: {affinity: {a: coreflow}, "
           "containers: [{env: [{name: A, value: open sesame}]}]}}}}"));
  redactor.Show(Subject::kWorkflow,
                Yaml("{metadata: {labels: {team: platform}, managedFields: [{subresource: status}], annotations: "
                     "{meta.helm.sh/release-name: word-count}}}"));
  EXPECT_EQ(redactor.Show("Update of object coreflow, platform, status, word-count: open sesame"),
            "Update of object coreflow, platform, status, word-count: [masked]");
}

TEST(Redactor, EverySubjectHasItsFields) {
  for (int subject = 0; subject <= static_cast<int>(Subject::kCrd); ++subject) {
    const json::Value shown =
        Redactor().Show(static_cast<Subject>(subject), Yaml("{metadata: {name: x, other: word}}"));
    EXPECT_EQ(shown["metadata"]["name"], json::Value("x")) << subject;
    EXPECT_EQ(shown["metadata"]["other"], json::Value("[left out: 4 bytes]")) << subject;
  }
}

}  // namespace
}  // namespace coreflow::redaction
