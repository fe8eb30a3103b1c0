// The actors of a cluster besides the kubelet, and what the registry keeps of the past.
#include <gtest/gtest.h>

#include "pkg/reactor/virtual_loop.h"
#include "tests/fakes/fake_cluster.h"
#include "tests/fakes/object.h"

namespace coreflow::fakes {
namespace {

using std::chrono::seconds;

class ClusterTest : public testing::Test {
 protected:
  json::Value Make(const Resource& resource, const std::string& name, const json::Object& metadata = {}) {
    json::Object meta = metadata;
    meta["name"] = name;
    json::Object object{{"metadata", std::move(meta)}};
    if (&resource == &Pods()) {
      object["spec"] =
          json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "busybox:1.36"}}}}};
    }
    const auto made = cluster.Create(resource, resource.namespaced ? "default" : "", std::move(object));
    EXPECT_TRUE(made) << testing::PrintToString(made ? Failure{} : made.failure());
    return made ? *made : json::Value();
  }
  json::Object OwnedBy(std::initializer_list<json::Value> owners) {
    json::Array references;
    for (const json::Value& owner : owners) {
      references.push_back(references.empty() ? OwnerReference(owner)
                                              : Set(OwnerReference(owner), {"controller"}, false));
    }
    return {{"ownerReferences", std::move(references)}};
  }
  bool There(const Resource& resource, const std::string& name) {
    return !cluster.Get(resource, "default", name).IsNull();
  }

  reactor::VirtualLoop loop;
  FakeCluster cluster{loop, {.script = [](const json::Value&) { return Behaviour{.runs_for = seconds(60)}; }}};
};

TEST_F(ClusterTest, DependentsGoSomeTimeAfterTheirOwner) {
  const json::Value owner = Make(Workflows(), "w");
  Make(Records(), "w-0", OwnedBy({owner}));
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "w"));
  EXPECT_TRUE(There(Records(), "w-0"));
  loop.Advance(seconds(2));
  EXPECT_FALSE(There(Records(), "w-0"));
}

TEST_F(ClusterTest, WhatIsMadeForAnOwnerThatIsGoneGoesToo) {
  const json::Value owner = Make(Workflows(), "w");
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "w"));
  loop.Advance(seconds(2));
  Make(Records(), "w-0", OwnedBy({owner}));
  loop.Advance(seconds(2));
  EXPECT_FALSE(There(Records(), "w-0"));
}

TEST_F(ClusterTest, AnOwnerOfTheSameNameButAnotherUidDoesNotCount) {
  const json::Value owner = Make(Workflows(), "w");
  Make(Records(), "w-0", OwnedBy({owner}));
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "w"));
  Make(Workflows(), "w");
  loop.Advance(seconds(2));
  EXPECT_FALSE(There(Records(), "w-0"));
}

TEST_F(ClusterTest, ADependentStaysWhileOneOwnerIsThere) {
  const json::Value a = Make(Workflows(), "a");
  const json::Value b = Make(Workflows(), "b");
  Make(Records(), "r", OwnedBy({a, b}));
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "a"));
  loop.Advance(seconds(2));
  const json::Value record = cluster.Get(Records(), "default", "r");
  ASSERT_EQ(record["metadata"]["ownerReferences"].Elements().size(), 1U);
  EXPECT_EQ(record["metadata"]["ownerReferences"].AsArray()[0]["name"], json::Value("b"));
}

TEST_F(ClusterTest, AForegroundDeleteWaitsForTheDependents) {
  const json::Value owner = Make(Workflows(), "w");
  json::Object held = OwnedBy({owner});
  held["finalizers"] = json::Array{"coreflow.dev/result"};
  Make(Records(), "r", held);
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "w", {.propagation = "Foreground"}));
  loop.Advance(seconds(10));
  EXPECT_TRUE(There(Workflows(), "w"));
  ASSERT_TRUE(
      cluster.MergePatch(Records(), "default", "r", json::Object{{"metadata", json::Object{{"finalizers", nullptr}}}}));
  loop.Advance(seconds(10));
  EXPECT_FALSE(There(Workflows(), "w"));
}

TEST_F(ClusterTest, AnOrphaningDeleteLetsTheDependentsGo) {
  const json::Value owner = Make(Workflows(), "w");
  Make(Records(), "r", OwnedBy({owner}));
  ASSERT_FALSE(cluster.Delete(Workflows(), "default", "w", {.propagation = "Orphan"}));
  loop.Advance(seconds(10));
  EXPECT_FALSE(There(Workflows(), "w"));
  EXPECT_TRUE(There(Records(), "r"));
  EXPECT_TRUE(cluster.Get(Records(), "default", "r")["metadata"]["ownerReferences"].IsNull());
}

