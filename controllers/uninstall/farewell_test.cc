#include "controllers/uninstall/farewell.h"

#include <gtest/gtest.h>

#include "pkg/engine/pod_view.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::uninstall {
namespace {

using json::Array;
using json::Object;

// An operator that lives in the namespace "default", and has a pod of a run there.
class FarewellTest : public testing::Test {
 protected:
  FarewellTest() {
    const Object container{{"name", "main"}, {"image", "i:1"}};
    auto made = cluster_.Create(apiserver::Pods(), "default",
                                Object{{"metadata", Object{{"name", "p"},
                                                           {"labels", Object{{engine::kLabelRun, "r"}}},
                                                           {"finalizers", Array{engine::kFinalizer}}}},
                                       {"spec", Object{{"restartPolicy", "Never"}, {"containers", Array{container}}}}});
    EXPECT_TRUE(made);
  }
  void DeleteNamespace() { EXPECT_FALSE(cluster_.Delete(apiserver::Namespaces(), "", "default")); }
  bool PodIsThere() const { return !cluster_.Get(apiserver::Pods(), "default", "p").IsNull(); }
  // How often it said that it was done.
  int Run() {
    kube::Client client(loop_, *transport_);
    Farewell farewell(loop_, client, {.ns = "default"});
    int done = 0;
    farewell.Start([&done] { ++done; });
    loop_.Advance(std::chrono::seconds(20));
    return done;
  }

  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_};
  std::unique_ptr<simulation::FaultyTransport> transport_ = cluster_.Connect();
};

TEST_F(FarewellTest, ANamespaceThatIsBeingDeletedCanGo) {
  DeleteNamespace();
  loop_.Advance(std::chrono::minutes(5));
  ASSERT_TRUE(PodIsThere()) << "it waits for the operator";
  EXPECT_EQ(Run(), 1);
  loop_.Advance(std::chrono::minutes(5));
  EXPECT_FALSE(PodIsThere());
  EXPECT_TRUE(cluster_.Get(apiserver::Namespaces(), "", "default").IsNull());
}

TEST_F(FarewellTest, ElsePodsStayForTheNextLeader) {
  EXPECT_EQ(Run(), 1);
  EXPECT_EQ(cluster_.Get(apiserver::Pods(), "default", "p")["metadata"]["finalizers"].Elements().size(), 1u);
}

TEST_F(FarewellTest, WithoutAnApiServerItIsDoneAllTheSame) {
  transport_->CutOff(true);
  EXPECT_EQ(Run(), 1);
}

}  // namespace
}  // namespace coreflow::uninstall
