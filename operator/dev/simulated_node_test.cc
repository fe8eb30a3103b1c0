#include "operator/dev/simulated_node.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/test_folder.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::dev {
namespace {

using apiserver::Pods;

class SimulatedNodeTest : public testing::Test {
 protected:
  SimulatedNodeTest() {
    Create(apiserver::Namespaces(), "", R"({"metadata": {"name": "ci"}})");
    StartNode(0);
  }

  void StartNode(int64_t failure_rate) {
    node = std::make_unique<SimulatedNode>(loop, registry, folder / "pods", PodChance{.failure_rate = failure_rate});
  }
  void Create(const apiserver::Resource& resource, const std::string& ns, const std::string& text) {
    const auto made = registry.Create(resource, ns, json::Parse(text).value(), {.agent = "test"});
    ASSERT_TRUE(made.has_value()) << made.failure().message;
  }
  void CreatePod() {
    Create(Pods(), "ci", R"({"metadata": {"name": "p"}, "spec": {"restartPolicy": "Never",
        "containers": [{"name": "main", "image": "x", "command": ["no-such-program"]}]}})");
  }
  json::Value Pod() const { return store.Get(Pods(), "ci/p")->object(); }
  std::string Phase() const { return Pod()["status"]["phase"].StringOr(""); }
  void Pass(std::chrono::milliseconds time) { loop.Advance(time); }

  apiserver::TestFolder folder;
  reactor::VirtualLoop loop;
  apiserver::Store store;
  apiserver::Registry registry{store, loop, 1};
  std::unique_ptr<SimulatedNode> node;
};

TEST_F(SimulatedNodeTest, APodComesToItsEnd) {
  CreatePod();
  Pass(std::chrono::milliseconds(750));
  EXPECT_EQ(Phase(), "Running");
  EXPECT_EQ(Pod()["spec"]["nodeName"], json::Value(SimulatedNode::kName));
  Pass(std::chrono::seconds(10));
  EXPECT_EQ(Phase(), "Succeeded");
}

TEST_F(SimulatedNodeTest, TheLogSaysThatNothingHasRun) {
  CreatePod();
  EXPECT_EQ(node->LogOf(Pod(), "main").path, "");
  Pass(std::chrono::milliseconds(750));
  EXPECT_TRUE(node->LogOf(Pod(), "main").live);
  Pass(std::chrono::seconds(10));
  const auto log = node->LogOf(Pod(), "main");
  EXPECT_FALSE(log.live);
  EXPECT_EQ(log.path, folder / "pods/simulated.log");
  EXPECT_EQ(folder.Read("pods/simulated.log"), "simulated: no program has run\n");
}

TEST_F(SimulatedNodeTest, APodMayFail) {
  StartNode(100);
  CreatePod();
  Pass(std::chrono::seconds(10));
  EXPECT_EQ(Phase(), "Failed");
}

TEST_F(SimulatedNodeTest, WhatWasThereIsLost) {
  CreatePod();
  Pass(std::chrono::milliseconds(750));
  node.reset();
  StartNode(0);
  EXPECT_EQ(Phase(), "Failed");
  const json::Value ended = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["terminated"];
  EXPECT_EQ(ended["reason"], json::Value("ContainerStatusUnknown"));
}

}  // namespace
}  // namespace coreflow::dev
