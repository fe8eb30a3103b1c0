#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

json::Value Metadata(json::Object metadata) { return json::Object{{"metadata", std::move(metadata)}}; }
json::Value Status(json::Object status) { return json::Object{{"status", std::move(status)}}; }

json::Value Without(const json::Value& object, const char* field) {
  json::Object metadata = object["metadata"].Members();
  metadata.erase(field);
  json::Object members = object.Members();
  members["metadata"] = std::move(metadata);
  return members;
}

void AnOutdatedPutIsAConflict(Session& session) {
  const json::Value old = session.MakeLease("a");
  session.MergePatch(session.Leases() + "/a", Metadata({{"labels", json::Object{{"app", "x"}}}}));
  const Answer put = session.Put(session.Leases() + "/a", old);
  EXPECT_EQ(put.Said(), "409 Conflict");
  EXPECT_EQ(put["message"],
            json::Value("Operation cannot be fulfilled on leases.coordination.k8s.io \"a\": the object has been "
                        "modified; please apply your changes to the latest version and try again"));
}

void AnOutdatedPatchIsAConflictAndAPatchWithoutVersionIsNot(Session& session) {
  const json::Value old = session.MakeLease("a");
  const json::Value labels = json::Object{{"app", "x"}};
  EXPECT_EQ(session.MergePatch(session.Leases() + "/a", Metadata({{"labels", labels}})).Said(), "200");
  const json::Value guarded = Metadata({{"labels", json::Object{{"app", "y"}}}, {"resourceVersion", VersionOf(old)}});
  EXPECT_EQ(session.MergePatch(session.Leases() + "/a", guarded).Said(), "409 Conflict");
}

void APutWithoutVersionIsInvalidWhereItMatters(Session& session) {
  const json::Value lease = session.MakeLease("a");
  const json::Value workflow = session.MakeWorkflow("w");
  EXPECT_EQ(session.Put(session.Leases() + "/a", Without(lease, "resourceVersion")).Said(), "422 Invalid");
  EXPECT_EQ(session.Put(session.Workflows() + "/w", Without(workflow, "resourceVersion")).Said(), "422 Invalid");
  const json::Value pod = session.MakePod("p");
  EXPECT_EQ(session.Put(session.Pods() + "/p", Without(pod, "resourceVersion")).Said(), "200");
}

void AnotherUidIsRefused(Session& session) {
  constexpr const char* kOther = "00000000-0000-4000-8000-000000000000";
  json::Object body = Without(session.MakePod("p"), "resourceVersion").Members();
  json::Object metadata = body["metadata"].Members();
  metadata["uid"] = kOther;
  body["metadata"] = std::move(metadata);
  EXPECT_EQ(session.Put(session.Pods() + "/p", body).Said(), "409 Conflict");
  EXPECT_EQ(session.MergePatch(session.Pods() + "/p", Metadata({{"uid", kOther}})).Said(), "422 Invalid");
  EXPECT_EQ(session.MergePatch(session.Pods() + "/p/status", Metadata({{"uid", kOther}})).Said(), "422 Invalid");
}

void OfACustomObjectsStatusTheUidIsNotLookedAt(Session& session) {
  session.MakeWorkflow("w");
  json::Object patch = Status({{"state", "Running"}}).Members();
  patch["metadata"] = json::Object{{"uid", "00000000-0000-4000-8000-000000000000"}};
  EXPECT_EQ(session.MergePatch(session.Workflows() + "/w/status", patch).Said(), "200");
}

void TheGenerationCountsChangesOfTheSpec(Session& session) {
  session.MakeWorkflow("w");
  const std::string at = session.Workflows() + "/w";
  const auto generation = [&](const Answer& answer) { return answer["metadata"]["generation"].IntOr(-1); };
  EXPECT_EQ(generation(session.MergePatch(at, Metadata({{"labels", json::Object{{"a", "b"}}}}))), 1);
  EXPECT_EQ(generation(session.MergePatch(at + "/status", Status({{"state", "Running"}}))), 1);
  EXPECT_EQ(generation(session.MergePatch(at, json::Object{{"spec", json::Object{{"suspend", true}}}})), 2);
  EXPECT_EQ(generation(session.MergePatch(at, json::Object{{"spec", json::Object{{"suspend", true}}}})), 2);
}

