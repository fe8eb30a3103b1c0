#include "tests/sim/couriers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/artifact/courier_job.h"
#include "pkg/artifact/executor_message.h"
#include "pkg/json/write.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kData(64, 'a');
const std::string kOutputs(64, 'b');
const std::string kLog(64, 'c');

json::Value PodNamed(const std::string& name) {
  return json::Object{{"metadata", json::Object{{"name", name}, {"namespace", "ns"}, {"uid", "uid-" + name}}}};
}

// That its step is to be given one artifact.
json::Value PodThatTakes(const std::string& digest) {
  const artifact::CourierJob job{.url = "http://127.0.0.1:1",
                                 .name_space = "ns",
                                 .pod = "p",
                                 .inputs = {{.name = "given", .parcels = {{.artifact = {.digest = digest}}}}}};
  json::Object pod = PodNamed("p").Members();
  const json::Value variable = json::Object{{"name", artifact::kJobVariable}, {"value", json::Write(ToJson(job))}};
  const json::Value fetch = json::Object{{"name", "coreflow-fetch"}, {"env", json::Array{variable}}};
  pod["spec"] = json::Object{{"initContainers", json::Array{fetch}}};
  return pod;
}

class CouriersTest : public testing::Test {
 protected:
  // What the message of a pod says that leaves three artifacts, once its couriers have done what they could.
  artifact::ExecutorMessage MessageOf(const std::string& pod) {
    const json::Object artifacts = {{"data", kData + ":4"}, {"$outputs", kOutputs + ":2000"}, {"$log", kLog + ":0"}};
    simulation::Behaviour behaviour{
        .end = {.output = json::Write(json::Object{{"format", 1}, {"artifacts", artifacts}})}};
    couriers.Accompany(PodNamed(pod), "large", behaviour);
    behaviour.before_end(behaviour.end);
    return artifact::ReadExecutorMessage(behaviour.end.output).value();
  }
  bool Has(const std::string& digest) const { return store.HasBlob({.name_space = "ns", .digest = digest}); }

  reactor::VirtualLoop loop;
  SimulatedStore store{loop, {}};
  std::vector<std::string> missing;
  std::vector<std::string> refused;
  Couriers couriers{1,
                    store,
                    {.on_missing = [this](const std::string& uid, const std::string&) { missing.push_back(uid); },
                     .on_refused = [this](const std::string& uid, const std::string&) { refused.push_back(uid); }}};
};

TEST_F(CouriersTest, NothingStartsWithoutItsInput) {
  simulation::Behaviour behaviour;
  couriers.Accompany(PodThatTakes(kData), "", behaviour);
  const auto failure = behaviour.before_start();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->container, "coreflow-fetch");
  EXPECT_THAT(failure->message, HasSubstr("input given: "));
  EXPECT_THAT(missing, ElementsAre("uid-p"));
  store.PutBlob({.name_space = "other", .digest = kData}, 4, "");
  EXPECT_TRUE(behaviour.before_start()) << "it is another namespace's";
  store.PutBlob({.name_space = "ns", .digest = kData}, 4, "");
  EXPECT_FALSE(behaviour.before_start());
}

TEST_F(CouriersTest, WhatIsLeftIsThereWhenTheContainerEnds) {
  couriers.Heal();
  EXPECT_FALSE(Has(kData));
  const artifact::ExecutorMessage message = MessageOf("p");
  EXPECT_EQ(message.artifacts.size(), 3U);
  EXPECT_EQ(message.problem, "");
  EXPECT_TRUE(Has(kData) && Has(kLog));
  EXPECT_EQ(store.blobs().at(kOutputs).text, "large");
  EXPECT_THAT(refused, IsEmpty());
}

// Sooner or later each of the three is refused to some pod.
TEST_F(CouriersTest, WhatIsNotKeptIsAProblemUnlessItIsALog) {
  int of_data = 0, of_log = 0;
  for (int i = 0; i < 1000 && (of_data == 0 || of_log == 0); ++i) {
    const artifact::ExecutorMessage message = MessageOf("p" + std::to_string(i));
    if (!message.artifacts.contains("data") && message.artifacts.contains("$outputs")) {
      ++of_data;
      EXPECT_THAT(message.problem, HasSubstr("artifact data: "));
    }
    if (message.artifacts.size() == 2 && !message.artifacts.contains("$log")) {
      ++of_log;
      EXPECT_EQ(message.problem, "");
    }
  }
  EXPECT_GT(of_data, 0);
  EXPECT_GT(of_log, 0);
  EXPECT_FALSE(refused.empty());
}

TEST_F(CouriersTest, OtherPodsAreLeftAlone) {
  simulation::Behaviour behaviour{.end = {.output = "n=1\n"}};
  couriers.Accompany(PodNamed("p"), "", behaviour);
  EXPECT_FALSE(behaviour.before_start);
  EXPECT_FALSE(behaviour.before_end);
}

}  // namespace
}  // namespace coreflow::sim
