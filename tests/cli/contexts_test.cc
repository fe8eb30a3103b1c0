#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

std::string OneStep(const std::string& name, const std::string& step = "a") {
  return "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: " + name +
         "}, spec: {steps: [{name: " + step + ", image: busybox}]}}";
}

// Both clusters have the run `both`; `here` and `there` are in one each.
class ContextsTest : public CliTest {
 protected:
  void SetUp() override {
    behaviours_["bad"] = {.end = {.exit_code = 3}};
    Apply(OneStep("both"));
    Apply(OneStep("here"));
    Pass(seconds(60));
    Apply(far_, OneStep("both"));
    Apply(far_, OneStep("there", "bad"));
    Pass(seconds(10));
  }

  simulation::Cluster& far_ = AddContext("far");
};

TEST_F(ContextsTest, ListShowsTheRunsOfAllWithTheirContext) {
  EXPECT_EQ(Coreflow("list --context test --context far"),
            (Ran{.out = "CONTEXT   NAME    KIND       STATUS      PROGRESS   REASON       AGE\n"
                        "test      both    Workflow   Succeeded   1/1        Succeeded    1m10s\n"
                        "test      here    Workflow   Succeeded   1/1        Succeeded    1m10s\n"
                        "far       both    Workflow   Succeeded   1/1        Succeeded    10s\n"
                        "far       there   Workflow   Failed      1/1        StepFailed   10s\n"}));
  EXPECT_EQ(Coreflow("list --context far --context test --sort-by=start -o name").out,
            "workflow.coreflow.dev/both\nworkflow.coreflow.dev/there\nworkflow.coreflow.dev/both\n"
            "workflow.coreflow.dev/here\n");
}

TEST_F(ContextsTest, OneContextTwiceIsOne) {
  const Ran ran = Coreflow("list --context far --context far");
  EXPECT_TRUE(ran.out.starts_with("NAME ")) << ran.out;
}

TEST_F(ContextsTest, WhatCanNotBeReachedIsSaidAndTheOthersAreShown) {
  far_.server.Restart(std::chrono::hours(1));
  const Ran ran = Coreflow("list --context far --context test --no-headers -o wide");
  EXPECT_EQ(ran.code, 8);
  EXPECT_TRUE(ran.out.starts_with("test   both   Workflow   Succeeded")) << ran.out;
  EXPECT_TRUE(ran.err.starts_with("coreflow: context far: no answer from https://far:6443")) << ran.err;
}

TEST_F(ContextsTest, AContextThatThereIsNotIsSaidToo) {
  const Ran ran = Coreflow("list --context test --context fra");
  EXPECT_EQ(ran.code, 6);
  EXPECT_NE(ran.out, "");
  EXPECT_EQ(ran.err, "coreflow: context fra: there is no context \"fra\"\n");
}

TEST_F(ContextsTest, NoRunsAnywhereNamesTheContexts) {
  EXPECT_EQ(Coreflow("list --context test --context far -n kube-system"),
            (Ran{.err = "No runs found in namespace kube-system of context test, in namespace kube-system of context "
                        "far.\n"}));
  EXPECT_EQ(Coreflow("list --context test --context far -A --state=Suspended").err,
            "No runs found in context test, in context far.\n");
}

TEST_F(ContextsTest, ARunIsSearchedInAll) {
  const Ran ran = Coreflow("why there --context test --context far");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.err, "there is in context far\n");
  EXPECT_NE(ran.out.find("Next: coreflow logs there bad --context=far\n"), std::string::npos) << ran.out;
  EXPECT_EQ(Coreflow("watch he --context test --context far --progress=none"),
            (Ran{.out = "workflow.coreflow.dev/here Succeeded\n", .err = "here is in context test\n"}));
}

TEST_F(ContextsTest, ARunThatTwoHaveIsAmbiguous) {
  EXPECT_EQ(Coreflow("watch both --context test --context far"),
            (Ran{.code = 1, .err = "coreflow: both is in the contexts test, far; say which with one --context\n"}));
}

TEST_F(ContextsTest, AnExactNameWinsOverABeginning) {
  Apply(OneStep("there-too"));
  EXPECT_EQ(Coreflow("why there --context test --context far").err, "there is in context far\n");
}

TEST_F(ContextsTest, TheLatestIsThatOfAll) {
  Apply(OneStep("last"));
  Pass(seconds(5));
  EXPECT_EQ(Coreflow("why @latest --context far --context test").err, "last is in context test\n");
}

TEST_F(ContextsTest, ARunIsFoundAlthoughAnotherContextDoesNotAnswer) {
  far_.server.Restart(std::chrono::hours(1));
  const Ran found = Coreflow("why here --context far --context test");
  EXPECT_EQ(found.code, 0);
  EXPECT_TRUE(found.err.starts_with("coreflow: context far: no answer from ")) << found.err;
  const Ran not_found = Coreflow("why there --context test --context far");
  EXPECT_EQ(not_found.code, 8);
  EXPECT_TRUE(not_found.err.ends_with("coreflow: there was found in none of the contexts test, far\n"))
      << not_found.err;
}

TEST_F(ContextsTest, OtherCommandsAreAboutOneCluster) {
  EXPECT_EQ(Coreflow("get both --context test --context far"),
            (Ran{.code = 2,
                 .err = "coreflow: get is about one cluster, so --context is given once\nRun 'coreflow get --help' for "
                        "what there is.\n"}));
}

}  // namespace
}  // namespace coreflow::cli
