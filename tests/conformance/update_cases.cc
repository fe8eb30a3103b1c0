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
  };
}

}  // namespace coreflow::conformance