void StatusAndSpecAreWrittenApart(Session& session) {
  session.MakeWorkflow("w");
  const std::string at = session.Workflows() + "/w";
  json::Object both = Status({{"state", "Running"}}).Members();
  both["spec"] = json::Object{{"suspend", true}};
  both["metadata"] = json::Object{{"labels", json::Object{{"a", "b"}}}};
  const Answer status = session.MergePatch(at + "/status", both);
  EXPECT_EQ(status["status"]["state"], json::Value("Running"));
  EXPECT_TRUE(status["spec"]["suspend"].IsNull());
  EXPECT_TRUE(status["metadata"]["labels"].IsNull());
  const Answer spec = session.MergePatch(
      at, json::Object{{"spec", json::Object{{"suspend", true}}}, {"status", json::Object{{"state", "Failed"}}}});
  EXPECT_EQ(spec["status"]["state"], json::Value("Running"));
  EXPECT_EQ(spec["spec"]["suspend"], json::Value(true));
}

void NullRemovesInAMergePatch(Session& session) {
  session.MakeLease("a", {{"app", "x"}, {"tier", "1"}});
  const Answer patched =
      session.MergePatch(session.Leases() + "/a", Metadata({{"labels", json::Object{{"app", nullptr}}}}));
  EXPECT_EQ(patched["metadata"]["labels"], json::Value(json::Object{{"tier", "1"}}));
}

void AJsonPatchIsDoneWholeOrNotAtAll(Session& session) {
  session.MakeLease("a", {{"app", "x"}});
  const auto operation = [](const char* op, const char* path, json::Value value) {
    return json::Object{{"op", op}, {"path", path}, {"value", std::move(value)}};
  };
  const json::Value failing =
      json::Array{operation("add", "/metadata/labels/new", "1"), operation("test", "/metadata/labels/app", "y")};
  EXPECT_EQ(session.JsonPatch(session.Leases() + "/a", failing).Said(), "422 Invalid");
  EXPECT_TRUE(session.Get(session.Leases() + "/a")["metadata"]["labels"]["new"].IsNull());
  const json::Value passing =
      json::Array{operation("test", "/metadata/labels/app", "x"), operation("add", "/metadata/labels/new", "1"),
                  json::Object{{"op", "remove"}, {"path", "/metadata/labels/app"}}};
  EXPECT_EQ(session.JsonPatch(session.Leases() + "/a", passing)["metadata"]["labels"],
            json::Value(json::Object{{"new", "1"}}));
}

void CustomObjectsTakeNoStrategicPatch(Session& session) {
  session.MakeWorkflow("w");
  EXPECT_EQ(session.Patch(session.Workflows() + "/w", "application/strategic-merge-patch+json", json::Object{}).Said(),
            "415 UnsupportedMediaType");
}

void APodsSpecStaysAsItWas(Session& session) {
  session.MakePod("p");
  const std::string at = session.Pods() + "/p";
  EXPECT_EQ(session.MergePatch(at, json::Object{{"spec", json::Object{{"hostNetwork", true}}}}).Said(), "422 Invalid");
  EXPECT_EQ(session.MergePatch(at, json::Object{{"spec", json::Object{{"activeDeadlineSeconds", 60}}}}).Said(), "200");
  EXPECT_EQ(session.MergePatch(at, json::Object{{"spec", json::Object{{"activeDeadlineSeconds", 90}}}}).Said(),
            "422 Invalid");
  const Answer shorter = session.MergePatch(at, json::Object{{"spec", json::Object{{"activeDeadlineSeconds", 30}}}});
  EXPECT_EQ(shorter.Said(), "200");
  EXPECT_EQ(shorter["metadata"]["generation"], json::Value(3));
}

