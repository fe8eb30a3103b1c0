// Outputs that are too large for a pod's status: they go through the artifact store, under the same names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pkg/engine/accept.h"
#include "pkg/engine/owner.h"
#include "pkg/engine/reuse.h"
#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kListAndUse[] = R"json({"defaults": {"image": "i"}, "steps": [
  {"name": "list", "script": "list", "outputs": [{"name": "all", "type": "Array", "large": true}],
   "retryPolicy": {"infrastructureLimit": 1}},
  {"name": "each", "forEach": {"items": "steps.list.outputs.all"}, "command": ["x"]}],
  "outputs": [{"name": "first", "value": "steps.list.outputs.all[0]"}]})json";

class LargeOutputsTest : public testing::Test {
 protected:
  void Begin(const std::string& spec) {
    world = std::make_unique<World>(Kind::kWorkflow, Spec(spec), [this](const PodView& pod) {
      return ContainerEnd{.output = pod.step == "list" ? output : "", .after = std::chrono::seconds(1)};
    });
    owner = world->NewOwner();
  }
  // Until a pod of that step is there.
  void GoOnTo(const std::string& step) {
    for (int rounds = 0; rounds < 100; ++rounds) {
      for (const auto& [name, pod] : world->pods()) {
        if (pod.view.step == step) return;
      }
      world->Settle(*owner, 1);
    }
    FAIL() << "there is no pod of " << step;
  }

  std::string output = "all=[" + std::string(5000, ' ') + "1, 2]\n";
  std::unique_ptr<World> world;
  std::unique_ptr<Owner> owner;
};

TEST_F(LargeOutputsTest, AreReadAsIfTheyWereSmallAndARecordNamesThemOnly) {
  Begin(kListAndUse);
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(),
              ElementsAre("each[0] Succeeded/Succeeded", "each[1] Succeeded/Succeeded", "list Succeeded/Succeeded"));
  EXPECT_EQ(json::Write(world->status()["outputs"]), R"([{"name":"first","value":1}])");
  const json::Value& list = *world->RecordItem("list");
  EXPECT_TRUE(list["outputs"].IsNull());
  EXPECT_EQ(list["artifacts"].Elements().at(0)["name"], json::Value("$outputs"));
  EXPECT_LT(json::Write(list).size(), 1000u);
}

TEST_F(LargeOutputsTest, AreReadAgainAfterARestart) {
  Begin(kListAndUse);
  GoOnTo("each");
  owner = world->NewOwner();
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_EQ(json::Write(world->status()["outputs"]), R"([{"name":"first","value":1}])");
}

TEST_F(LargeOutputsTest, ThatAreLostAfterARestartFailWhatReadsThemAndItSaysWhy) {
  Begin(kListAndUse);
  GoOnTo("each");
  world->LoseOutputs();
  owner = world->NewOwner();
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Failed");
  EXPECT_THAT(json::Write(world->status()), HasSubstr("the outputs of step list can't be read from the store: there is "
                                                      "no such blob"));
  EXPECT_THAT(world->Ends(), testing::Contains("each[0] Succeeded/Succeeded"))
      << "what runs ends first, and is recorded";
}

TEST_F(LargeOutputsTest, ThatTheStoreDoesNotHaveAreALossToTheCluster) {
  Begin(kListAndUse);
  GoOnTo("list");
  for (int rounds = 0; rounds < 100 && world->created().size() < 2; ++rounds) {
    world->LoseOutputs();
    world->Settle(*owner, 1);
  }
  EXPECT_EQ(world->created().size(), 2u) << "a second attempt";
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_EQ((*world->RecordItem("list"))["attempts"], json::Value(2));
}

TEST_F(LargeOutputsTest, AreCheckedAsOthersAre) {
  output = "all=" + std::string(5000, '7') + "\n";
  Begin(kListAndUse);
  EXPECT_TRUE(world->Settle(*owner));
  const json::Value& list = *world->RecordItem("list");
  EXPECT_EQ(list["reason"], json::Value("OutputsInvalid"));
  EXPECT_THAT(list["message"].StringOr(""), HasSubstr("output all: "));
}

