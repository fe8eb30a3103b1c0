// Steps that are given Secrets, run by a controller with a step cache in a whole cluster, in virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "controllers/runs/controller.h"
#include "pkg/base/base64.h"
#include "pkg/base/hash.h"
#include "pkg/cache/memory_entries.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/process_loop.h"

namespace coreflow::runs {
namespace {

using json::Object;
using json::Value;
using testing::HasSubstr;
using testing::Not;

constexpr char kCanary[] = "canary-77e1d03b";

const std::string kSpec = R"json({"defaults": {"cache": {"mode": "Auto"}}, "steps": [
  {"name": "use", "image": "i@sha256:)json" +
                          std::string(64, 'a') + R"json(", "command": ["x"],
   "env": [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]}]})json";

class CachedContentsTest : public testing::Test {
 protected:
  void Start(const ReadContents::Options& contents) {
    operator_ = std::make_unique<Operator>(*this, contents);
    ASSERT_TRUE(cluster_.Create(apiserver::Secrets(), "default", Object{{"metadata", Object{{"name", "db"}}}}));
    SetPassword(kCanary);
  }
  void SetPassword(const std::string& password) {
    const Object data{{"password", EncodeBase64(password)}};
    EXPECT_TRUE(cluster_.MergePatch(apiserver::Secrets(), "default", "db", Object{{"data", data}}));
  }

  // What the cache said of the step of a Workflow of that name, which has ended.
  Value Run(const std::string& name) {
    EXPECT_TRUE(cluster_.Create(workflows_, "default",
                                Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                                       {"kind", "Workflow"},
                                       {"metadata", Object{{"name", name}}},
                                       {"spec", *json::Parse(kSpec)}}));
    loop_.Advance(std::chrono::minutes(1));
    const Value workflow = cluster_.Get(workflows_, "default", name);
    EXPECT_EQ(workflow["status"]["state"].StringOr(""), "Succeeded");
    for (const Value& record : cluster_.List(records_, "default")) {
      const auto& owners = record["metadata"]["ownerReferences"].Elements();
      if (owners.empty() || owners.at(0)["name"] != Value(name)) continue;
      for (const Value& item : record["results"].Elements()) return item["cache"];
    }
    return {};
  }

  struct Operator {
    Operator(CachedContentsTest& test, const ReadContents::Options& contents)
        : loop(test.loop_, Duration(0)),
          transport(test.cluster_.Connect({.user_agent = "coreflow-operator"})),
          controller(
              loop, *transport,
              {.instance = "test", .random = [] { return 0.5; }, .results = &test.entries_, .contents = contents}, {}) {
      controller.Start();
    }

    simulation::ProcessLoop loop;
    std::unique_ptr<simulation::FaultyTransport> transport;
    Controller controller;
  };

  const apiserver::Resource& workflows_ = *apiserver::FindKind("coreflow.dev/v1alpha1", "Workflow");
  const apiserver::Resource& records_ = *apiserver::FindKind("coreflow.dev/v1alpha1", "WorkflowRecord");
  const ReadContents::Options all_ = {
      .secrets = true, .config_maps = true, .key = Secret<std::string>(std::string(64, 'k'))};
  reactor::VirtualLoop loop_;
  std::function<void()> on_start_ = [] {};  // of each pod
  simulation::Cluster cluster_{loop_, {.script = [this](const Value&) {
                                 on_start_();
                                 return simulation::Behaviour{};
                               }}};
  cache::MemoryEntries entries_{loop_};
  std::unique_ptr<Operator> operator_;
};

TEST_F(CachedContentsTest, TheSameSecretIsAHitAndAnotherAMiss) {
  Start(all_);
  EXPECT_EQ(Run("first")["decision"].StringOr(""), "Miss");
  EXPECT_EQ(Run("second")["decision"].StringOr(""), "Hit");
  EXPECT_EQ(cluster_.kubelet.runs().size(), 1u);
  SetPassword("another");
  EXPECT_EQ(Run("third")["decision"].StringOr(""), "Miss");
  SetPassword(kCanary);
  EXPECT_EQ(Run("fourth")["decision"].StringOr(""), "Hit");
}

TEST_F(CachedContentsTest, NothingOfASecretIsInTheStoreOrInRecords) {
  Start(all_);
  Run("first");
  Run("second");
  std::string stored;
  for (const auto& [name, value] : entries_.values) stored += name + value;
  for (const Value& record : cluster_.List(records_, "default")) stored += json::Write(record);
  ASSERT_THAT(stored, HasSubstr("content of key password of Secret db"));
  const std::string encoded = EncodeBase64(kCanary);
  for (const std::string& trace : {std::string(kCanary), encoded, Sha256Hex(kCanary), Sha256Hex(encoded)}) {
    EXPECT_THAT(stored, Not(HasSubstr(trace)));
  }
}

TEST_F(CachedContentsTest, WhatChangedWhileTheStepRanIsNotKept) {
  Start(all_);
  on_start_ = [this] { loop_.Post([this] { SetPassword("another"); }); };
  EXPECT_EQ(Run("first")["decision"].StringOr(""), "Miss");
  on_start_ = [] {};
  SetPassword(kCanary);
  EXPECT_EQ(Run("second")["decision"].StringOr(""), "Miss");
  EXPECT_EQ(Run("third")["decision"].StringOr(""), "Hit");
}

TEST_F(CachedContentsTest, WhoWasNotToldToReadRunsEachTime) {
  Start({});
  for (const char* name : {"first", "second"}) {
    const Value cache = Run(name);
    EXPECT_EQ(cache["decision"].StringOr(""), "NotCacheable");
    EXPECT_EQ(cache["because"].StringOr(""),
              "Secret db may not be read here: CoreFlow was not told to (chart value cache.readSecrets)");
  }
  EXPECT_EQ(cluster_.kubelet.runs().size(), 2u);
}

TEST_F(CachedContentsTest, AnotherLeaderKeepsNothingThatItHasNotLookedUp) {
  Start(all_);
  bool changed = false;
  on_start_ = [&] {
    if (std::exchange(changed, true)) return;
    loop_.Post([this] {
      operator_.reset();
      operator_ = std::make_unique<Operator>(*this, all_);
    });
  };
  EXPECT_EQ(Run("first")["decision"].StringOr(""), "Miss");
  EXPECT_EQ(Run("second")["decision"].StringOr(""), "Miss");
  EXPECT_EQ(Run("third")["decision"].StringOr(""), "Hit");
}

}  // namespace
}  // namespace coreflow::runs
