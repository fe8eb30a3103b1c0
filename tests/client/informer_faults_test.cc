#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <type_traits>

#include "pkg/base/resource_version.h"
#include "pkg/kube/typed_informer.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// What an informer's handler makes of its calls, held against the promises of InformerHandler.
class Picture {
 public:
  kube::TypedHandler<std::string> Handler() {
    return {.on_upsert =
                [this](const kube::ObjectKey& key, const kube::ObjectVersion& version,
                       const std::shared_ptr<const std::string>& holder) {
                  auto known = objects.find(key.name);
                  if (known != objects.end()) {
                    EXPECT_EQ(known->second.uid, version.uid) << "an object changed its uid without a delete";
                    EXPECT_FALSE(IsOlderVersion(version.resource_version, known->second.version))
                        << key.name << " went back from " << known->second.version;
                    EXPECT_NE(known->second.version, version.resource_version) << "told twice";
                  }
                  objects[key.name] = {version.uid, version.resource_version, *holder};
                },
            .on_delete =
                [this](const kube::ObjectKey& key, const kube::ObjectVersion& version) {
                  auto known = objects.find(key.name);
                  ASSERT_NE(known, objects.end()) << "a delete of what was never told";
                  EXPECT_EQ(known->second.uid, version.uid);
                  objects.erase(known);
                },
            .on_synced = [this] { ++synced; },
            .on_undecodable = [](const kube::ObjectKey&, const kube::ObjectVersion&,
                                 const std::string& message) { FAIL() << message; }};
  }

  struct Seen {
    std::string uid, version, holder;
    bool operator==(const Seen&) const = default;
  };
  std::map<std::string, Seen> objects;
  int synced = 0;
};

// Writes at random: creates, changes and deletes of few names, so that names are taken again.
void WriteSomething(simulation::Cluster& cluster, Dice& random) {
  std::string name = "l" + std::to_string(random.Below(12));
  json::Value spec = json::Object{{"holderIdentity", "h" + std::to_string(random.Below(1000))}};
  json::Value lease = json::Object{{"metadata", json::Object{{"name", name}}}, {"spec", spec}};
  bool there = !cluster.Get(apiserver::Leases(), "default", name).IsNull();
  if (!there) {
    ASSERT_TRUE(cluster.Create(apiserver::Leases(), "default", lease));
  } else if (random.Chance(300)) {
    ASSERT_FALSE(cluster.Delete(apiserver::Leases(), "default", name));
  } else {
    ASSERT_TRUE(cluster.MergePatch(apiserver::Leases(), "default", name, json::Object{{"spec", spec}}));
  }
}

class InformerFaultsTest : public testing::TestWithParam<uint64_t> {};

TEST_P(InformerFaultsTest, ThePictureBecomesTheServers) {
  reactor::VirtualLoop loop;
  Dice random(GetParam());
  simulation::Cluster cluster(loop, {.seed = GetParam()});
  simulation::RandomFaults faults(GetParam(), simulation::Turbulent());
  auto transport = cluster.Connect({.seed = GetParam()}, &faults);
  kube::Client client(loop, *transport);
  Picture picture;
  kube::TypedInformer<std::string> informer(
      loop, client,
      {.resource = kube::kLeases,
       .random = [&random] { return static_cast<double>(random.Below(1000)) / 1000; },
       .page_size = 5},
      [](const json::Value& lease) -> Result<std::string> { return lease["spec"]["holderIdentity"].StringOr(""); },
      picture.Handler());
  informer.Start();

  for (int i = 0; i < 1500; ++i) {
    WriteSomething(cluster, random);
    if (random.Chance(5)) cluster.server.Restart(milliseconds(random.Below(20000)));
    if (random.Chance(10)) cluster.store.Compact(cluster.store.Current());
    loop.Advance(milliseconds(random.Below(random.Chance(20) ? 60000 : 500)));
    ASSERT_FALSE(testing::Test::HasFailure()) << "at write " << i;
  }
  faults.Stop();
  loop.Advance(minutes(5));

  std::map<std::string, Picture::Seen> server;
  for (const json::Value& lease : cluster.List(apiserver::Leases(), "")) {
    const json::Value& metadata = lease["metadata"];
    server[metadata["name"].AsString()] = {metadata["uid"].AsString(), metadata["resourceVersion"].AsString(),
                                           lease["spec"]["holderIdentity"].StringOr("")};
  }
  EXPECT_EQ(picture.objects, server);
  EXPECT_EQ(picture.synced, 1);
  EXPECT_GT(informer.informer().counts().lists, 1u) << "nothing went wrong, so nothing was tested";
}

TEST(ManyObjectsTest, TwentyThousandObjectsAreListedInPagesAndNoneIsMissed) {
  reactor::VirtualLoop loop;
  simulation::Cluster cluster(loop);
  constexpr size_t kObjects = 20'000;
  for (size_t i = 0; i < kObjects; ++i) {
    const json::Value metadata = json::Object{{"name", "l" + std::to_string(i)}};
    ASSERT_TRUE(cluster.Create(apiserver::Leases(), "default", json::Object{{"metadata", metadata}}));
  }
  auto transport = cluster.Connect();
  kube::Client client(loop, *transport);
  Picture picture;
  kube::TypedInformer<std::string> informer(
      loop, client, {.resource = kube::kLeases, .random = [] { return 0.5; }},
      [](const json::Value& lease) -> Result<std::string> { return lease["spec"]["holderIdentity"].StringOr(""); },
      picture.Handler());
  informer.Start();
  loop.Advance(seconds(60));
  EXPECT_EQ(picture.synced, 1);
  EXPECT_EQ(picture.objects.size(), kObjects);
  EXPECT_GE(transport->sent().at("GET"), 40) << "in pages of 500";
}

TEST(SharedObjectsTest, WhatAnInformerHandsOutNobodyCanChange) {
  using Handed = decltype(kube::TypedHandler<std::string>::on_upsert);
  using Constant =
      std::function<void(const kube::ObjectKey&, const kube::ObjectVersion&, std::shared_ptr<const std::string>)>;
  EXPECT_TRUE((std::is_same_v<Handed, Constant>)) << "a handler could write to what others read";
}

INSTANTIATE_TEST_SUITE_P(Seeds, InformerFaultsTest, testing::Range<uint64_t>(1, 41));

}  // namespace
}  // namespace coreflow
