#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

using json::Array;
using json::Object;

constexpr char kApply[] = "application/apply-patch+yaml";

std::string ConfigMaps(const Session& session) { return session.Collection("v1", "configmaps"); }

Answer Apply(Session& session, const std::string& target, const json::Value& config) {
  return session.Patch(target, kApply, config);
}
Answer ApplyData(Session& session, const std::string& query, const Object& data) {
  return Apply(session, ConfigMaps(session) + "/c?" + query, ConfigMapBody("c", data));
}

void AnApplyMakesWhatIsNotThere(Session& session) {
  const Answer made = ApplyData(session, "fieldManager=me", {{"a", "1"}});
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(Managers(made.body), "me Apply");
  const json::Value& entry = made["metadata"]["managedFields"].Elements().at(0);
  EXPECT_EQ(entry["apiVersion"], json::Value("v1"));
  EXPECT_EQ(entry["fieldsType"], json::Value("FieldsV1"));
  EXPECT_EQ(json::Write(entry["fieldsV1"]), R"({"f:data":{"f:a":{}}})");
  const Answer again = ApplyData(session, "fieldManager=me", {{"a", "1"}});
  EXPECT_EQ(again.Said(), "200");
  EXPECT_EQ(VersionOf(again.body), VersionOf(made.body));
  const std::string workflow = session.Workflows() + "/w?fieldManager=me";
  EXPECT_EQ(Apply(session, workflow, WorkflowBody("w")).Said(), "201");
  EXPECT_EQ(Apply(session, workflow, WorkflowBody("w")).Said(), "200");
}

void AnApplyIsYaml(Session& session) {
  const Answer made = session.Raw("PATCH", ConfigMaps(session) + "/c?fieldManager=me", kApply,
                                  "# data\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: \"1\"\n");
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made["data"]["a"], json::Value("1"));
  EXPECT_EQ(session.Raw("PATCH", ConfigMaps(session) + "/c?fieldManager=me", kApply, "a: [").Said(), "400 BadRequest");
}

void WhatIsNoLongerAppliedGoesAway(Session& session) {
  ApplyData(session, "fieldManager=me", {{"a", "1"}, {"b", "1"}});
  session.MergePatch(ConfigMaps(session) + "/c?fieldManager=other", Object{{"data", Object{{"c", "1"}}}});
  const Answer applied = ApplyData(session, "fieldManager=me", {{"a", "1"}});
  EXPECT_EQ(json::Write(applied["data"]), R"({"a":"1","c":"1"})");
  EXPECT_EQ(Managers(applied.body), "me Apply, other Update");
}

void WhatOthersHaveSetIsAConflict(Session& session) {
  ApplyData(session, "fieldManager=me", {{"a", "1"}});
  const Answer refused = ApplyData(session, "fieldManager=you", {{"a", "2"}});
  EXPECT_EQ(refused.Said(), "409 Conflict");
  EXPECT_EQ(refused["message"], json::Value("Apply failed with 1 conflict: conflict with \"me\": .data.a"));
  const json::Value& cause = refused["details"]["causes"].Elements().at(0);
  EXPECT_EQ(json::Write(cause),
            R"({"field":".data.a","message":"conflict with \"me\"","reason":"FieldManagerConflict"})");
  const Answer forced = ApplyData(session, "fieldManager=you&force=true", {{"a", "2"}});
  EXPECT_EQ(forced.Said(), "200");
  EXPECT_EQ(Managers(forced.body), "you Apply");
  EXPECT_EQ(ApplyData(session, "fieldManager=me", {{"a", "2"}}).Said(), "200") << "the same value";
}

void AnApplyNamesItsManager(Session& session) {
  const Answer refused = ApplyData(session, "", {{"a", "1"}});
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(refused["message"],
            json::Value("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is "
                        "required for apply patch"));
  session.MakeConfigMap("c", {{"a", "1"}});
  EXPECT_EQ(session.MergePatch(ConfigMaps(session) + "/c?force=true", Object{}).Said(), "422 Invalid");
}