void APodsStatusIsWrittenApart(Session& session) {
  session.MakePod("p");
  const std::string at = session.Pods() + "/p";
  json::Object both = Status({{"phase", "Failed"}, {"reason", "Evicted"}}).Members();
  both["spec"] = json::Object{{"activeDeadlineSeconds", 60}};
  const Answer status = session.MergePatch(at + "/status", both);
  EXPECT_EQ(status["status"]["reason"], json::Value("Evicted"));
  EXPECT_TRUE(status["spec"]["activeDeadlineSeconds"].IsNull());
  EXPECT_EQ(session.MergePatch(at, Status({{"phase", "Running"}}))["status"]["phase"], json::Value("Failed"));
}

void TheServersOwnFieldsAreKept(Session& session) {
  const json::Value made = session.MakeWorkflow("w");
  const Answer patched = session.MergePatch(
      session.Workflows() + "/w",
      Metadata(
          {{"creationTimestamp", "2001-01-01T00:00:00Z"}, {"generation", 77}, {"labels", json::Object{{"a", "b"}}}}));
  EXPECT_EQ(patched.Said(), "200");
  EXPECT_EQ(patched["metadata"]["creationTimestamp"], made["metadata"]["creationTimestamp"]);
  EXPECT_EQ(patched["metadata"]["generation"], json::Value(1));
}

void ADryRunChangesNothing(Session& session) {
  const json::Value made = session.MakeWorkflow("w");
  const std::string at = session.Workflows() + "/w";
  const Answer patched = session.MergePatch(at + "?dryRun=All", Metadata({{"labels", json::Object{{"a", "b"}}}}));
  EXPECT_EQ(patched["metadata"]["labels"]["a"], json::Value("b"));
  EXPECT_EQ(VersionOf(session.Get(at).body), VersionOf(made));
  json::Object outdated = made.Members();
  outdated["metadata"] = json::Object{{"name", "w"}, {"resourceVersion", "1"}};
  EXPECT_EQ(session.Put(at + "?dryRun=All", outdated).Said(), "409 Conflict");
}

void APatchMovesNoObject(Session& session) {
  session.MakeLease("a");
  session.MakeWorkflow("w");
  for (const std::string& at : {session.Leases() + "/a", session.Workflows() + "/w"}) {
    EXPECT_EQ(session.MergePatch(at, Metadata({{"name", "b"}})).Said(), "400 BadRequest") << at;
    EXPECT_EQ(session.MergePatch(at, Metadata({{"namespace", "elsewhere"}})).Said(), "400 BadRequest") << at;
    EXPECT_EQ(session.MergePatch(at, json::Object{{"kind", "Pod"}}).Said(), "422 Invalid") << at;
  }
  EXPECT_EQ(session.Put(session.Leases() + "/a", LeaseBody("")).Said(), "400 BadRequest");
}

void WhatIsNoPatchIsABadRequest(Session& session) {
  session.MakeLease("a");
  const std::string at = session.Leases() + "/a";
  EXPECT_EQ(session.MergePatch(at, json::Array{}).Said(), "400 BadRequest");
  EXPECT_EQ(session.MergePatch(at, "text").Said(), "400 BadRequest");
  EXPECT_EQ(session.JsonPatch(at, json::Object{{"op", "add"}}).Said(), "400 BadRequest");
  EXPECT_EQ(session.JsonPatch(at, json::Array{json::Object{{"op", "frob"}, {"path", "/a"}}}).Said(), "422 Invalid");
  EXPECT_EQ(session.JsonPatch(at, json::Array{json::Object{{"op", "remove"}}}).Said(), "422 Invalid");
}

