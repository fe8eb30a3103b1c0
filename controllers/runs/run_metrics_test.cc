#include "controllers/runs/run_metrics.h"

#include <gtest/gtest.h>

#include <string>

#include "pkg/engine/testing/world.h"
#include "pkg/metrics/series_value.h"

namespace coreflow::runs {
namespace {

using engine::ContainerEnd;
using engine::PodView;
using engine::World;

constexpr char kOne[] = R"json({"defaults": {"image": "i"}, "steps": [{"name": "a", "command": ["x"]}]})json";

constexpr char kNoRetry[] = R"json({"defaults": {"image": "i"}, "steps": [
  {"name": "a", "command": ["x"], "retryPolicy": {"infrastructureLimit": 0}}]})json";

class RunMetricsTest : public testing::Test {
 protected:
  // What is told after each decision.
  void Run(World& world) {
    auto owner = world.NewOwner();
    for (int rounds = 0; rounds < 100; ++rounds) {
      world.Settle(*owner, 1);
      Show(*owner, world.object());
    }
  }
  void Show(engine::Owner& owner, const engine::ObjectView& object) { run_metrics_.Show(owner, &object, {}); }

  std::string Value(const std::string& series) const { return metrics::SeriesValue(registry_, series); }
  std::string Finished(const std::string& result) const {
    return Value("coreflow_workflow_runs_finished_total{result=\"" + result + "\",workflow=\"w\"}");
  }
  std::string LastSuccess(const std::string& workflow) const {
    return Value("coreflow_workflow_last_success_timestamp_seconds{workflow=\"" + workflow + "\"}");
  }

  metrics::Registry registry_;
  metrics::OperatorMetrics metrics_{registry_, {}};
  RunMetrics run_metrics_{metrics_};
};

World Succeeding() {
  return World(engine::Kind::kWorkflow, engine::Spec(kOne), [](const PodView&) { return ContainerEnd(); });
}

TEST_F(RunMetricsTest, ARunCountsOnceWhenItEnds) {
  World world = Succeeding();
  Run(world);
  ASSERT_EQ(world.State(), "Succeeded");
  EXPECT_EQ(Finished("success"), "1");
  EXPECT_NE(LastSuccess("w"), "absent");
}

TEST_F(RunMetricsTest, HowLongStepsWaitAddsUpFromOneLookToTheNext) {
  constexpr char kTwo[] = R"json({"steps": [
    {"name": "a", "image": "x", "command": ["x"]},
    {"name": "b", "image": "x", "command": ["x"], "dependsOn": ["a"]}]})json";
  World world(engine::Kind::kWorkflow, engine::Spec(kTwo), [](const PodView&) { return ContainerEnd(); });
  auto owner = world.NewOwner();
  for (int looks = 1; looks <= 100; ++looks) {
    world.Settle(*owner, 1);
    run_metrics_.Show(*owner, &world.object(), Time(std::chrono::seconds(10 * looks)));
  }
  ASSERT_EQ(world.State(), "Succeeded");
  const double waited =
      std::stod(Value("coreflow_step_wait_seconds_total{queue=\"default\",reason=\"DependenciesRunning\"}"));
  EXPECT_GE(waited, 10);
  EXPECT_LT(waited, 900);  // not from the epoch on, nor after its end
}

TEST_F(RunMetricsTest, OfANameThatTheApiServerMadeWhatWasGivenIsTold) {
  engine::ObjectView object{.generate_name = "nightly-"};
  object.status = json::Object{
      {"previousRuns", json::Array{json::Object{{"result", "Succeeded"}, {"completionTime", "2026-11-21T03:37:00Z"}}}}};
  engine::Owner generated(engine::Kind::kWorkflow, "ns", "nightly-x7k2p", "u", {});
  Show(generated, object);
  EXPECT_EQ(LastSuccess("nightly"), "1795232220");
}

TEST_F(RunMetricsTest, AStepThatTheClusterFailedIsAnError) {
  World world(engine::Kind::kWorkflow, engine::Spec(kNoRetry),
              [](const PodView&) { return ContainerEnd{.never = true}; });
  auto owner = world.NewOwner();
  for (int rounds = 0; rounds < 200; ++rounds) {
    world.Settle(*owner, 1);
    Show(*owner, world.object());
    if (!world.pods().empty()) world.DeletePod(world.pods().begin()->first, true);
  }
  ASSERT_EQ(world.State(), "Failed");
  EXPECT_EQ(Finished("error"), "1");
}

// The status of a run that goes on, as somebody else wrote it.
TEST_F(RunMetricsTest, AResultThatSomebodyElseHasWrittenEndsNoProgram) {
  World world(engine::Kind::kWorkflow, engine::Spec(kOne), [](const PodView&) { return ContainerEnd{.never = true}; });
  auto owner = world.NewOwner();
  for (int rounds = 0; rounds < 20; ++rounds) {
    world.Settle(*owner, 1);
    Show(*owner, world.object());
  }
  engine::ObjectView written = world.object();
  json::Object status = written.status.Members();
  json::Object run = status["run"].Members();
  run["result"] = "Failed";
  run["reason"] = "Running";
  run["completionTime"] = run["startTime"];
  status["run"] = std::move(run);
  written.status = std::move(status);
  written.resource_version = "999999";
  owner->Observe(engine::ObjectSeen{written});
  static_cast<void>(owner->Decide(world.now));
  Show(*owner, written);
  EXPECT_EQ(Finished("error"), "1");
}

TEST_F(RunMetricsTest, AfterARestartTheLastSuccessIsKnownAndNothingIsCountedAgain) {
  World world = Succeeding();
  auto before = world.NewOwner();
  ASSERT_TRUE(world.Settle(*before));
  Run(world);
  EXPECT_NE(LastSuccess("w"), "absent");
  EXPECT_EQ(Finished("success"), "0");
}

TEST_F(RunMetricsTest, TheLastSuccessIsAlsoThatOfARunBefore) {
  bool fails = false;
  World world(engine::Kind::kWorkflow, engine::Spec(kOne),
              [&](const PodView&) { return ContainerEnd{.exit_code = fails ? 1 : 0}; });
  auto before = world.NewOwner();
  ASSERT_TRUE(world.Settle(*before));
  fails = true;
  world.RequestRun("again");
  ASSERT_TRUE(world.Settle(*before));
  ASSERT_EQ(world.State(), "Failed");
  Run(world);
  EXPECT_NE(LastSuccess("w"), "absent");
}

}  // namespace
}  // namespace coreflow::runs
