// A run that continues an earlier one, from the request to its end.
#include "pkg/engine/continuation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/owner.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kChain[] = R"json({"steps": [
  {"name": "a", "image": "i:1", "command": ["x"], "outputs": [{"name": "n", "type": "Integer"}]},
  {"name": "b", "image": "i:1", "command": ["x", "$[[ steps.a.outputs.n ]]"]},
  {"name": "c", "image": "i:1", "command": ["x"], "dependsOn": ["b"]}]})json";

class ContinuationTest : public testing::Test {
 protected:
  ContinuationTest()
      : world(Kind::kWorkflow, Spec(kChain),
              [this](const PodView& pod) {
                return ContainerEnd{.exit_code = pod.step == broken ? 1 : 0, .output = pod.step == "a" ? "n=7" : ""};
              }),
        owner(world.NewOwner()) {}

  // "2 Succeeded/Succeeded": the last run's number, the state and the reason, once nothing more happens.
  std::string Comes() {
    EXPECT_TRUE(world.Settle(*owner)) << json::Write(world.status());
    return json::Write(world.status()["run"]["number"]) + " " + world.State() + "/" + world.Reason();
  }
  void Retry(const std::string& run, const std::string& when = "now") {
    world.RequestRun(when, json::Object{{"run", run}});
  }

  std::string broken = "b";
  World world;
  std::unique_ptr<Owner> owner;
};

TEST_F(ContinuationTest, OnlyWhatDidNotSucceedRunsAgain) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  broken = "";
  Retry(world.object().name);
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  EXPECT_THAT(world.Ends(2), ElementsAre("a Succeeded/Reused", "b Succeeded/Succeeded", "c Succeeded/Succeeded"));
  EXPECT_EQ(world.created().size(), 4U);
  EXPECT_EQ(world.status()["run"]["retryFrom"].StringOr(""), world.object().name + "/1");
  EXPECT_EQ(world.status()["run"]["reused"], json::Value(1));
}

TEST_F(ContinuationTest, AnEarlierRunIsNamedByItsNumber) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  broken = "a";
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "2 Failed/StepFailed");
  broken = "";
  Retry(world.object().name + "/1");
  EXPECT_EQ(Comes(), "3 Succeeded/Succeeded");
  EXPECT_EQ(world.status()["run"]["reused"], json::Value(1));
}

TEST_F(ContinuationTest, SpecRetryFromGoesWithTheEditThatSetIt) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  broken = "";
  world.Edit([&](json::Object& spec) { spec["retryFrom"] = json::Object{{"run", world.object().name}}; });
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  EXPECT_EQ(world.status()["run"]["reused"], json::Value(1));
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "3 Succeeded/Succeeded");
  EXPECT_TRUE(world.status()["run"]["reused"].IsNull()) << "a run that is asked for does all of it";
}

TEST_F(ContinuationTest, AnAnnotationOfAnotherRequestIsNotLookedAt) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  Retry(world.object().name, "one");
  EXPECT_EQ(Comes(), "2 Failed/StepFailed");
  EXPECT_EQ(world.status()["run"]["reused"], json::Value(1));
  world.RequestRun("two", json::Object{{"run", world.object().name}, {"requestedAt", "one"}});
  EXPECT_EQ(Comes(), "3 Failed/StepFailed");
  EXPECT_TRUE(world.status()["run"]["reused"].IsNull());
}

TEST_F(ContinuationTest, ARunThatCanNotBeContinuedIsRefusedWithTheReason) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  Retry("other/9");
  EXPECT_EQ(Comes(), "1 Failed/InvalidSpec");
  EXPECT_THAT(json::Write(world.status()["conditions"]), HasSubstr("there is no such run"));
  EXPECT_EQ(world.created().size(), 2U);
  broken = "";
  Retry(world.object().name, "later");
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
}

TEST_F(ContinuationTest, AnAnnotationThatCanNotBeReadIsRefused) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  for (const json::Object& bad :
       {json::Object{{"run", ""}}, json::Object{{"steps", "b"}}, json::Object{{"run", "x/y/z"}},
        json::Object{{"run", world.object().name}, {"steps", json::Array{"nothing"}}}}) {
    world.RequestRun("now", bad);
    EXPECT_EQ(Comes(), "1 Failed/InvalidSpec") << json::Write(bad);
    EXPECT_THAT(json::Write(world.status()["conditions"]), HasSubstr("coreflow.dev/retry-from")) << json::Write(bad);
  }
}

// Law 3 for the beginning of a run: whatever it was cut at, nothing that is to be taken runs.
TEST_F(ContinuationTest, CutAtAnyMomentItGoesOnWithTheSame) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  broken = "";
  Retry(world.object().name);
  for (int rounds = 1; rounds < 12; ++rounds) {
    world.Round(*owner, 1);
    owner = world.NewOwner();
    for (const Observation& observation : world.Stored()) owner->Observe(observation);
  }
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  EXPECT_EQ(world.created().size(), 4U);
  EXPECT_EQ(world.status()["run"]["reused"], json::Value(1));
}

TEST_F(ContinuationTest, ManyResultsGoIntoSeveralRecords) {
  World wide(Kind::kJob, Spec(R"json({"completions": 1200, "parallelism": 1200, "maxFailedIndexes": 1200,
                                      "template": {"image": "i:1", "command": ["x"]}})json"),
             [](const PodView& pod) { return ContainerEnd{.exit_code = pod.facts->item == 1100 ? 1 : 0}; });
  auto engine = wide.NewOwner();
  ASSERT_TRUE(wide.Settle(*engine, 20000));
  wide.RequestRun("now", json::Object{{"run", wide.object().name}});
  ASSERT_TRUE(wide.Settle(*engine, 20000));
  EXPECT_EQ(wide.status()["run"]["reused"], json::Value(1199));
  EXPECT_EQ(wide.created().size(), 1201U);
}

}  // namespace
}  // namespace coreflow::engine
