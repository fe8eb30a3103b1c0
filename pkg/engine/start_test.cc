// What starts a run, what does not, and what the status says in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/owner.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

constexpr char kOneStep[] = R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json";

class StartTest : public testing::Test {
 protected:
  explicit StartTest(World::Behaviour behaviour = [](const PodView&) { return ContainerEnd{}; })
      : world(Kind::kWorkflow, Spec(kOneStep), std::move(behaviour)), owner(world.NewOwner()) {}

  // "2 Succeeded/Succeeded": the last run's number, the state and the reason, once nothing more happens.
  std::string Comes() {
    EXPECT_TRUE(world.Settle(*owner)) << json::Write(world.status());
    return json::Write(world.status()["run"]["number"]) + " " + world.State() + "/" + world.Reason();
  }

  World world;
  std::unique_ptr<Owner> owner;
};

class StartAfterFailureTest : public StartTest {
 protected:
  StartAfterFailureTest() : StartTest([](const PodView&) { return ContainerEnd{.exit_code = 1}; }) {}
};

TEST_F(StartTest, ARequestStartsOneMoreRun) {
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  world.RequestRun("2026-01-01T00:00:00Z");
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  EXPECT_EQ(world.status()["run"]["requestedAt"], json::Value("2026-01-01T00:00:00Z"));
  EXPECT_EQ(world.status()["previousRuns"].Elements().size(), 1U);
  owner = world.NewOwner();
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded") << "the request was met";
}

TEST_F(StartTest, ARequestThatIsTakenAwayAndMadeAgainIsTheSame) {
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  world.RequestRun("");
  world.Edit([](json::Object& spec) { spec["failFast"] = false; });
  EXPECT_EQ(Comes(), "3 Succeeded/Succeeded");
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "3 Succeeded/Succeeded");
}

TEST_F(StartTest, ARequestDuringARunStartsTheNextAfterIt) {
  world.Settle(*owner, 3);
  ASSERT_EQ(world.State(), "Running");
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "2 Succeeded/Succeeded");
  EXPECT_EQ(world.created().size(), 2U);
}

TEST_F(StartTest, ARequestFoundByTheFirstRunAsksForNoSecond) {
  world.RequestRun("x");
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
}

TEST_F(StartTest, AfterARefusedEditIsTakenBackTheLastRunIsShown) {
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  world.Edit([](json::Object& spec) { spec["parallelism"] = 1, spec["failFast"] = "maybe"; });
  EXPECT_EQ(Comes(), "1 Failed/InvalidSpec");
  EXPECT_EQ(world.status()["progress"], json::Value("1/1")) << "what the last run did is still to be seen";
  owner = world.NewOwner();
  EXPECT_EQ(Comes(), "1 Failed/InvalidSpec");
  world.Edit([](json::Object& spec) { spec.erase("failFast"); });
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  EXPECT_EQ(world.status()["observedGeneration"], json::Value(3));
}

TEST_F(StartTest, AfterAHeldEditIsTakenBackTheLastRunIsShown) {
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  world.Edit([](json::Object& spec) { spec["suspend"] = true, spec["failFast"] = false; });
  EXPECT_EQ(Comes(), "1 Suspended/Suspended");
  world.Edit([](json::Object& spec) { spec.erase("failFast"); });
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
}

TEST_F(StartAfterFailureTest, AfterARefusedEditIsTakenBackTheReasonIsTheLastRuns) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  world.Edit([](json::Object& spec) { spec["failFast"] = "maybe"; });
  EXPECT_EQ(Comes(), "1 Failed/InvalidSpec");
  world.Edit([](json::Object& spec) { spec.erase("failFast"); });
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
}

TEST_F(StartAfterFailureTest, AnEditWithoutEffectKeepsTheMessageOfTheFailure) {
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  const std::string before = json::Write(world.status()["conditions"].Elements()[0]["message"]);
  world.Edit([](json::Object& spec) { spec["parallelism"] = 7; });
  EXPECT_EQ(Comes(), "1 Failed/StepFailed");
  EXPECT_EQ(world.status()["observedGeneration"], json::Value(2));
  EXPECT_EQ(json::Write(world.status()["conditions"].Elements()[0]["message"]), before);
}

TEST_F(StartTest, AFinishedRunGoesAfterItsTimeToLive) {
  world.Edit([](json::Object& spec) { spec["ttlSecondsAfterFinished"] = 60; });
  world.Settle(*owner);
  EXPECT_TRUE(world.object_gone());
}

TEST_F(StartTest, ATimeToLiveOnWhatGitOpsTracksIsIgnoredWithAWarning) {
  world.Edit([](json::Object& spec) { spec["ttlSecondsAfterFinished"] = 60; });
  world.TrackByGitOps();
  std::vector<std::string> warnings;
  world.said = [&](const EmitEvent& event) {
    if (event.warning) warnings.push_back(event.reason);
  };
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  world.now += std::chrono::hours(1);
  EXPECT_EQ(Comes(), "1 Succeeded/Succeeded");
  EXPECT_FALSE(world.object_gone());
  EXPECT_THAT(warnings, testing::ElementsAre("TTLIgnored"));
}

}  // namespace
}  // namespace coreflow::engine
