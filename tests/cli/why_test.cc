#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

constexpr char kPair[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: pair}
spec:
  parameters: [{name: size, type: Integer, default: 3}]
  defaults: {image: busybox}
  steps:
  - name: first
  - name: second
    dependsOn: [first]
)";

class WhyTest : public CliTest {};

TEST_F(WhyTest, NoNodeHasRoom) {
  behaviours_["first"] = {.trouble = simulation::StartTrouble::kUnschedulable};
  Apply(kPair);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("why pair").out,
            "pair is Running: WaitingForCapacity\n"
            "  The pod exists, and the scheduler has found no node with room for it yet.\n"
            "  step first is Pending: 0/3 nodes are available.\n"
            "  - 0/2 items have ended, after 1m\n"
            "  - pod pair-first-0-bl54usoggx was created 1m ago\n"
            "Next: Wait for other pods to end or for the autoscaler; the message says what the scheduler lacks.\n"
            "Next: kubectl describe pod -n default pair-first-0-bl54usoggx\n");
  EXPECT_EQ(Coreflow("why pair second").out,
            "step second is Pending: DependenciesRunning\n"
            "  Steps that this one depends on have not ended yet.\n"
            "  waits for 1 of 1: first\n"
            "  - first is Pending, WaitingForCapacity: 0/3 nodes are available.\n");
}

TEST_F(WhyTest, AnImageCanNotBePulled) {
  behaviours_["first"] = {.trouble = simulation::StartTrouble::kImagePull};
  Apply(kPair);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("why pair first").out,
            "step first is Pending: ImagePullError\n"
            "  The node cannot pull an image of the pod.\n"
            "  ImagePullBackOff: failed to pull and unpack image: not found\n"
            "  - pod pair-first-0-bl54usoggx was created 1m ago\n"
            "Next: Check the image's name, the registry and the pull secrets; the kubelet tries again by itself.\n"
            "Next: kubectl describe pod -n default pair-first-0-bl54usoggx\n");
}

TEST_F(WhyTest, ItFailed) {
  behaviours_["first"] = {.end = {.exit_code = 3}};
  Apply(kPair);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("why @failed").out,
            "pair is Failed: StepFailed\n"
            "  A step of the run failed.\n"
            "  step first is Failed: exit code 3 (CommandFailed)\n"
            "  - it ran on node node-1\n"
            "Next: coreflow logs pair first\n"
            "Next: coreflow rerun pair\n");
  EXPECT_EQ(Coreflow("why pair second").out,
            "step second is Omitted: FailFast\n"
            "  Another step failed, and `failFast` starts nothing after that.\n"
            "  - first failed: CommandFailed: exit code 3\n"
            "Next: Set `failFast: false` if independent steps are to go on after a failure.\n");
}

TEST_F(WhyTest, ItIsSlow) {
  Apply(kPair);
  behaviours_["second"] = {.runs_for = std::chrono::hours(3)};
  Pass(seconds(600));
  EXPECT_EQ(Coreflow("why pair").out,
            "pair is Running: Running\n"
            "  At least one attempt is running, and nothing holds the run up.\n"
            "  step second is Running: attempt 1 has run for 9m58s\n"
            "  - 1/2 items have ended, after 10m\n"
            "  - pod pair-second-0-lnw2fqvqoa on node node-2\n"
            "Next: coreflow logs pair second -f\n");
}

TEST_F(WhyTest, OneItemIsSlowerThanTheOthers) {
  behaviours_["job"] = {.runs_for = seconds(4)};
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: many}, spec: {completions: 5, parallelism: 1, "
      "template: {image: busybox}}}");
  loop_.After(seconds(18), [this] { behaviours_["job"] = {.runs_for = std::chrono::hours(1)}; });
  Pass(seconds(300));
  EXPECT_EQ(Coreflow("why many job").out,
            "step job is Running: Running\n"
            "  At least one attempt is running, and nothing holds the run up.\n"
            "  job: 1 running, 4 succeeded; the longest, job[4]: attempt 1 has run for 4m39s\n"
            "  - the 4 items that succeeded took 4s (median); job[4] has run for 4m39s: it is slow\n"
            "  - pod many-job-4-kovbfdkzdx on node node-2\n"
            "Next: coreflow logs many job[4] -f\n");
}