TEST_F(LargeOutputsTest, OfARunHaveALimitInAll) {
  output = "all=[" + std::string((size_t{1} << 20) - 10, ' ') + "]\n";
  std::string items = "[0";
  for (int i = 1; i < 70; ++i) items += "," + std::to_string(i);
  Begin(R"json({"defaults": {"image": "i"}, "failFast": false, "steps": [
    {"name": "list", "script": "list", "forEach": {"items": ")json" +
        items + R"json(]"}, "outputs": [{"name": "all", "type": "Array", "large": true}]}],
    "outputs": [{"name": "n", "value": "size(steps.list.outputs.all)"}]})json");
  EXPECT_TRUE(world->Settle(*owner, 100'000));
  int64_t succeeded = 0;
  for (const std::string& end : world->Ends()) succeeded += end.ends_with("Succeeded/Succeeded") ? 1 : 0;
  EXPECT_GE(succeeded, 63);
  EXPECT_LE(succeeded, 65);
  EXPECT_THAT(world->Ends(), testing::Contains(HasSubstr("Failed/OutputsTooLarge")));
}

TEST_F(LargeOutputsTest, ThatAreEqualAreAskedForOnce) {
  Begin(R"json({"defaults": {"image": "i"}, "steps": [
    {"name": "list", "script": "list", "forEach": {"items": "[1, 2, 3]"},
     "outputs": [{"name": "all", "type": "Array", "large": true}]},
    {"name": "use", "when": "size(steps.list.outputs.all) == 3", "command": ["x"]}]})json");
  int asked = 0;
  for (int rounds = 0; rounds < 1000 && world->State() != "Succeeded"; ++rounds) {
    world->Tell(*owner);
    for (const Action& action : owner->Decide(world->now)) {
      asked += std::holds_alternative<LoadOutputs>(action) ? 1 : 0;
      world->Apply(*owner, action);
    }
    world->LetPodsGoOn();
    world->now += std::chrono::milliseconds(100);
  }
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_EQ(asked, 1);
}

TEST_F(LargeOutputsTest, AreReusedByARunThatContinues) {
  Begin(kListAndUse);
  EXPECT_TRUE(world->Settle(*owner));
  const size_t created = world->created().size();
  world->RequestRun("again", {{"run", "w/1"}, {"requestedAt", "again"}});
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->created().size(), created) << "nothing runs again";
  EXPECT_THAT(world->Ends(2),
              ElementsAre("each[0] Succeeded/Reused", "each[1] Succeeded/Reused", "list Succeeded/Reused"));
  EXPECT_EQ(json::Write(world->status()["outputs"]), R"([{"name":"first","value":1}])");
}

TEST_F(LargeOutputsTest, ThatAreLostAreMadeAgainByARunThatContinues) {
  Begin(kListAndUse);
  EXPECT_TRUE(world->Settle(*owner));
  world->LoseOutputs();
  world->RequestRun("again", {{"run", "w/1"}, {"requestedAt", "again"}});
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_THAT(world->Ends(2),
              ElementsAre("each[0] Succeeded/Succeeded", "each[1] Succeeded/Succeeded", "list Succeeded/Succeeded"));
}

TEST_F(LargeOutputsTest, ArePlannedToBeMadeAgainWhereTheyAreNotAtHand) {
  Begin(kListAndUse);
  EXPECT_TRUE(world->Settle(*owner));
  std::map<int32_t, json::Value> records;
  for (const auto& [name, body] : world->records()) records[static_cast<int32_t>(body["index"].IntOr(0))] = body;
  const RunFacts facts{.name = "w", .namespace_name = "ns", .uid = "u", .number = 2};
  const Reuse plan = PlanReuse(CompilePinned(records).value(), facts, EarlierRun::Read(facts, records, {}).value(), {});
  EXPECT_THAT(plan.taken, IsEmpty());
  EXPECT_EQ(plan.steps.at(0).because, "its large outputs are not at hand");
  EXPECT_EQ(plan.steps.at(0).to_run, 1);
  EXPECT_EQ(plan.steps.at(1).because, "it comes after list");
}

TEST_F(LargeOutputsTest, ComeWithAHitOfTheStepCache) {
  std::string spec = kListAndUse;
  spec.replace(spec.find("\"script\""), 0, R"("cache": {"mode": "Auto"}, )");
  Begin(spec);
  EXPECT_TRUE(world->Settle(*owner));
  world->RequestRun("again");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(2),
              ElementsAre("each[0] Succeeded/Succeeded", "each[1] Succeeded/Succeeded", "list Succeeded/CacheHit"));
}

}  // namespace
}  // namespace coreflow::engine
