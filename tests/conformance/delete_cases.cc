#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

constexpr const char* kFinalizer = "coreflow.dev/test";

json::Object Held() { return {{"finalizers", json::Array{kFinalizer}}}; }
json::Value Finalizers(json::Value finalizers) {
  return json::Object{{"metadata", json::Object{{"finalizers", std::move(finalizers)}}}};
}
json::Value Grace(int seconds) { return json::Object{{"gracePeriodSeconds", seconds}}; }

void ADeleteSaysWhatIsGone(Session& session) {
  const json::Value workflow = session.MakeWorkflow("w");
  const Answer deleted = session.Delete(session.Workflows() + "/w");
  EXPECT_EQ(deleted.Said(), "200");
  EXPECT_EQ(deleted["kind"], json::Value("Status"));
  EXPECT_EQ(deleted["status"], json::Value("Success"));
  EXPECT_EQ(deleted["details"]["uid"], workflow["metadata"]["uid"]);
  const json::Value pod = session.MakePod("p");
  EXPECT_EQ(session.Delete(session.Pods() + "/p")["metadata"]["uid"], pod["metadata"]["uid"]);
  EXPECT_EQ(session.Delete(session.Collection("v1", "serviceaccounts") + "/default")["kind"],
            json::Value("ServiceAccount"));
}

