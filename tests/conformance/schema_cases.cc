#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

using json::Array;
using json::Object;

// A workflow with a member more in its spec.
json::Value With(const std::string& name, const std::string& member, json::Value value) {
  Object body = WorkflowBody(name).Members();
  Object spec = body["spec"].Members();
  spec[member] = std::move(value);
  body["spec"] = std::move(spec);
  return body;
}

std::string Fields(const Answer& answer) {
  std::string fields;
  for (const json::Value& cause : answer["details"]["causes"].Elements()) {
    if (!fields.empty()) fields += ", ";
    fields += cause["reason"].StringOr("?") + " " + cause["field"].StringOr("?");
  }
  return fields;
}

void UnknownFieldsAreDroppedWithAWarning(Session& session) {
  const Answer made = session.Post(session.Workflows(), With("w", "foo", 1));
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made.warning, "299 - \"unknown field \\\"spec.foo\\\"\"");
  EXPECT_TRUE(made["spec"]["foo"].IsNull());
  const Answer ignored = session.Post(session.Workflows() + "?fieldValidation=Ignore", With("v", "foo", 1));
  EXPECT_EQ(ignored.Said(), "201");
  EXPECT_EQ(ignored.warning, "");
  EXPECT_TRUE(ignored["spec"]["foo"].IsNull());
}

void UnknownFieldsAreRefusedWhereThatIsAskedFor(Session& session) {
  const Answer refused = session.Post(session.Workflows() + "?fieldValidation=Strict", With("w", "foo", 1));
  EXPECT_EQ(refused.Said(), "400 BadRequest");
  EXPECT_EQ(refused["message"], json::Value("Workflow in version \"v1alpha1\" cannot be handled as a Workflow: strict "
                                            "decoding error: unknown field \"spec.foo\""));
  EXPECT_EQ(session.Post(session.Workflows() + "?fieldValidation=Most", With("w", "foo", 1)).Said(), "422 Invalid");
  Object pod = PodBody("p").Members();
  pod["sepc"] = Object{};
  const Answer no_pod = session.Post(session.Pods() + "?fieldValidation=Strict", pod);
  EXPECT_EQ(no_pod["message"], json::Value("Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: "
                                           "unknown field \"sepc\""));
  const Answer pruned = session.Post(session.Pods(), pod);
  EXPECT_EQ(pruned.Said(), "201");
  EXPECT_EQ(pruned.warning, "299 - \"unknown field \\\"sepc\\\"\"");
  EXPECT_TRUE(pruned["sepc"].IsNull());
}

void UnknownFieldsOfMetadataAreFoundToo(Session& session) {
  const Answer made = session.Post(session.Workflows(), WorkflowBody("w", {{"lables", Object{{"a", "b"}}}}));
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made.warning, "299 - \"unknown field \\\"metadata.lables\\\"\"");
  EXPECT_TRUE(made["metadata"]["lables"].IsNull());
}

void UnknownFieldsOfAPatchAreInvalidWhereThatIsAskedFor(Session& session) {
  session.MakeWorkflow("w");
  const json::Value patch = Object{{"spec", Object{{"foo", 1}}}};
  const Answer warned = session.MergePatch(session.Workflows() + "/w", patch);
  EXPECT_EQ(warned.Said(), "200");
  EXPECT_EQ(warned.warning, "299 - \"unknown field \\\"spec.foo\\\"\"");
  const Answer refused = session.MergePatch(session.Workflows() + "/w?fieldValidation=Strict", patch);
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(Fields(refused), "FieldValueInvalid patch");
}

void WhatDoesNotFitTheSchemaIsInvalidWithItsFields(Session& session) {
  Object step{{"name", "A_"}, {"image", "busybox:1.36"}};
  const Answer refused = session.Post(session.Workflows(), With("w", "steps", Array{step}));
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(Fields(refused), "FieldValueInvalid spec.steps[0].name");
  const Answer empty = session.Post(
      session.Workflows(),
      Object{{"apiVersion", "coreflow.dev/v1alpha1"}, {"kind", "Workflow"}, {"metadata", Object{{"name", "w"}}}});
  EXPECT_EQ(empty.Said(), "422 Invalid");
  EXPECT_EQ(Fields(empty), "FieldValueRequired spec, FieldValueInvalid <nil>");
  session.MakeWorkflow("w");
  EXPECT_EQ(Fields(session.MergePatch(session.Workflows() + "/w", Object{{"spec", Object{{"steps", "x"}}}})),
            "FieldValueTypeInvalid spec.steps, FieldValueInvalid <nil>");
}

void TheRulesOfACrdAreHeld(Session& session) {
  const json::Value step = Object{{"name", "a"}, {"command", Array{"true"}}};
  const Answer refused = session.Post(session.Workflows(), With("w", "steps", Array{step}));
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(Fields(refused), "FieldValueInvalid spec");
  EXPECT_EQ(refused["message"],
            json::Value("Workflow.coreflow.dev \"w\" is invalid: spec: Invalid value: \"object\": each step needs an "
                        "image, its own or the one in defaults.image"));
}

void ARuleComparesWithWhatWasThere(Session& session) {
  session.MakeJob("j");
  const std::string job = session.Collection("coreflow.dev/v1alpha1", "jobs") + "/j";
  const json::Value patch = Object{{"spec", Object{{"template", Object{{"image", "busybox:1.37"}}}}}};
  const Answer refused = session.MergePatch(job, patch);
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(Fields(refused), "FieldValueInvalid spec.template");
}

void AStatusIsHeldToItsSchema(Session& session) {
  session.MakeWorkflow("w");
  const std::string status = session.Workflows() + "/w/status";
  const Answer refused = session.MergePatch(status, Object{{"status", Object{{"state", 1}}}});
  EXPECT_EQ(refused.Said(), "422 Invalid");
  const Answer pruned = session.MergePatch(status, Object{{"status", Object{{"foo", 1}}}});
  EXPECT_EQ(pruned.Said(), "200");
  EXPECT_EQ(pruned.warning, "299 - \"unknown field \\\"status.foo\\\"\"");
}

}  // namespace

std::vector<Case> SchemaCases() {
  return {
      {"UnknownFieldsAreDroppedWithAWarning", UnknownFieldsAreDroppedWithAWarning},
      {"UnknownFieldsAreRefusedWhereThatIsAskedFor", UnknownFieldsAreRefusedWhereThatIsAskedFor},
      {"UnknownFieldsOfMetadataAreFoundToo", UnknownFieldsOfMetadataAreFoundToo},
      {"UnknownFieldsOfAPatchAreInvalidWhereThatIsAskedFor", UnknownFieldsOfAPatchAreInvalidWhereThatIsAskedFor},
      {"WhatDoesNotFitTheSchemaIsInvalidWithItsFields", WhatDoesNotFitTheSchemaIsInvalidWithItsFields},
      {"TheRulesOfACrdAreHeld", TheRulesOfACrdAreHeld},
      {"ARuleComparesWithWhatWasThere", ARuleComparesWithWhatWasThere},
      {"AStatusIsHeldToItsSchema", AStatusIsHeldToItsSchema},
  };
}

}  // namespace coreflow::conformance
