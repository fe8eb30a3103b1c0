#include "controllers/uninstall/uninstall.h"

#include <gtest/gtest.h>

#include <optional>

#include "pkg/engine/names.h"
#include "pkg/engine/pod_view.h"
#include "pkg/json/write.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::uninstall {
namespace {

using json::Array;
using json::Object;
using json::Value;

// A cluster whose operator is gone.
class UninstallTest : public testing::Test {
 protected:
  void MakeWorkflow(const std::string& name, const std::string& state = {}) {
    const Object step{{"name", "a"}, {"image", "i:1"}, {"command", Array{"x"}}};
    ASSERT_TRUE(
        cluster_.Create(apiserver::Workflows(), "default",
                        Object{{"metadata", Object{{"name", name}}}, {"spec", Object{{"steps", Array{step}}}}}));
    if (state.empty()) return;
    const Value status = Object{{"status", Object{{"state", state}, {"observedGeneration", 1}}}};
    const http::Response answer = cluster_.server.Handle(
        {.method = "PATCH",
         .target = "/apis/coreflow.dev/v1alpha1/namespaces/default/workflows/" + name + "/status",
         .headers = {{"Content-Type", "application/merge-patch+json"}},
         .body = json::Write(status)});
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void MakePod(const std::string& name, const Array& finalizers, bool ours = true) {
    Object labels;
    if (ours) labels[engine::kLabelRun] = "r";
    const Object container{{"name", "main"}, {"image", "i:1"}};
    ASSERT_TRUE(
        cluster_.Create(apiserver::Pods(), "default",
                        Object{{"metadata", Object{{"name", name}, {"labels", labels}, {"finalizers", finalizers}}},
                               {"spec", Object{{"restartPolicy", "Never"}, {"containers", Array{container}}}}}));
  }
  void MakeClaim(const std::string& owner) {
    const Object meta{{"name", engine::kClaimName}};
    ASSERT_TRUE(cluster_.Create(apiserver::Leases(), "default",
                                Object{{"metadata", meta}, {"spec", Object{{"holderIdentity", owner}}}}));
  }
  Value Finalizers(const std::string& pod) {
    return cluster_.Get(apiserver::Pods(), "default", pod)["metadata"]["finalizers"];
  }
  bool Suspended(const std::string& workflow) {
    return cluster_.Get(apiserver::Workflows(), "default", workflow)["spec"]["suspend"].BoolOr(false);
  }

  void Run(const Uninstall::Options& options = {}) {
    kube::Client client(loop_, *transport_);
    Uninstall uninstall(loop_, client, options);
    uninstall.Start([this](const Uninstall::Summary& summary) { summary_ = summary; });
    loop_.Advance(std::chrono::minutes(2));
    ASSERT_TRUE(summary_.has_value());
  }

  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_};
  std::unique_ptr<simulation::FaultyTransport> transport_ = cluster_.Connect();
  std::optional<Uninstall::Summary> summary_;
};

TEST_F(UninstallTest, WhatRunsIsSuspendedAndItsPodsLetGo) {
  MakeWorkflow("w");
  MakePod("p", {engine::kFinalizer, "example.com/theirs"});
  Run();
  EXPECT_TRUE(Suspended("w"));
  EXPECT_EQ(Finalizers("p"), Value(Array{"example.com/theirs"}));
  EXPECT_TRUE(summary_->complete);
  EXPECT_EQ(summary_->suspended, 1);
  EXPECT_EQ(summary_->released, 1);
}

TEST_F(UninstallTest, WhatHasEndedStaysAsItIs) {
  MakeWorkflow("ended", "Succeeded");
  MakeWorkflow("edited", "Failed");
  ASSERT_TRUE(
      cluster_.MergePatch(apiserver::Workflows(), "default", "edited", Object{{"spec", Object{{"parallelism", 3}}}}));
  Run();
  EXPECT_FALSE(Suspended("ended"));
  EXPECT_TRUE(Suspended("edited")) << "it is about to run again";
}

TEST_F(UninstallTest, ManyPagesOfPodsAreAllLetGo) {
  for (int i = 0; i < 1100; ++i) MakePod("p" + std::to_string(i), {engine::kFinalizer});
  Run();
  EXPECT_EQ(summary_->released, 1100);
  EXPECT_TRUE(summary_->complete);
}

TEST_F(UninstallTest, PodsOfOthersAreLeftAlone) {
  MakePod("p", {engine::kFinalizer}, false);
  Run();
  EXPECT_EQ(Finalizers("p"), Value(Array{engine::kFinalizer}));
  EXPECT_TRUE(summary_->complete);
}

TEST_F(UninstallTest, OtherNamespacesAreLeftAlone) {
  MakeWorkflow("w");
  MakePod("p", {engine::kFinalizer});
  Run({.namespaces = {"kube-system"}});
  EXPECT_FALSE(Suspended("w"));
  EXPECT_EQ(Finalizers("p"), Value(Array{engine::kFinalizer}));
}

TEST_F(UninstallTest, ClaimsAreGivenUp) {
  MakeClaim("us");
  Run({.owner = "us"});
  EXPECT_TRUE(cluster_.Get(apiserver::Leases(), "default", engine::kClaimName).IsNull());
  EXPECT_TRUE(summary_->complete);
}

TEST_F(UninstallTest, ANamespaceOfAnotherInstallIsLeftAlone) {
  MakeClaim("them");
  MakeWorkflow("w");
  MakePod("p", {engine::kFinalizer});
  Run({.owner = "us"});
  EXPECT_FALSE(Suspended("w"));
  EXPECT_EQ(Finalizers("p"), Value(Array{engine::kFinalizer}));
  EXPECT_FALSE(cluster_.Get(apiserver::Leases(), "default", engine::kClaimName).IsNull());
  EXPECT_TRUE(summary_->complete);
}

TEST_F(UninstallTest, WithoutAnApiServerItEndsAndSaysSo) {
  MakePod("p", {engine::kFinalizer});
  transport_->CutOff(true);
  Run();
  EXPECT_FALSE(summary_->complete);
}

}  // namespace
}  // namespace coreflow::uninstall
