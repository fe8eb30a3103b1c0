#include "pkg/kubeconfig/in_cluster.h"

#include <gtest/gtest.h>

#include "pkg/kubeconfig/test_directory.h"

namespace coreflow::kubeconfig {
namespace {

class InClusterTest : public testing::Test {
 protected:
  InClusterTest() {
    directory_.Write("token", "t\n");
    directory_.Write("ca.crt", "CA");
    directory_.Write("namespace", "team\n");
  }
  Pod MakePod(std::string host, std::string port) {
    return {.host = std::move(host), .port = std::move(port), .directory = directory_.Path("")};
  }
  TestDirectory directory_;
};

TEST_F(InClusterTest, TakesWhatThePodIsGiven) {
  auto config = InCluster({.host = "10.96.0.1", .port = "443", .directory = directory_.Path("x/..")});
  ASSERT_FALSE(config.has_value()) << "x does not exist";
  directory_.Write("x/y", "");
  config = InCluster({.host = "10.96.0.1", .port = "443", .directory = directory_.Path("x/..")});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(*config == (Config{.source = "the pod's service account",
                                 .namespace_ = "team",
                                 .server = "https://10.96.0.1:443",
                                 .ca_file = directory_.Path("x/../ca.crt"),
                                 .token_file = directory_.Path("x/../token")}));
}

TEST_F(InClusterTest, NamesTheServiceWhereTheAddressIsIpv6) {
  auto config = InCluster(MakePod("fd00:10:96::1", "443"));
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->server, "https://kubernetes.default.svc:443");
}

TEST_F(InClusterTest, SaysWhenItIsNoPod) {
  EXPECT_EQ(InCluster(MakePod("", "443")).error().code, Code::kNotFound);
  EXPECT_EQ(InCluster(MakePod("10.96.0.1", "")).error().code, Code::kNotFound);
  EXPECT_EQ(InCluster({.host = "10.96.0.1", .port = "443", .directory = "/nonexistent"}).error(),
            (Error{Code::kNotFound, "/nonexistent/token: No such file or directory"}));
  EXPECT_EQ(InCluster(MakePod("a b", "443")).error().code, Code::kInvalid);
  EXPECT_EQ(InCluster(MakePod("10.96.0.1", "x")).error().code, Code::kInvalid);
}

}  // namespace
}  // namespace coreflow::kubeconfig