TEST_F(WhyTest, SomebodyHoldsIt) {
  Apply(kPair);
  ASSERT_EQ(Coreflow("suspend pair").code, 0);
  Pass(seconds(10));
  EXPECT_EQ(Coreflow("why pair").out,
            "pair is Suspended: Suspended\n"
            "  The workflow or job is suspended, so nothing new starts; running attempts go on.\n"
            "  spec.suspend is true; set it to false to start\n"
            "Next: coreflow resume pair\n");
}

TEST_F(WhyTest, TheSpecHasProblems) {
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: bad}, spec: {steps: [{name: a, image: x, "
      "dependsOn: [b]}]}}");
  Pass(seconds(10));
  EXPECT_EQ(
      Coreflow("why bad").out,
      "bad is Failed: InvalidSpec\n"
      "  The specification has problems, so nothing was started.\n"
      "  .spec.steps[0].dependsOn[0]: there is no step \"b\"\n"
      "Next: Correct the fields that the message names; `coreflow lint` gives the same answers before you apply.\n");
}

TEST_F(WhyTest, WhatToTypeNextIsForTheSameClusterAndNamespace) {
  behaviours_["first"] = {.end = {.exit_code = 3}};
  Apply(AddContext("staging"),
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: far, namespace: kube-system}, spec: "
        "{steps: [{name: first, image: busybox}]}}");
  Pass(seconds(60));
  const std::string out = Coreflow("why far -n kube-system --context staging").out;
  EXPECT_NE(out.find("Next: coreflow logs far first -n kube-system --context=staging\n"), std::string::npos) << out;
  behaviours_["first"] = {.runs_for = seconds(600)};
  ctrl_c_ = seconds(5);
  const Ran ran = Coreflow("rerun far --wait -n kube-system --context staging");
  EXPECT_NE(ran.err.find(": coreflow watch far -n kube-system --context=staging\n"), std::string::npos) << ran.err;
}

class DescribeTest : public CliTest {};

TEST_F(DescribeTest, TellsEverything) {
  Apply(kPair);
  Pass(seconds(10));
  ASSERT_EQ(Coreflow("rerun pair --wait").code, 0);
  behaviours_["first"] = {.end = {.exit_code = 3}};
  ASSERT_EQ(Coreflow("rerun pair --wait").code, 3);
  Pass(seconds(5));
  EXPECT_EQ(Coreflow("describe pair").out,
            "Name:        pair\n"
            "Namespace:   default\n"
            "Kind:        Workflow\n"
            "Run:         3\n"
            "State:       Failed\n"
            "Reason:      StepFailed\n"
            "Message:     step first: CommandFailed: exit code 3\n"
            "Progress:    2/2\n"
            "Started:     2027-01-15T08:00:14Z (7s ago)\n"
            "Ended:       2027-01-15T08:00:16Z (5s ago)\n"
            "Duration:    2s\n"
            "\n"
            "Parameters:\n"
            "  size   3\n"
            "\n"
            "Steps:\n"
            "  STEP     STATUS    ATTEMPTS   DURATION   DETAIL\n"
            "  first    Failed    1          1s         CommandFailed: exit code 3\n"
            "  second   Omitted   -          -          FailFast\n"
            "\n"
            "Earlier runs:\n"
            "  RUN   RESULT      REASON      ENDED     DURATION\n"
            "  2     Succeeded   Succeeded   7s ago    4s\n"
            "  1     Succeeded   Succeeded   17s ago   4s\n"
            "\n"
            "Events:\n"
            "  AGE   TYPE      REASON         MESSAGE\n"
            "  17s   Normal    RunSucceeded   run 1: Succeeded\n"
            "  7s    Normal    RunSucceeded   run 2: Succeeded\n"
            "  5s    Warning   StepFailed     step first item 0: CommandFailed: exit code 3\n"
            "  5s    Warning   RunFailed      run 3: StepFailed step first: CommandFailed: exit code 3\n");
}

}  // namespace
}  // namespace coreflow::cli
