// What the registry keeps of the past; what a cluster's controllers do is in tests/conformance.
#include "pkg/simulation/cluster.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/object.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::simulation {
namespace {

using std::chrono::seconds;

class ClusterTest : public testing::Test {
 protected:
  json::Value Make(const apiserver::Resource& resource, const std::string& name, const json::Object& metadata = {}) {
    json::Object meta = metadata;
    meta["name"] = name;
    json::Object object{{"metadata", std::move(meta)}};
    if (&resource == &apiserver::Pods()) {
      object["spec"] =
          json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "busybox:1.36"}}}}};
    }
    const auto made = cluster.Create(resource, resource.namespaced ? "default" : "", std::move(object));
    EXPECT_TRUE(made) << testing::PrintToString(made ? apiserver::Failure{} : made.failure());
    return made ? *made : json::Value();
  }

  reactor::VirtualLoop loop;
  Cluster cluster{loop, {.script = [](const json::Value&) { return Behaviour{.runs_for = seconds(60)}; }}};
};

TEST_F(ClusterTest, TheAuditCountsWhatWasMadeOverAllLives) {
  Make(apiserver::Pods(), "p", {{"labels", json::Object{{"step", "a"}}}});
  ASSERT_FALSE(cluster.Delete(apiserver::Pods(), "default", "p"));
  Make(apiserver::Pods(), "p", {{"labels", json::Object{{"step", "a"}}}});
  Make(apiserver::Pods(), "q", {{"labels", json::Object{{"step", "b"}}}});
  const apiserver::Audit& audit = cluster.registry.audit();
  EXPECT_EQ(audit.PodCreations("default", "p"), 2);
  EXPECT_EQ(audit.PodCreations("default", {{"step", "a"}}), 2);
  EXPECT_EQ(audit.PodCreations("kube-system", {{"step", "a"}}), 0);
  EXPECT_EQ(audit.StatesOf(apiserver::Pods(), "default/p").size(), 3U);
}

TEST_F(ClusterTest, TheAuditKnowsWhoWroteWhat) {
  Make(apiserver::Pods(), "p");
  loop.Advance(seconds(5));
  const apiserver::Audit& audit = cluster.registry.audit();
  EXPECT_EQ(audit.WritesBy("kube-scheduler"), 1);
  EXPECT_EQ(audit.WritesBy("kubelet"), 2);
  EXPECT_EQ(audit.WritesBy("kubelet", loop.Now()), 0);
  const auto statuses = audit.Where([](const apiserver::AuditEntry& entry) { return entry.status; });
  ASSERT_EQ(statuses.size(), 2U);
  EXPECT_EQ(statuses[1].verb, "patch");
  EXPECT_EQ(statuses[1].after->object()["status"]["phase"], json::Value("Running"));
}

TEST(Cluster, IsTheSameForASeed) {
  const auto history = [](uint64_t seed) {
    reactor::VirtualLoop loop;
    Cluster cluster(loop, {.seed = seed});
    const json::Value pod = json::Object{
        {"metadata", json::Object{{"generateName", "p-"}}},
        {"spec", json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "x:1"}}}}}}};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(cluster.Create(apiserver::Pods(), "default", pod));
    loop.Advance(seconds(30));
    std::string text;
    for (const apiserver::AuditEntry& entry : cluster.registry.audit().entries())
      text += testing::PrintToString(entry) + "\n";
    return text;
  };
  EXPECT_EQ(history(3), history(3));
  EXPECT_NE(history(3), history(4));
}

}  // namespace
}  // namespace coreflow::simulation