void WhatTheSchemaDoesNotKnowCannotBeApplied(Session& session) {
  Object config = WorkflowBody("w").Members();
  config["foo"] = 1;
  const Answer refused = Apply(session, session.Workflows() + "/w?fieldManager=me", config);
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(
      refused["message"],
      json::Value(
          "failed to create typed patch object (/w; coreflow.dev/v1alpha1, Kind=Workflow): .foo: field not declared in "
          "schema"));
}

void AnApplyIsValidated(Session& session) {
  Object config = WorkflowBody("w").Members();
  config["spec"] = Object{{"steps", Array{Object{{"name", "A_"}, {"image", "busybox:1.36"}}}}};
  EXPECT_EQ(Apply(session, session.Workflows() + "/w?fieldManager=me", config).Said(), "422 Invalid");
  EXPECT_EQ(session.Get(session.Workflows() + "/w").Said(), "404 NotFound");
}

void ADryRunOfAnApplyStoresNothing(Session& session) {
  EXPECT_EQ(ApplyData(session, "fieldManager=me&dryRun=All", {{"a", "1"}}).Said(), "201");
  EXPECT_EQ(session.Get(ConfigMaps(session) + "/c").Said(), "404 NotFound");
  session.MakeConfigMap("c", {{"a", "1"}});
  EXPECT_EQ(ApplyData(session, "fieldManager=me&dryRun=All&force=true", {{"a", "2"}})["data"]["a"], json::Value("2"));
  EXPECT_EQ(session.Get(ConfigMaps(session) + "/c")["data"]["a"], json::Value("1"));
}

void EveryWriteSaysWhoManages(Session& session) {
  session.MakeConfigMap("c", {{"a", "1"}}, "?fieldManager=maker");
  const std::string target = ConfigMaps(session) + "/c";
  const Answer patched = session.MergePatch(target + "?fieldManager=patcher", Object{{"data", Object{{"b", "1"}}}});
  EXPECT_EQ(Managers(patched.body), "maker Update, patcher Update");
  const Answer taken = session.MergePatch(target + "?fieldManager=patcher", Object{{"data", Object{{"a", "2"}}}});
  EXPECT_EQ(json::Write(taken["metadata"]["managedFields"].Elements().at(1)["fieldsV1"]),
            R"({"f:data":{"f:a":{},"f:b":{}}})");
  const Answer same = session.MergePatch(target + "?fieldManager=nobody", Object{{"data", Object{{"a", "2"}}}});
  EXPECT_EQ(VersionOf(same.body), VersionOf(taken.body));
}

void AStatusHasManagersOfItsOwn(Session& session) {
  session.Post(session.Workflows() + "?fieldManager=maker", WorkflowBody("w"));
  const Answer status = session.MergePatch(session.Workflows() + "/w/status?fieldManager=runner",
                                           Object{{"status", Object{{"state", "Running"}}}});
  EXPECT_EQ(Managers(status.body), "maker Update, runner Update status");
  const json::Value& entry = status["metadata"]["managedFields"].Elements().at(1);
  EXPECT_EQ(json::Write(entry["fieldsV1"]), R"({"f:status":{"f:state":{}}})");
}

}  // namespace

std::vector<Case> ApplyCases() {
  return {
      {"AnApplyMakesWhatIsNotThere", AnApplyMakesWhatIsNotThere},
      {"AnApplyIsYaml", AnApplyIsYaml},
      {"WhatIsNoLongerAppliedGoesAway", WhatIsNoLongerAppliedGoesAway},
      {"WhatOthersHaveSetIsAConflict", WhatOthersHaveSetIsAConflict},
      {"AnApplyNamesItsManager", AnApplyNamesItsManager},
      {"WhatTheSchemaDoesNotKnowCannotBeApplied", WhatTheSchemaDoesNotKnowCannotBeApplied},
      {"AnApplyIsValidated", AnApplyIsValidated},
      {"ADryRunOfAnApplyStoresNothing", ADryRunOfAnApplyStoresNothing},
      {"EveryWriteSaysWhoManages", EveryWriteSaysWhoManages},
      {"AStatusHasManagersOfItsOwn", AStatusHasManagersOfItsOwn},
  };
}

}  // namespace coreflow::conformance
