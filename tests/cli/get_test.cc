#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

constexpr char kFan[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: fan}
spec:
  parameters: [{name: size, type: Integer, default: 3}]
  defaults: {image: busybox}
  steps:
  - name: split
  - name: count
    dependsOn: [split]
    forEach: {items: "[10, 20, 30]"}
  - name: report
    dependsOn: [count]
  finally:
  - name: notify
)";

class GetTest : public CliTest {};

TEST_F(GetTest, ShowsTheStepsOfARunUnderWay) {
  behaviours_["count"] = {.runs_for = seconds(60)};
  Apply(kFan);
  Pass(seconds(10));
  EXPECT_EQ(
      Coreflow("get fan"),
      (Ran{.out = "NAME   KIND       STATUS    PROGRESS   REASON    AGE\n"
                  "fan    Workflow   Running   1/6        Running   10s\n"
                  "\n"
                  "STEP     STATUS      ATTEMPTS   DURATION   DETAIL\n"
                  "split    Succeeded   1          1s\n"
                  "count    Running     1          8s         3 running\n"
                  "report   Pending     -          -          DependenciesRunning: waits for 1 of 1: count\n"
                  "notify   Pending     -          -          DependenciesRunning: waits for the end of the other "
                  "steps\n"}));
}

TEST_F(GetTest, ShowsWhatFailedAndWhatThatMeantForTheOthers) {
  behaviours_["count"] = {.end = {.exit_code = 2}};
  Apply(kFan);
  Pass(seconds(30));
  EXPECT_EQ(Coreflow("get @failed").out,
            "NAME   KIND       STATUS   PROGRESS   REASON       AGE\n"
            "fan    Workflow   Failed   6/6        StepFailed   30s\n"
            "\n"
            "STEP     STATUS      ATTEMPTS   DURATION   DETAIL\n"
            "split    Succeeded   1          1s\n"
            "count    Failed      1          1s         3 failed; CommandFailed: exit code 2\n"
            "report   Omitted     -          -          FailFast\n"
            "notify   Succeeded   1          1s\n");
}

TEST_F(GetTest, ByPrefixByKindAndByTheNearestName) {
  Apply(kFan);
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: fan},"
      " spec: {template: {image: busybox}}}");
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: render-1},"
      " spec: {template: {image: busybox}}}");
  Pass(seconds(10));
  EXPECT_EQ(Coreflow("get rend -o name").out, "job.coreflow.dev/render-1\n");
  EXPECT_EQ(Coreflow("get cfj/fan -o name").out, "job.coreflow.dev/fan\n");
  EXPECT_EQ(Coreflow("get fan"),
            (Ran{.code = 1, .err = "coreflow: fan may be any of workflow.coreflow.dev/fan, job.coreflow.dev/fan\n"}));
  EXPECT_EQ(Coreflow("get redner-1"),
            (Ran{.code = 6,
                 .err = "coreflow: there is no Workflow or Job redner-1 in namespace default; did you mean "
                        "\"render-1\"?\n"}));
  EXPECT_EQ(Coreflow("get @failed"), (Ran{.code = 6, .err = "coreflow: no run has failed in namespace default\n"}));
}

TEST_F(GetTest, TheObjectAsItIsStored) {
  Apply("{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: one}, spec: {template: {image: busybox}}}");
  Pass(seconds(10));
  const Ran ran = Coreflow("get one -o yaml");
  EXPECT_TRUE(
      ran.out.starts_with("apiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata:\n  creationTimestamp: "
                          "\"2027-01-15T08:00:00Z\"\n"))
      << ran.out;
}

class WaitTest : public CliTest {};

TEST_F(WaitTest, ForTheEndOfARun) {
  Apply(kFan);
  EXPECT_EQ(Coreflow("wait fan"), (Ran{.out = "workflow.coreflow.dev/fan Succeeded\n"}));
}

TEST_F(WaitTest, TheExitCodeSaysThatItFailed) {
  behaviours_["split"] = {.end = {.exit_code = 9}};
  Apply(kFan);
  const std::string line = "workflow.coreflow.dev/fan Failed (StepFailed): step split: CommandFailed: exit code 9\n";
  EXPECT_EQ(Coreflow("wait fan"), (Ran{.code = 3, .out = line}));
  EXPECT_EQ(Coreflow("wait fan --for=done"), (Ran{.code = 0, .out = line}));
  EXPECT_EQ(Coreflow("wait fan --for=failed"), (Ran{.code = 0, .out = line}));
}

TEST_F(WaitTest, ForOneStep) {
  behaviours_["count"] = {.runs_for = std::chrono::hours(1)};
  Apply(kFan);
  EXPECT_EQ(Coreflow("wait fan --for=step=split"), (Ran{.out = "workflow.coreflow.dev/fan step split Succeeded\n"}));
  for (const char* command :
       {"wait fan --for=step=cuont", "why fan cuont", "logs fan cuont", "cache explain fan cuont"}) {
    EXPECT_EQ(Coreflow(command), (Ran{.code = 6, .err = "coreflow: fan has no step cuont; did you mean \"count\"?\n"}))
        << command;
  }
}

TEST_F(WaitTest, NoLongerThanItMay) {
  behaviours_["split"] = {.runs_for = std::chrono::hours(1)};
  Apply(kFan);
  EXPECT_EQ(Coreflow("wait fan --timeout=5m"),
            (Ran{.code = 5, .err = "workflow.coreflow.dev/fan is still Running, 0/4 done: coreflow watch fan\n"}));
  ctrl_c_ = seconds(3);
  EXPECT_EQ(Coreflow("wait fan"),
            (Ran{.code = 130, .err = "workflow.coreflow.dev/fan is still Running, 0/4 done: coreflow watch fan\n"}));
}

TEST_F(WaitTest, OneThatIsDeletedIsNotFound) {
  behaviours_["split"] = {.runs_for = std::chrono::hours(1)};
  Apply(kFan);
  loop_.After(seconds(5), [this] { cluster_.Delete(apiserver::Workflows(), "default", "fan"); });
  EXPECT_EQ(Coreflow("wait fan"), (Ran{.code = 6, .err = "coreflow: workflow.coreflow.dev/fan was deleted\n"}));
}

TEST_F(WaitTest, OneThatIsHeldIsSaid) {
  Apply(kFan);
  ASSERT_TRUE(cluster_.MergePatch(apiserver::Workflows(), "default", "fan",
                                  json::Object{{"spec", json::Object{{"suspend", true}}}}));
  EXPECT_EQ(Coreflow("wait fan --timeout=1m").err,
            "fan is suspended: coreflow resume fan\n"
            "workflow.coreflow.dev/fan is still Suspended, nothing done: coreflow watch fan\n");
}

TEST_F(WaitTest, ItOutlivesAServerThatRestarts) {
  Apply(kFan);
  loop_.After(seconds(2), [this] { cluster_.server.Restart(seconds(5)); });
  const Ran ran = Coreflow("wait fan");
  EXPECT_EQ(ran.out, "workflow.coreflow.dev/fan Succeeded\n");
}

TEST_F(WaitTest, SomethingElseToWaitForIsWrongUse) { EXPECT_EQ(Coreflow("wait fan --for=luck").code, 2); }

}  // namespace
}  // namespace coreflow::cli
