#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

constexpr char kChain[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: chain}
spec:
  defaults: {image: busybox}
  steps:
  - name: a
  - name: b
    dependsOn: [a]
  - name: c
    dependsOn: [b]
)";

class WatchTest : public CliTest {};

TEST_F(WatchTest, WithoutATerminalEachChangeIsALineThenComesTheReport) {
  behaviours_["b"] = {.end = {.exit_code = 3}};
  logs_["b"] = "reading\ncan't read x\x1b[2J\n";
  Apply(kChain);
  const Ran ran = Coreflow("watch chain");
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.out,
            "08:00:00 run chain Pending\n"
            "08:00:00 run chain Running\n"
            "08:00:00 step a Running\n"
            "08:00:02 step a Succeeded\n"
            "08:00:02 step b Running\n"
            "08:00:04 step b Failed  CommandFailed: exit code 3\n"
            "08:00:04 step c Omitted  FailFast\n"
            "08:00:04 run chain Failed  StepFailed: step b: CommandFailed: exit code 3\n"
            "\n"
            "step b: CommandFailed: exit code 3\n"
            "  | reading\n"
            "  | can't read x [2J\n"
            "\n"
            "workflow.coreflow.dev/chain Failed (StepFailed): step b: CommandFailed: exit code 3\n");
}

TEST_F(WatchTest, OnATerminalItIsDrawnInPlaceWithOneWriteAFrame) {
  terminal_ = Terminal{.width = 80, .height = 24};
  Apply(kChain);
  const Ran ran = Coreflow("watch chain");
  EXPECT_EQ(ran.code, 0);
  ASSERT_GT(writes_.size(), 4u);
  EXPECT_EQ(writes_.front(),
            "chain  Running  0/?  0s\x1b[K\n"
            "○ a  Pending    Starting: ContainerCreating\x1b[K\n"
            "○ b  Pending    DependenciesRunning: waits for 1 of 1: a\x1b[K\n"
            "○ c  Pending    DependenciesRunning: waits for 1 of 1: b\x1b[K\n");
  EXPECT_TRUE(writes_[1].starts_with("\x1b[4Fchain  Running")) << writes_[1];
  const std::string& last = writes_[writes_.size() - 2];
  EXPECT_EQ(last,
            "\x1b[4Fchain  Succeeded  3/3  6s\x1b[K\n"
            "✓ a  Succeeded  1s\x1b[K\n"
            "✓ b  Succeeded  1s\x1b[K\n"
            "✓ c  Succeeded  1s\x1b[K\n");
  EXPECT_EQ(writes_.back(), "\nworkflow.coreflow.dev/chain Succeeded\n");
}

TEST_F(WatchTest, WhatDoesNotFitIsCounted) {
  std::string yaml =
      "apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: wide}\nspec:\n  failFast: false\n  defaults: "
      "{image: busybox}\n  steps:\n";
  for (int i = 0; i < 40; ++i) {
    yaml += "  - {name: s" + std::to_string(i) + (i == 17 ? ", dependsOn: [s16]" : "") + "}\n";
  }
  behaviours_["s16"] = {.runs_for = seconds(100)};
  behaviours_["s30"] = {.end = {.exit_code = 1}};
  Apply(yaml);
  terminal_ = Terminal{.width = 60, .height = 6};
  ctrl_c_ = seconds(10);
  EXPECT_EQ(Coreflow("watch wide").code, 130);
  EXPECT_EQ(writes_.back(),
            "\x1b[5Fwide  Running  38/40  9s\x1b[K\n"
            "● s16  Running    9s\x1b[K\n"
            "✗ s30  Failed     1s  CommandFailed: exit code 1\x1b[K\n"
            "○ s17  Pending    DependenciesRunning: waits for 1 of 1: s…\x1b[K\n"
            "… 37 succeeded\x1b[K\n");
}

TEST_F(WatchTest, OnlyTheReportOrTheResult) {
  behaviours_["a"] = {.end = {.exit_code = 3}};
  Apply(kChain);
  const std::string result = "workflow.coreflow.dev/chain Failed (StepFailed): step a: CommandFailed: exit code 3\n";
  EXPECT_EQ(Coreflow("watch chain --progress=report").out, "\nstep a: CommandFailed: exit code 3\n\n" + result);
  EXPECT_EQ(Coreflow("watch chain --progress=none").out, result);
}

}  // namespace
}  // namespace coreflow::cli
