#include "operator/rehearsal/rehearse.h"

#include <gtest/gtest.h>

#include "pkg/cli/run_view.h"
#include "pkg/json/parse.h"

namespace coreflow::rehearsal {
namespace {

using scenario::Outcome;
using scenario::Rehearsal;

json::Value Chain() {
  return json::Parse(R"({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow",
      "metadata": {"name": "chain", "namespace": "team"},
      "spec": {"steps": [{"name": "a", "image": "x", "command": ["a"], "retryPolicy": {"limit": 1}},
                         {"name": "b", "image": "x", "command": ["b"], "dependsOn": ["a"]}]}})")
      .value();
}

std::string EndOf(const Rehearsal& rehearsal) {
  const auto ended = Rehearse(rehearsal);
  if (!ended) return ended.error().message;
  const cli::RunView view = cli::ViewOf(ended->object, ended->records, ended->pods);
  std::string text =
      (ended->over ? view.state : "Unfinished") + " after " + std::to_string(ended->pods_made) + " pods:";
  for (const cli::StepView& step : view.steps) {
    text += " " + step.name + " " + (step.reason.empty() ? std::string(json::EnumName(step.state)) : step.reason);
  }
  return text;
}

struct Case {
  Outcome outcome;
  const char* want;
};
void PrintTo(const Case& test, std::ostream* out) { *out << json::EnumName(test.outcome); }
class RehearseOutcomesTest : public testing::TestWithParam<Case> {};

// The first attempt of the first step ends so, all others succeed.
TEST_P(RehearseOutcomesTest, AnOutcomeIsWhatAClusterWouldMakeOfIt) {
  EXPECT_EQ(EndOf({.object = Chain(), .rules = {{.step = "a", .attempt = 1, .outcome = GetParam().outcome}}}),
            GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    , RehearseOutcomesTest,
    testing::Values(
        Case{Outcome::kSucceeded, "Succeeded after 2 pods: a Succeeded b Succeeded"},
        Case{Outcome::kFailed, "Succeeded after 3 pods: a Succeeded b Succeeded"},
        Case{Outcome::kOomKilled, "Succeeded after 3 pods: a Succeeded b Succeeded"},
        Case{Outcome::kEvicted, "Succeeded after 3 pods: a Succeeded b Succeeded"},
        Case{Outcome::kPreempted, "Succeeded after 3 pods: a Succeeded b Succeeded"},
        Case{Outcome::kNodeLost, "Succeeded after 3 pods: a Succeeded b Succeeded"},
        Case{Outcome::kUnschedulable, "Unfinished after 1 pods: a WaitingForCapacity b DependenciesRunning"},
        Case{Outcome::kImagePullBackOff, "Unfinished after 1 pods: a ImagePullError b DependenciesRunning"},
        Case{Outcome::kCreateContainerConfigError, "Unfinished after 1 pods: a Misconfigured b DependenciesRunning"},
        Case{Outcome::kRunning, "Unfinished after 1 pods: a Running b DependenciesRunning"}),
    [](const auto& test) { return std::string(json::EnumName(test.param.outcome)); });

TEST(RehearseEventsTest, NothingIsStartedTwiceWhenTheControllerDies) {
  Rehearsal rehearsal{.object = Chain()};
  for (int second = 0; second < 20; second += 2)
    rehearsal.events.push_back({.at_seconds = static_cast<double>(second)});
  EXPECT_EQ(EndOf(rehearsal), "Succeeded after 2 pods: a Succeeded b Succeeded");
}

TEST(RehearseEventsTest, AControllerThatIsCutOffGoesOn) {
  EXPECT_EQ(EndOf({.object = Chain(), .events = {{.at_seconds = 1, .action = scenario::Action::kCutOffController}}}),
            "Succeeded after 2 pods: a Succeeded b Succeeded");
}

TEST(RehearseEventsTest, AStoppedRunEnds) {
  EXPECT_EQ(EndOf({.object = Chain(), .events = {{.at_seconds = 1, .action = scenario::Action::kStop}}}),
            "Stopped after 1 pods: a Succeeded b Stopped");
}

TEST(RehearseEventsTest, ASuspendedRunIsUnfinishedWhenItIsGivenUp) {
  EXPECT_EQ(EndOf({.object = Chain(), .events = {{.at_seconds = 1, .action = scenario::Action::kSuspend}}}),
            "Unfinished after 1 pods: a Succeeded b Suspended");
}

TEST(RehearseTest, SaysWhichRulesCameToPass) {
  const auto ended =
      Rehearse({.object = Chain(), .rules = {{.step = "a", .attempt = 2}, {.step = "b"}, {.step = "b"}}});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->met, (std::vector<bool>{false, true, false}));
}

}  // namespace
}  // namespace coreflow::rehearsal
