// What the controllers of a cluster do about owners, quotas and namespaces.
#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

constexpr const char* kFinalizer = "coreflow.dev/test";

json::Value Finalizers(json::Value finalizers) {
  return json::Object{{"metadata", json::Object{{"finalizers", std::move(finalizers)}}}};
}
json::Value Policy(const char* name) { return json::Object{{"propagationPolicy", name}}; }

json::Value OwnedBy(const std::vector<json::Value>& owners) {
  json::Array references;
  for (const json::Value& owner : owners) {
    references.push_back(json::Object{{"apiVersion", "coordination.k8s.io/v1"},
                                      {"kind", "Lease"},
                                      {"name", owner["metadata"]["name"]},
                                      {"uid", owner["metadata"]["uid"]},
                                      {"blockOwnerDeletion", true}});
  }
  return references;
}

// Makes a Lease that these own; what happens to it from then on is in the watch.
WatchLog MakeOwned(Session& session, const std::string& name, const std::vector<json::Value>& owners,
                   json::Array finalizers = {}) {
  json::Object body = LeaseBody(name).Members();
  json::Object metadata = body["metadata"].Members();
  metadata["ownerReferences"] = OwnedBy(owners);
  if (!finalizers.empty()) metadata["finalizers"] = std::move(finalizers);
  body["metadata"] = std::move(metadata);
  const Answer made = session.Post(session.Leases(), body);
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return session.Watch(session.Leases() + "?fieldSelector=metadata.name%3D" + name +
                       "&resourceVersion=" + VersionOf(made.body));
}

void DependentsGoSomeTimeAfterTheirOwner(Session& session) {
  WatchLog watch = MakeOwned(session, "of-a", {session.MakeLease("a")});
  EXPECT_EQ(session.Delete(session.Leases() + "/a").Said(), "200");
  EXPECT_EQ(Said(watch.Await(1)), "DELETED of-a");
}

void WhatIsMadeForAnOwnerThatIsGoneGoesToo(Session& session) {
  const json::Value owner = session.MakeLease("a");
  EXPECT_EQ(session.Delete(session.Leases() + "/a").Said(), "200");
  EXPECT_EQ(Said(MakeOwned(session, "of-a", {owner}).Await(1)), "DELETED of-a");
}

void AnOwnerOfTheSameNameButAnotherUidDoesNotCount(Session& session) {
  const json::Value owner = session.MakeLease("a");
  EXPECT_EQ(session.Delete(session.Leases() + "/a").Said(), "200");
  session.MakeLease("a");
  EXPECT_EQ(Said(MakeOwned(session, "of-a", {owner}).Await(1)), "DELETED of-a");
}

void ADependentStaysWhileOneOwnerIsThere(Session& session) {
  const json::Value a = session.MakeLease("a");
  WatchLog watch = MakeOwned(session, "of-both", {a, session.MakeLease("b")});
  EXPECT_EQ(session.Delete(session.Leases() + "/a").Said(), "200");
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "MODIFIED of-both");
  const json::Array& owners = frames[0].object["metadata"]["ownerReferences"].Elements();
  ASSERT_EQ(owners.size(), 1U);
  EXPECT_EQ(owners[0]["name"], json::Value("b"));
}

void AForegroundDeleteWaitsForTheDependents(Session& session) {
  const json::Value owner = session.MakeLease("a");
  WatchLog owners =
      session.Watch(session.Leases() + "?fieldSelector=metadata.name%3Da&resourceVersion=" + VersionOf(owner));
  WatchLog watch = MakeOwned(session, "of-a", {owner}, {kFinalizer});
  EXPECT_EQ(session.Delete(session.Leases() + "/a", Policy("Foreground")).Said(), "200");
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "MODIFIED of-a");
  EXPECT_TRUE(frames[0].object["metadata"]["deletionTimestamp"].IsString());
  EXPECT_EQ(session.Get(session.Leases() + "/a").Said(), "200");
  EXPECT_EQ(session.MergePatch(session.Leases() + "/of-a", Finalizers(nullptr)).Said(), "200");
  EXPECT_EQ(Said(owners.Await(2)), "MODIFIED a, DELETED a");
}

void AnOrphaningDeleteLetsTheDependentsGo(Session& session) {
  WatchLog watch = MakeOwned(session, "of-a", {session.MakeLease("a")});
  EXPECT_EQ(session.Delete(session.Leases() + "/a", Policy("Orphan")).Said(), "200");
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "MODIFIED of-a");
  EXPECT_TRUE(frames[0].object["metadata"]["ownerReferences"].IsNull());
  EXPECT_TRUE(session.Until([&] { return session.Get(session.Leases() + "/a").status == 404; }));
}