void AJsonPatchFindsItsPlace(Session& session) {
  session.MakeLease("a", {{"app", "x"}});
  const std::string at = session.Leases() + "/a";
  const auto apply = [&](const char* op, const char* path, json::Value value) {
    json::Object operation{{"op", op}, {"path", path}};
    if (!value.IsNull() || std::string_view(op) == "test") operation["value"] = std::move(value);
    return session.JsonPatch(at, json::Array{std::move(operation)});
  };
  const json::Value two = json::Array{"x.dev/a", "x.dev/b"};
  EXPECT_EQ(apply("add", "/metadata/finalizers", two)["metadata"]["finalizers"], two);
  EXPECT_EQ(apply("add", "/metadata/finalizers/1", "x.dev/c")["metadata"]["finalizers"],
            json::Value(json::Array{"x.dev/a", "x.dev/c", "x.dev/b"}));
  EXPECT_EQ(apply("remove", "/metadata/finalizers/0", {})["metadata"]["finalizers"],
            json::Value(json::Array{"x.dev/c", "x.dev/b"}));
  EXPECT_EQ(apply("add", "/metadata/finalizers/-", "x.dev/d")["metadata"]["finalizers"],
            json::Value(json::Array{"x.dev/c", "x.dev/b", "x.dev/d"}));
  EXPECT_EQ(apply("replace", "/metadata/finalizers/2", "x.dev/e")["metadata"]["finalizers"],
            json::Value(json::Array{"x.dev/c", "x.dev/b", "x.dev/e"}));
  EXPECT_EQ(apply("add", "/metadata/labels/x.dev~1y", "1")["metadata"]["labels"],
            json::Value(json::Object{{"app", "x"}, {"x.dev/y", "1"}}));
  EXPECT_EQ(apply("test", "/metadata/labels/none", nullptr).Said(), "200");
  EXPECT_EQ(apply("replace", "/metadata/labels/none", "1").Said(), "200") << "as if it were added";
  const std::tuple<const char*, const char*, json::Value> impossible[] = {
      {"test", "/metadata/labels/app", "y"},    {"test", "/metadata/finalizers/7", "x.dev/a"},
      {"add", "/metadata/none/x", "1"},         {"add", "/metadata/finalizers/9", "x.dev/f"},
      {"remove", "/metadata/finalizers/7", {}}, {"remove", "/metadata/labels/absent", {}}};
  for (const auto& [op, path, value] : impossible) {
    EXPECT_EQ(apply(op, path, value).Said(), "422 Invalid") << op << " " << path;
  }
  session.MergePatch(at, Metadata({{"finalizers", nullptr}}));
}

void ThroughAPodsStatusItsLabelsChangeButNotItsOwners(Session& session) {
  const json::Value workflow = session.MakeWorkflow("w");
  const json::Value owners = json::Array{json::Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                                                      {"kind", "Workflow"},
                                                      {"name", "w"},
                                                      {"uid", workflow["metadata"]["uid"]}}};
  session.MakePod("p", {{"ownerReferences", owners}});
  const std::string at = session.Pods() + "/p/status";
  const Answer written = session.MergePatch(at, Metadata({{"labels", json::Object{{"a", "b"}}},
                                                          {"annotations", json::Object{{"c", "d"}}},
                                                          {"ownerReferences", nullptr}}));
  EXPECT_EQ(written["metadata"]["labels"]["a"], json::Value("b"));
  EXPECT_EQ(written["metadata"]["annotations"]["c"], json::Value("d"));
  EXPECT_EQ(written["metadata"]["ownerReferences"], owners);
  EXPECT_EQ(written["metadata"]["generation"], json::Value(1));
  EXPECT_EQ(session.MergePatch(at, Status({{"qosClass", nullptr}}))["status"]["qosClass"], json::Value("BestEffort"));
  EXPECT_EQ(session.MergePatch(at, Status({{"qosClass", "Guaranteed"}})).Said(), "422 Invalid");
}

