#include "pkg/scenario/read.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::scenario {
namespace {

json::Value Parsed(const std::string& text) { return json::Parse(text).value(); }

std::string WithCase(const std::string& one) {
  return R"({"apiVersion": "coreflow.dev/v1alpha1", "kind": "WorkflowTest", "workflow": "a.yaml", "cases": [)" + one +
         "]}";
}

TEST(ReadTest, TakesWhatATestMaySay) {
  const Read read = ReadScenario(Parsed(WithCase(
      R"({"name": "a", "arguments": [{"name": "n", "value": 3}],
          "when": [{"step": "s", "item": 1, "attempt": 2, "outcome": "OOMKilled", "afterSeconds": 1.5, "outputs": {"x": [1]}}],
          "events": [{"atSeconds": 3, "action": "CutOffController", "forSeconds": 60}],
          "expect": {"state": "Failed", "withinSeconds": 9, "steps": {"s": {"attempts": 2}}, "that": ["seconds < 3.0"]}})")));
  EXPECT_EQ(json::Describe(read.problems), "");
  const Case& one = read.scenario.cases.at(0);
  EXPECT_EQ(one.when.at(0).outcome, Outcome::kOomKilled);
  EXPECT_EQ(one.when.at(0).after_seconds, 1.5);
  EXPECT_EQ(one.events.at(0).action, Action::kCutOffController);
  EXPECT_EQ(one.expect.steps.at("s").attempts, 2);
}

struct Wrong {
  const char* name;
  std::string text;
  const char* want;
};
void PrintTo(const Wrong& test, std::ostream* out) { *out << test.name; }
class ReadProblemsTest : public testing::TestWithParam<Wrong> {};

TEST_P(ReadProblemsTest, SaysAllThatIsWrong) {
  EXPECT_EQ(json::Describe(ReadScenario(Parsed(GetParam().text)).problems), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    , ReadProblemsTest,
    testing::Values(
        Wrong{"NoObject", "[1]", "expected object, got array"},
        Wrong{"OtherKind", R"({"apiVersion": "coreflow.dev/v1", "kind": "Workflow"})",
              ".apiVersion: must be coreflow.dev/v1alpha1; "
              ".kind: must be WorkflowTest; "
              ".workflow: required; "
              ".cases: required"},
        Wrong{"MisspeltFields", WithCase(R"({"name": "a", "wehn": [], "expect": {"stat": "Failed"}})"),
              ".cases[0].expect.stat: unknown field; "
              "did you mean \"state\"?; "
              ".cases[0].wehn: unknown field; "
              "did you mean \"when\"?"},
        Wrong{
            "WrongValues",
            WithCase(
                R"({"name": "a", "when": [{"outcome": "Crashed", "attempt": 0, "afterSeconds": -1}, {"exitCode": 3}]})"),
            ".cases[0].when[0].afterSeconds: must be from 0 to 1,000,000,000; "
            ".cases[0].when[1].exitCode: is for outcome Failed; "
            ".cases[0].when[0].outcome: expected one of Succeeded, Failed, OOMKilled, Evicted, Preempted, NodeLost, Unschedulable, ImagePullBackOff, CreateContainerConfigError, Running, got string \"Crashed\"; "
            ".cases[0].when[0].attempt: must be at least 1, is 0"},
        Wrong{"TwoOfAName", WithCase(R"({"name": "a"}, {"name": "a"})"), ".cases[1].name: another case has this name"},
        Wrong{"NoExpression", WithCase(R"({"name": "a", "expect": {"that": ["stps.a.attempts == 1", "seconds"]}})"),
              ".cases[0].expect.that[0]: unknown name 'stps'; "
              "did you mean steps?; "
              ".cases[0].expect.that[1]: this must be bool, but the expression gives double"}),
    [](const auto& test) { return test.param.name; });

TEST(ProblemsWithTest, NamesStepsAndOutputsThatThereAreNot) {
  const Read read = ReadScenario(Parsed(WithCase(
      R"({"name": "a", "when": [{"step": "trian"}, {"step": "split", "outputs": {"prats": 1}}, {}],
          "expect": {"steps": {"splits": {}, "split": {"outputs": {"x": 1}}}}})")));
  EXPECT_EQ(json::Describe(read.problems), "");
  EXPECT_EQ(json::Describe(ProblemsWith(read.scenario, {{"train", {}}, {"split", {"parts"}}})),
            ".cases[0].when[0].step: there is no step trian; did you mean \"train\"?; "
            ".cases[0].when[1].outputs: step split declares no output prats; did you mean \"parts\"?; "
            ".cases[0].expect.steps.split.outputs: step split declares no output x; "
            ".cases[0].expect.steps: there is no step splits; did you mean \"split\"?");
}

}  // namespace
}  // namespace coreflow::scenario
