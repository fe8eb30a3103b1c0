// One small workflow, and a crash at every single write of its run, before and after it takes effect, and where it does
// so when somebody else leads.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/apiserver/object.h"
#include "pkg/json/parse.h"
#include "tests/sim/simulation.h"

namespace coreflow::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A diamond with a fan-out, a step that fails once and is tried again, one that is skipped, and one that runs too long.
constexpr char kWorkflow[] = R"json({"metadata": {"name": "w"}, "spec": {
  "defaults": {"image": "busybox:1.36"},
  "parallelism": 3,
  "steps": [
    {"name": "make3-top", "command": ["x"], "outputs": [{"name": "list", "type": "Array"}]},
    {"name": "each", "command": ["x"], "forEach": {"items": "steps.make3_top.outputs.list", "parallelism": 2}},
    {"name": "flaky", "command": ["x"], "dependsOn": ["make3-top"], "retryPolicy": {"limit": 1, "backoffSeconds": 3}},
    {"name": "never", "command": ["x"], "dependsOn": ["make3-top"], "when": "1 > 2"},
    {"name": "slow", "command": ["x"], "dependsOn": ["make3-top"], "timeoutSeconds": 4, "continueOnFailure": true},
    {"name": "join", "command": ["x"], "dependsOn": ["each", "flaky", "slow"]}],
  "finally": [{"name": "last", "command": ["x"]}]}})json";

simulation::Behaviour BehaviourOf(const json::Value& pod) {
  simulation::Behaviour behaviour{.runs_for = seconds(2)};
  const engine::PodView view = engine::ParsePod(pod);
  if (view.step == "make3-top") behaviour.end.output = "list=[1,2,3]\n";
  if (view.step == "flaky" && view.facts->attempt == 1) behaviour.end.exit_code = 7;
  if (view.step == "slow") behaviour.runs_for = minutes(5);
  return behaviour;
}

struct Ended {
  std::string report = {};  // empty: all promises were kept
  std::string state = {};
  std::vector<std::string> started = {};  // the pods, sorted
  int writes = 0;                         // of the process' last life
  int crashes = 0;                        // that were planned
};

Ended RunWith(std::optional<CrashPlan> plan) {
  Simulation simulation({.most_pause = seconds(1), .fence_lag = seconds(0), .script = BehaviourOf});
  const auto made = simulation.cluster().Create(apiserver::Workflows(), "default", *json::Parse(kWorkflow));
  CHECK(made.has_value(), "the workflow is taken");
  Process& process = *simulation.processes().front();
  simulation.StartProcess(process, plan);
  simulation.ExpectRunsEnd(minutes(10));
  Ended ended{.state =
                  simulation.cluster().Get(apiserver::Workflows(), "default", "w")["status"]["state"].StringOr("")};
  for (const apiserver::AuditEntry& entry : simulation.audit().entries()) {
    if (entry.resource == &apiserver::Pods() && !entry.before) ended.started.push_back(entry.key);
  }
  std::sort(ended.started.begin(), ended.started.end());
  simulation.Advance(minutes(10));
  simulation.ExpectRest(minutes(10));
  ended.writes = process.writes();
  for (const char* crash : {"CrashBeforeWrite", "CrashAfterWrite", "CrashLateWrite"}) {
    ended.crashes += simulation.strikes().at(crash).times;
  }
  simulation.ExpectNothingLeft(minutes(5));
  ended.report = simulation.Report();
  return ended;
}

TEST(EveryWriteTest, ACrashAtAnyWriteChangesNothingOfWhatRuns) {
  const Ended whole = RunWith(std::nullopt);
  ASSERT_EQ(whole.report, "");
  ASSERT_EQ(whole.state, "Succeeded");
  ASSERT_EQ(whole.started.size(), 9u);  // make3-top, each ×3, flaky ×2, slow, join, last
  ASSERT_GT(whole.writes, 30);
  for (int write = 1; write <= whole.writes; ++write) {
    for (CrashPlan::When when : {CrashPlan::When::kBefore, CrashPlan::When::kAfter, CrashPlan::When::kLate}) {
      SCOPED_TRACE("crash at write " + std::to_string(write) + ": " + CrashName(when));
      const Ended cut = RunWith(CrashPlan{.write = write, .when = when, .late_by = seconds(20)});
      EXPECT_EQ(cut.crashes, 1);
      EXPECT_EQ(cut.report, "");
      EXPECT_EQ(cut.state, whole.state);
      EXPECT_EQ(cut.started, whole.started) << "an attempt more or fewer";
    }
  }
}

}  // namespace
}  // namespace coreflow::sim
