// What only the fake can be made to do: the rest of its behaviour is in tests/conformance.
#include "pkg/apiserver/api_server.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::simulation {
namespace {

constexpr const char* kLeases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

class ApiServerTest : public testing::Test {
 protected:
  void Make(const std::string& name) {
    ASSERT_TRUE(
        cluster.Create(apiserver::Leases(), "default", json::Object{{"metadata", json::Object{{"name", name}}}}));
  }
  json::Value Get(const std::string& target, uint64_t stale_by = 0) {
    const http::Response response = cluster.server.Handle({.method = "GET", .target = target}, stale_by);
    status = response.status;
    auto body = json::Parse(response.body);
    return body ? *body : json::Value(response.body);
  }
  // Names of the items, in order.
  static std::string Names(const json::Value& list) {
    std::string names;
    for (const json::Value& item : list["items"].Elements()) {
      names += (names.empty() ? "" : " ") + item["metadata"]["name"].StringOr("?");
    }
    return names;
  }

  reactor::VirtualLoop loop;
  Cluster cluster{loop};
  int status = 0;
};

TEST_F(ApiServerTest, OnlyReadsThatAllowItAreStale) {
  Make("a");
  Make("b");
  EXPECT_EQ(Names(Get(std::string(kLeases) + "?resourceVersion=0", 1)), "a");
  EXPECT_EQ(Names(Get(kLeases, 1)), "a b");
  Get(std::string(kLeases) + "/b?resourceVersion=0", 1);
  EXPECT_EQ(status, 404);
  Get(std::string(kLeases) + "/b", 1);
  EXPECT_EQ(status, 200);
}

TEST_F(ApiServerTest, AWatchCannotGoOnFromBeforeARestart) {
  const std::string before = std::to_string(cluster.store.Current());
  Make("a");
  cluster.server.Restart();
  std::string frames;
  bool ended = false;
  const auto watch = cluster.server.Open(
      {.method = "GET", .target = std::string(kLeases) + "?watch=1&resourceVersion=" + before},
      [&frames](const apiserver::WatchFrame& frame) { frames += frame.Text(); }, [&ended](bool) { ended = true; });
  ASSERT_TRUE(watch);
  EXPECT_NE(frames.find("\"type\":\"ERROR\""), std::string::npos) << frames;
  EXPECT_NE(frames.find("too old resource version"), std::string::npos) << frames;
  EXPECT_TRUE(ended);
}

TEST_F(ApiServerTest, AWatchThatIsLetGoHearsNothing) {
  std::string frames;
  auto watch = cluster.server.Open(
      {.method = "GET", .target = std::string(kLeases) + "?watch=1"},
      [&frames](const apiserver::WatchFrame& frame) { frames += frame.Text(); }, [](bool) {});
  ASSERT_TRUE(watch);
  watch = std::shared_ptr<apiserver::Watch>();
  Make("a");
  loop.Advance(std::chrono::hours(1));
  EXPECT_EQ(frames, "");
}

TEST_F(ApiServerTest, WhatItDoesNotKnowIsNotImplemented) {
  const std::pair<const char*, int> cases[] = {{"/api/v1/endpoints", 501},
                                               {"/apis/apps/v1/deployments", 501},
                                               {"/api/v1/namespaces/default/pods/p/log", 501},
                                               {"/api/v1/namespaces/default/status", 501},
                                               {"/api/v1/namespaces/default/pods/p?watch=true", 501},
                                               {"/logs", 404},
                                               {"/nonsense", 404},
                                               {"/api/v1/namespaces/default/pods/p/x/y", 404}};
  for (const auto& [target, wanted] : cases) {
    Get(target);
    EXPECT_EQ(status, wanted) << target;
  }
}

TEST_F(ApiServerTest, ATableIsNotMadeButItsAlternativeIs) {
  const auto status_of = [this](const char* accept) {
    return cluster.server.Handle({.method = "GET", .target = kLeases, .headers = {{"accept", accept}}}).status;
  };
  EXPECT_EQ(status_of("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"), 200);
  EXPECT_EQ(status_of("application/vnd.kubernetes.protobuf"), 406);
}

}  // namespace
}  // namespace coreflow::simulation