TEST_F(ClusterTest, ANamespaceGoesWhenItIsEmpty) {
  ASSERT_TRUE(cluster.Create(Namespaces(), "", json::Object{{"metadata", json::Object{{"name", "ci"}}}}));
  const json::Value held =
      json::Object{{"metadata", json::Object{{"name", "held"}, {"finalizers", json::Array{"coreflow.dev/result"}}}}};
  ASSERT_TRUE(cluster.Create(Leases(), "ci", held));
  ASSERT_FALSE(cluster.Delete(Namespaces(), "", "ci"));
  loop.Advance(seconds(10));
  EXPECT_EQ(cluster.Get(Namespaces(), "", "ci")["status"]["phase"], json::Value("Terminating"));
  ASSERT_TRUE(
      cluster.MergePatch(Leases(), "ci", "held", json::Object{{"metadata", json::Object{{"finalizers", nullptr}}}}));
  loop.Advance(seconds(10));
  EXPECT_TRUE(cluster.Get(Namespaces(), "", "ci").IsNull());
}

TEST_F(ClusterTest, AQuotaRefusesOnePodMoreUntilOneHasEnded) {
  cluster.registry.Admit(PodQuota(cluster.store, "default", "compute", 1));
  Make(Pods(), "a");
  const json::Value second = json::Object{
      {"metadata", json::Object{{"name", "b"}}},
      {"spec", json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "x:1"}}}}}}};
  const auto refused = cluster.Create(Pods(), "default", second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, 403);
  EXPECT_EQ(refused.failure().message,
            "pods \"b\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1");
  loop.Advance(std::chrono::minutes(2));
  EXPECT_TRUE(cluster.Create(Pods(), "default", second));
}

TEST_F(ClusterTest, AnEpochNeverFalls) {
  cluster.registry.Admit(EpochNeverFalls());
  Make(Workflows(), "w");
  const auto write = [this](int epoch) {
    const auto written = cluster.registry.Update(Workflows(), "default", "w", Part::kStatus,
                                                 [epoch](const json::Value& object) -> Outcome<json::Value> {
                                                   return Set(object, {"status", "epoch"}, epoch);
                                                 },
                                                 {});
    return written ? 200 : written.failure().code;
  };
  EXPECT_EQ(write(2), 200);
  EXPECT_EQ(write(2), 200);
  EXPECT_EQ(write(1), 422);
  EXPECT_EQ(write(3), 200);
}

TEST_F(ClusterTest, TheAuditCountsWhatWasMadeOverAllLives) {
  Make(Pods(), "p", {{"labels", json::Object{{"step", "a"}}}});
  ASSERT_FALSE(cluster.Delete(Pods(), "default", "p"));
  Make(Pods(), "p", {{"labels", json::Object{{"step", "a"}}}});
  Make(Pods(), "q", {{"labels", json::Object{{"step", "b"}}}});
  const Audit& audit = cluster.registry.audit();
  EXPECT_EQ(audit.PodCreations("default", "p"), 2);
  EXPECT_EQ(audit.PodCreations("default", {{"step", "a"}}), 2);
  EXPECT_EQ(audit.PodCreations("kube-system", {{"step", "a"}}), 0);
  EXPECT_EQ(audit.StatesOf(Pods(), "default/p").size(), 3U);
}

TEST_F(ClusterTest, TheAuditKnowsWhoWroteWhat) {
  Make(Pods(), "p");
  loop.Advance(seconds(5));
  const Audit& audit = cluster.registry.audit();
  EXPECT_EQ(audit.WritesBy("kube-scheduler"), 1);
  EXPECT_EQ(audit.WritesBy("kubelet"), 2);
  EXPECT_EQ(audit.WritesBy("kubelet", loop.Now()), 0);
  const auto statuses = audit.Where([](const AuditEntry& entry) { return entry.status; });
  ASSERT_EQ(statuses.size(), 2U);
  EXPECT_EQ(statuses[1].verb, "patch");
  EXPECT_EQ(statuses[1].after->object()["status"]["phase"], json::Value("Running"));
}

TEST(FakeCluster, IsTheSameForASeed) {
  const auto history = [](uint64_t seed) {
    reactor::VirtualLoop loop;
    FakeCluster cluster(loop, {.seed = seed});
    const json::Value pod = json::Object{
        {"metadata", json::Object{{"generateName", "p-"}}},
        {"spec", json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "x:1"}}}}}}};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(cluster.Create(Pods(), "default", pod));
    loop.Advance(seconds(30));
    std::string text;
    for (const AuditEntry& entry : cluster.registry.audit().entries()) text += testing::PrintToString(entry) + "\n";
    return text;
  };
  EXPECT_EQ(history(3), history(3));
  EXPECT_NE(history(3), history(4));
}

}  // namespace
}  // namespace coreflow::fakes