void ANamespaceIsActiveAndGoesWhenItIsEmpty(Session& session) {
  const std::string name = session.name_space() + "-2";
  const std::string target = "/api/v1/namespaces/" + name;
  const Answer made = session.Post("/api/v1/namespaces", json::Object{{"metadata", json::Object{{"name", name}}}});
  EXPECT_EQ(made["status"]["phase"], json::Value("Active"));
  EXPECT_EQ(made["spec"]["finalizers"], json::Value(json::Array{"kubernetes"}));
  EXPECT_EQ(made["metadata"]["labels"]["kubernetes.io/metadata.name"], json::Value(name));
  const std::string leases = "/apis/coordination.k8s.io/v1/namespaces/" + name + "/leases";
  json::Object held = LeaseBody("held").Members();
  held["metadata"] = json::Object{{"name", "held"}, {"finalizers", json::Array{kFinalizer}}};
  EXPECT_EQ(session.Post(leases, held).Said(), "201");
  EXPECT_EQ(session.Post(leases, LeaseBody("free")).Said(), "201");
  EXPECT_EQ(session.Delete(target)["status"]["phase"], json::Value("Terminating"));
  EXPECT_TRUE(session.Until([&] { return session.Get(leases + "/free").status == 404; }));
  EXPECT_TRUE(session.Until([&] { return session.Get(leases + "/held")["metadata"]["deletionTimestamp"].IsString(); }));
  EXPECT_EQ(session.Get(target)["status"]["phase"], json::Value("Terminating"));
  WatchLog watch = session.Watch("/api/v1/namespaces?fieldSelector=metadata.name%3D" + name);
  watch.Await(1);
  EXPECT_EQ(session.MergePatch(leases + "/held", Finalizers(nullptr)).Said(), "200");
  EXPECT_TRUE(session.Until([&] { return session.Get(target).status == 404; }));
}

void AFullQuotaRefusesOnePodMoreUntilOneHasEnded(Session& session) {
  const std::string quotas = session.Collection("v1", "resourcequotas");
  EXPECT_EQ(session
                .Post(quotas, json::Object{{"metadata", json::Object{{"name", "compute"}}},
                                           {"spec", json::Object{{"hard", json::Object{{"pods", "1"}}}}}})
                .Said(),
            "201");
  EXPECT_TRUE(session.Until([&] { return session.Get(quotas + "/compute")["status"]["used"]["pods"].IsString(); }));
  session.MakePod("a");
  const Answer refused = session.Post(session.Pods(), PodBody("b"));
  EXPECT_EQ(refused.Said(), "403 Forbidden");
  EXPECT_EQ(refused["message"], json::Value("pods \"b\" is forbidden: exceeded quota: compute, requested: pods=1, "
                                            "used: pods=1, limited: pods=1"));
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("b")).Said(), "403 Forbidden");
  EXPECT_EQ(session.Post(session.Pods(), PodBody("a")).Said(), "403 Forbidden") << "not that it exists";
  session.MergePatch(session.Pods() + "/a/status", json::Object{{"status", json::Object{{"phase", "Succeeded"}}}});
  EXPECT_TRUE(session.Until([&] { return session.Post(session.Pods(), PodBody("b")).status == 201; }));
}

}  // namespace

std::vector<Case> OwnerCases() {
  return {
      {"DependentsGoSomeTimeAfterTheirOwner", DependentsGoSomeTimeAfterTheirOwner},
      {"WhatIsMadeForAnOwnerThatIsGoneGoesToo", WhatIsMadeForAnOwnerThatIsGoneGoesToo},
      {"AnOwnerOfTheSameNameButAnotherUidDoesNotCount", AnOwnerOfTheSameNameButAnotherUidDoesNotCount},
      {"ADependentStaysWhileOneOwnerIsThere", ADependentStaysWhileOneOwnerIsThere},
      {"AForegroundDeleteWaitsForTheDependents", AForegroundDeleteWaitsForTheDependents},
      {"AnOrphaningDeleteLetsTheDependentsGo", AnOrphaningDeleteLetsTheDependentsGo},
      {"ANamespaceIsActiveAndGoesWhenItIsEmpty", ANamespaceIsActiveAndGoesWhenItIsEmpty},
      {"AFullQuotaRefusesOnePodMoreUntilOneHasEnded", AFullQuotaRefusesOnePodMoreUntilOneHasEnded},
  };
}

}  // namespace coreflow::conformance