void OfAPodOnlyTheImageAndTheDeadlineMayChange(Session& session) {
  session.MakePod("p");
  const std::string at = session.Pods() + "/p";
  const auto spec = [](const char* field, json::Value value) {
    return json::Object{{"spec", json::Object{{field, std::move(value)}}}};
  };
  const auto operation = [](const char* path, json::Value value) {
    return json::Array{json::Object{{"op", "add"}, {"path", path}, {"value", std::move(value)}}};
  };
  EXPECT_EQ(session.JsonPatch(at, operation("/spec/containers/0/image", "busybox:1.37")).Said(), "200");
  EXPECT_EQ(session.JsonPatch(at, operation("/spec/containers/0/command", json::Array{"x"})).Said(), "422 Invalid");
  EXPECT_EQ(session.MergePatch(at, spec("terminationGracePeriodSeconds", 5)).Said(), "422 Invalid");
  EXPECT_EQ(session.MergePatch(at, spec("activeDeadlineSeconds", 5)).Said(), "200");
  EXPECT_EQ(session.MergePatch(at, spec("activeDeadlineSeconds", nullptr)).Said(), "422 Invalid");
}

void WhereThereIsNoStatusAllOfItIsSpec(Session& session) {
  const std::string records = session.Collection("coreflow.dev/v1alpha1", "workflowrecords");
  const json::Value body = json::Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                                        {"kind", "WorkflowRecord"},
                                        {"metadata", json::Object{{"name", "r"}}},
                                        {"run", 1},
                                        {"index", 0},
                                        {"format", 1}};
  const Answer made = session.Post(records, body);
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  EXPECT_EQ(made["metadata"]["generation"], json::Value(1));
  EXPECT_EQ(session.MergePatch(records + "/r/status", Status({{"x", "y"}})).Said(), "404 NotFound");
  EXPECT_EQ(session.Put(records + "/none", body).Said(), "400 BadRequest");
  EXPECT_EQ(session.Put(records + "/r", body).Said(), "422 Invalid") << "no version";
  EXPECT_EQ(session.Delete(records + "/r")["kind"], json::Value("Status"));
}

}  // namespace

std::vector<Case> UpdateCases() {
  return {
      {"AnOutdatedPutIsAConflict", AnOutdatedPutIsAConflict},
      {"AnOutdatedPatchIsAConflictAndAPatchWithoutVersionIsNot",
       AnOutdatedPatchIsAConflictAndAPatchWithoutVersionIsNot},
      {"APutWithoutVersionIsInvalidWhereItMatters", APutWithoutVersionIsInvalidWhereItMatters},
      {"AnotherUidIsRefused", AnotherUidIsRefused},
      {"OfACustomObjectsStatusTheUidIsNotLookedAt", OfACustomObjectsStatusTheUidIsNotLookedAt},
      {"TheGenerationCountsChangesOfTheSpec", TheGenerationCountsChangesOfTheSpec},
      {"StatusAndSpecAreWrittenApart", StatusAndSpecAreWrittenApart},
      {"NullRemovesInAMergePatch", NullRemovesInAMergePatch},
      {"AJsonPatchIsDoneWholeOrNotAtAll", AJsonPatchIsDoneWholeOrNotAtAll},
      {"CustomObjectsTakeNoStrategicPatch", CustomObjectsTakeNoStrategicPatch},
      {"APodsSpecStaysAsItWas", APodsSpecStaysAsItWas},
      {"APodsStatusIsWrittenApart", APodsStatusIsWrittenApart},
      {"TheServersOwnFieldsAreKept", TheServersOwnFieldsAreKept},
      {"ADryRunChangesNothing", ADryRunChangesNothing},
      {"APatchMovesNoObject", APatchMovesNoObject},
      {"WhatIsNoPatchIsABadRequest", WhatIsNoPatchIsABadRequest},
      {"AJsonPatchFindsItsPlace", AJsonPatchFindsItsPlace},
      {"ThroughAPodsStatusItsLabelsChangeButNotItsOwners", ThroughAPodsStatusItsLabelsChangeButNotItsOwners},
      {"OfAPodOnlyTheImageAndTheDeadlineMayChange", OfAPodOnlyTheImageAndTheDeadlineMayChange},
      {"WhereThereIsNoStatusAllOfItIsSpec", WhereThereIsNoStatusAllOfItIsSpec},
  };
}

}  // namespace coreflow::conformance