void AnUnscheduledPodIsGoneAtOnceButMarkedFirst(Session& session) {
  const json::Value made = session.MakePod("p");
  WatchLog watch =
      session.Watch(session.Pods() + "?fieldSelector=metadata.name%3Dp&resourceVersion=" + VersionOf(made));
  EXPECT_EQ(session.Delete(session.Pods() + "/p").Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
  // A scheduler may have said something in between.
  std::vector<Frame> frames = watch.Await(2);
  if (!frames.empty() && frames.back().type != "DELETED") frames = watch.Await(frames.size() + 1);
  ASSERT_GE(frames.size(), 2U);
  const Frame& marked = frames[frames.size() - 2];
  EXPECT_EQ(marked.type, "MODIFIED");
  EXPECT_TRUE(marked.object["metadata"]["deletionTimestamp"].IsString());
  EXPECT_EQ(marked.object["metadata"]["deletionGracePeriodSeconds"], json::Value(0));
  EXPECT_EQ(frames.back().Said(), "DELETED p");
}

void APodOnANodeHasItsGraceWhichOnlyShrinks(Session& session) {
  session.MakePod("p", {}, "no-such-node");
  const Answer deleted = session.Delete(session.Pods() + "/p");
  EXPECT_EQ(deleted["metadata"]["deletionGracePeriodSeconds"], json::Value(30));
  EXPECT_EQ(deleted["metadata"]["generation"], json::Value(2));
  EXPECT_EQ(session.Delete(session.Pods() + "/p", Grace(60))["metadata"]["deletionGracePeriodSeconds"],
            json::Value(30));
  EXPECT_EQ(session.Delete(session.Pods() + "/p", Grace(5))["metadata"]["deletionGracePeriodSeconds"], json::Value(5));
  EXPECT_EQ(session.Delete(session.Pods() + "/p", Grace(0)).Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
}

void APodThatHasEndedIsGoneAtOnce(Session& session) {
  session.MakePod("p", {}, "no-such-node");
  session.MergePatch(session.Pods() + "/p/status", json::Object{{"status", json::Object{{"phase", "Succeeded"}}}});
  EXPECT_EQ(session.Delete(session.Pods() + "/p").Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
}

void AFinalizerHoldsAPodWithItsResult(Session& session) {
  session.MakePod("p", Held(), "no-such-node");
  session.MergePatch(session.Pods() + "/p/status", json::Object{{"status", json::Object{{"phase", "Succeeded"}}}});
  EXPECT_EQ(session.Delete(session.Pods() + "/p").Said(), "200");
  const Answer held = session.Get(session.Pods() + "/p");
  EXPECT_EQ(held["status"]["phase"], json::Value("Succeeded"));
  EXPECT_TRUE(held["metadata"]["deletionTimestamp"].IsString());
  EXPECT_EQ(held["metadata"]["deletionGracePeriodSeconds"], json::Value(0));
  EXPECT_EQ(session.MergePatch(session.Pods() + "/p", Finalizers(nullptr)).Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
}

void WithoutFinalizersAPodStillHasItsGrace(Session& session) {
  session.MakePod("p", Held(), "no-such-node");
  session.Delete(session.Pods() + "/p");
  EXPECT_EQ(session.MergePatch(session.Pods() + "/p", Finalizers(nullptr)).Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "200");
  EXPECT_EQ(session.Delete(session.Pods() + "/p", Grace(0)).Said(), "200");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
}

void AFinalizerHoldsACustomObject(Session& session) {
  session.MakeWorkflow("w", Held());
  const Answer deleted = session.Delete(session.Workflows() + "/w");
  EXPECT_EQ(deleted["kind"], json::Value("Workflow"));
  EXPECT_EQ(deleted["metadata"]["deletionGracePeriodSeconds"], json::Value(0));
  EXPECT_EQ(deleted["metadata"]["generation"], json::Value(2));
  const json::Value again = session.Delete(session.Workflows() + "/w").body;
  EXPECT_EQ(VersionOf(again), VersionOf(deleted.body));
  session.MergePatch(session.Workflows() + "/w", Finalizers(nullptr));
  EXPECT_EQ(session.Get(session.Workflows() + "/w").Said(), "404 NotFound");
}

void TheUpdateThatEndsADeletionIsNotShownBeforeIt(Session& session) {
  session.MakeWorkflow("w", Held());
  const json::Value marked = session.Delete(session.Workflows() + "/w").body;
  WatchLog watch = session.Watch(session.Workflows() + "?resourceVersion=" + VersionOf(marked));
  session.MergePatch(session.Workflows() + "/w", Finalizers(nullptr));
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "DELETED w");
  EXPECT_EQ(frames[0].object["metadata"]["finalizers"], json::Value(json::Array{kFinalizer}));
}

void NoFinalizerIsAddedToWhatIsBeingDeleted(Session& session) {
  session.MakeWorkflow("w", Held());
  session.Delete(session.Workflows() + "/w");
  const Answer added =
      session.MergePatch(session.Workflows() + "/w", Finalizers(json::Array{kFinalizer, "coreflow.dev/late"}));
  EXPECT_EQ(added.Said(), "422 Invalid");
  EXPECT_EQ(added["details"]["causes"].Elements().at(0)["field"], json::Value("metadata.finalizers"));
  session.MergePatch(session.Workflows() + "/w", Finalizers(nullptr));
}

void PreconditionsOfADeleteHold(Session& session) {
  const json::Value made = session.MakeLease("a");
  const auto with = [](const char* field, const json::Value& value) {
    return json::Object{{"preconditions", json::Object{{field, value}}}};
  };
  EXPECT_EQ(session.Delete(session.Leases() + "/a", with("uid", "00000000-0000-4000-8000-000000000000")).Said(),
            "409 Conflict");
  EXPECT_EQ(session.Delete(session.Leases() + "/a", with("resourceVersion", "1")).Said(), "409 Conflict");
  EXPECT_EQ(session.Get(session.Leases() + "/a").Said(), "200");
  EXPECT_EQ(session.Delete(session.Leases() + "/a", with("uid", made["metadata"]["uid"])).Said(), "200");
  const json::Value pod = session.MakePod("p");
  EXPECT_EQ(session.Delete(session.Pods() + "/p", with("resourceVersion", "1")).Said(), "409 Conflict");
}

void ACollectionIsDeletedByItsLabels(Session& session) {
  session.MakePod("a", {{"labels", json::Object{{"run", "1"}, {"done", "true"}}}});
  session.MakePod("b", {{"labels", json::Object{{"run", "1"}}}});
  session.MakePod("c", {{"labels", json::Object{{"run", "2"}, {"done", "true"}}}});
  const Answer deleted = session.Delete(session.Pods() + "?labelSelector=run%3D1%2Cdone%3Dtrue");
  EXPECT_EQ(deleted.Said(), "200");
  EXPECT_EQ(Names(deleted.body), "a");
  EXPECT_EQ(Names(session.Get(session.Pods()).body), "b c");
}

void ADryRunDeletesNothing(Session& session) {
  session.MakeLease("a");
  EXPECT_EQ(session.Delete(session.Leases() + "/a?dryRun=All").Said(), "200");
  EXPECT_EQ(session.Get(session.Leases() + "/a").Said(), "200");
}

void ForegroundAndOrphanLeaveFinalizers(Session& session) {
  const auto policy = [](const char* name) { return json::Object{{"propagationPolicy", name}}; };
  session.MakeWorkflow("f", Held());
  session.MakeWorkflow("o", Held());
  EXPECT_EQ(session.Delete(session.Workflows() + "/f", policy("Foreground"))["metadata"]["finalizers"],
            json::Value(json::Array{kFinalizer, "foregroundDeletion"}));
  EXPECT_EQ(session.Delete(session.Workflows() + "/o", policy("Orphan"))["metadata"]["finalizers"],
            json::Value(json::Array{kFinalizer, "orphan"}));
  EXPECT_EQ(session.Delete(session.Workflows() + "/o", policy("Nonsense")).Said(), "422 Invalid");
  for (const char* name : {"/f", "/o"}) session.MergePatch(session.Workflows() + name, Finalizers(nullptr));
}

void ANameCanBeUsedAgainWithAnotherUid(Session& session) {
  const json::Value first = session.MakePod("p");
  session.Delete(session.Pods() + "/p");
  const json::Value second = session.MakePod("p");
  EXPECT_FALSE(first["metadata"]["uid"] == second["metadata"]["uid"]);
}

void ADeleteCanBeAskedForInTheQuery(Session& session) {
  session.MakePod("p", {}, "no-such-node");
  const std::string at = session.Pods() + "/p";
  const Answer tried = session.Delete(at, json::Object{{"dryRun", json::Array{"All"}}});
  EXPECT_TRUE(tried["metadata"]["deletionTimestamp"].IsString());
  EXPECT_TRUE(session.Get(at)["metadata"]["deletionTimestamp"].IsNull());
  EXPECT_EQ(session.Delete(at + "?gracePeriodSeconds=17")["metadata"]["deletionGracePeriodSeconds"], json::Value(17));
  EXPECT_EQ(session.Delete(at, Grace(-1))["metadata"]["deletionGracePeriodSeconds"], json::Value(1));
  EXPECT_EQ(session.Delete(at + "?gracePeriodSeconds=0").Said(), "200");
  EXPECT_EQ(session.Get(at).Said(), "404 NotFound");
  session.MakeWorkflow("w", Held());
  EXPECT_EQ(session.Delete(session.Workflows() + "/w?propagationPolicy=Foreground")["metadata"]["finalizers"],
            json::Value(json::Array{kFinalizer, "foregroundDeletion"}));
  session.MergePatch(session.Workflows() + "/w", Finalizers(nullptr));
}

void ALaterPolicyReplacesTheEarlierOne(Session& session) {
  session.MakeWorkflow("w", Held());
  const auto finalizers_after = [&](const char* policy) {
    json::Value options;
    if (policy) options = json::Object{{"propagationPolicy", policy}};
    return session.Delete(session.Workflows() + "/w", options)["metadata"]["finalizers"];
  };
  EXPECT_EQ(finalizers_after("Foreground"), json::Value(json::Array{kFinalizer, "foregroundDeletion"}));
  EXPECT_EQ(finalizers_after("Background"), json::Value(json::Array{kFinalizer}));
  EXPECT_EQ(finalizers_after(nullptr), json::Value(json::Array{kFinalizer}));
  session.MergePatch(session.Workflows() + "/w", Finalizers(nullptr));
}

void OfACollectionWhatIsHeldIsMarked(Session& session) {
  json::Object held = Held();
  held["labels"] = json::Object{{"run", "1"}};
  session.MakePod("held", held);
  session.MakePod("free", {{"labels", json::Object{{"run", "1"}}}});
  const std::string target = session.Pods() + "?labelSelector=run%3D1";
  EXPECT_EQ(Names(session.Delete(target + "&dryRun=All").body), "free held");
  EXPECT_EQ(Names(session.Get(session.Pods()).body), "free held");
  EXPECT_EQ(Names(session.Delete(target, json::Object{{"propagationPolicy", "Background"}}).body), "free held");
  EXPECT_EQ(session.Get(session.Pods() + "/free").Said(), "404 NotFound");
  EXPECT_TRUE(session.Get(session.Pods() + "/held")["metadata"]["deletionTimestamp"].IsString());
  session.MergePatch(session.Pods() + "/held", Finalizers(nullptr));
}

}  // namespace

std::vector<Case> DeleteCases() {
  return {
      {"ADeleteSaysWhatIsGone", ADeleteSaysWhatIsGone},
      {"AnUnscheduledPodIsGoneAtOnceButMarkedFirst", AnUnscheduledPodIsGoneAtOnceButMarkedFirst},
      {"APodOnANodeHasItsGraceWhichOnlyShrinks", APodOnANodeHasItsGraceWhichOnlyShrinks},
      {"APodThatHasEndedIsGoneAtOnce", APodThatHasEndedIsGoneAtOnce},
      {"AFinalizerHoldsAPodWithItsResult", AFinalizerHoldsAPodWithItsResult},
      {"WithoutFinalizersAPodStillHasItsGrace", WithoutFinalizersAPodStillHasItsGrace},
      {"AFinalizerHoldsACustomObject", AFinalizerHoldsACustomObject},
      {"TheUpdateThatEndsADeletionIsNotShownBeforeIt", TheUpdateThatEndsADeletionIsNotShownBeforeIt},
      {"NoFinalizerIsAddedToWhatIsBeingDeleted", NoFinalizerIsAddedToWhatIsBeingDeleted},
      {"PreconditionsOfADeleteHold", PreconditionsOfADeleteHold},
      {"ACollectionIsDeletedByItsLabels", ACollectionIsDeletedByItsLabels},
      {"ADryRunDeletesNothing", ADryRunDeletesNothing},
      {"ForegroundAndOrphanLeaveFinalizers", ForegroundAndOrphanLeaveFinalizers},
      {"ANameCanBeUsedAgainWithAnotherUid", ANameCanBeUsedAgainWithAnotherUid},
      {"ADeleteCanBeAskedForInTheQuery", ADeleteCanBeAskedForInTheQuery},
      {"ALaterPolicyReplacesTheEarlierOne", ALaterPolicyReplacesTheEarlierOne},
      {"OfACollectionWhatIsHeldIsMarked", OfACollectionWhatIsHeldIsMarked},
  };
}

}  // namespace coreflow::conformance
