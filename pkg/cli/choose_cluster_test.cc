#include "pkg/cli/choose_cluster.h"

#include <gtest/gtest.h>

#include "pkg/base/time.h"

namespace coreflow::cli {
namespace {

// Nobody runs it here.
class NoLoop : public Loop {
  Time Now() const override { return {}; }
  Duration Monotonic() const override { return {}; }
  void Post(std::function<void()>) override {}
  void After(Duration, std::function<void()>) override {}
};

class ChooseClusterTest : public testing::Test {
 protected:
  // A kubeconfig of one context.
  std::string File(const std::string& name, const std::string& context) {
    const std::string path = testing::TempDir() + "choose_cluster_" + name;
    std::FILE* file = std::fopen(path.c_str(), "we");
    const std::string text = "current-context: " + context + "\ncontexts: [{name: " + context +
                             ", context: {cluster: c, namespace: of-" + context +
                             "}}]\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n";
    std::fputs(text.c_str(), file);
    std::fclose(file);
    return path;
  }

  NoLoop loop_;
  Environment environment_{.loop = loop_};
};

TEST_F(ChooseClusterTest, TheNamedFileWins) {
  environment_.variables = {{"KUBECONFIG", File("a", "one")}};
  EXPECT_EQ(ChooseCluster(environment_, {})->namespace_, "of-one");
  EXPECT_EQ(ChooseCluster(environment_, {.kubeconfig = File("b", "two")})->namespace_, "of-two");
  EXPECT_EQ(ChooseCluster(environment_, {.kubeconfig = "/nowhere/config"}).error().code, Code::kNotFound);
}

TEST_F(ChooseClusterTest, AContextOfAnyFileOfTheList) {
  environment_.variables = {{"KUBECONFIG", "/nowhere/config:" + File("a", "one") + ":" + File("b", "two")}};
  EXPECT_EQ(ChooseCluster(environment_, {})->namespace_, "of-one");
  EXPECT_EQ(ChooseCluster(environment_, {.context = "two"})->namespace_, "of-two");
}

TEST_F(ChooseClusterTest, APodUsesItsAccountOnlyWhereNoFileIs) {
  environment_.variables = {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  environment_.variables["KUBECONFIG"] = File("a", "one");
  EXPECT_EQ(ChooseCluster(environment_, {})->namespace_, "of-one");
}

TEST_F(ChooseClusterTest, WithoutAnythingItSaysWhatToDo) {
  environment_.variables = {{"HOME", "/nowhere"}};
  const auto config = ChooseCluster(environment_, {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, Code::kUnavailable);
  EXPECT_NE(config.error().message.find("there is no /nowhere/.kube/config"), std::string::npos);
  EXPECT_NE(config.error().message.find("coreflow dev"), std::string::npos);
}

TEST_F(ChooseClusterTest, ActsAsAnother) {
  const auto config = ChooseCluster(environment_, {.kubeconfig = File("a", "one"), .as = "jane", .as_groups = {"ops"}});
  EXPECT_EQ(config->impersonate.user, "jane");
  EXPECT_EQ(config->impersonate.groups, std::vector<std::string>{"ops"});
}

}  // namespace
}  // namespace coreflow::cli
