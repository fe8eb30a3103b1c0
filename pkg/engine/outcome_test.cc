#include "pkg/engine/outcome.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <vector>

namespace coreflow::engine {
namespace {

using std::chrono::seconds;

constexpr Time kEnded{seconds(1'800'000'000)};

struct Case {
  const char* name;
  Duration asked;  // when the deletion was asked for, from the container's end
  int64_t grace;
  int32_t exit_code;
  api::Reason want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class DeletedPodTest : public testing::TestWithParam<Case> {};

TEST_P(DeletedPodTest, IsJudgedByWhatCameFirst) {
  const Case& c = GetParam();
  PodView pod{.deletion_time = kEnded + c.asked + seconds(c.grace),
              .deletion_grace_seconds = c.grace,
              .phase = "Failed",
              .ended = true,
              .finished_at = kEnded,
              .exit_code = c.exit_code};
  const auto outcome = Judge(pod, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->reason, c.want);
}

using api::Reason;
INSTANTIATE_TEST_SUITE_P(
    Deletions, DeletedPodTest,
    testing::Values(Case{"TerminatedAndThenConfirmedByTheKubelet", seconds(1), 0, 143, Reason::kPodDeleted},
                    Case{"TerminatedByItselfBeforeAndStillInItsGracePeriod", seconds(1), 30, 143,
                         Reason::kCommandFailed},
                    Case{"FailedLongBefore", seconds(20), 0, 1, Reason::kCommandFailed},
                    Case{"FailedBeforeAndStillInItsGracePeriod", seconds(20), 30, 1, Reason::kCommandFailed},
                    Case{"KilledAfter", seconds(-2), 30, 137, Reason::kPodDeleted},
                    Case{"FailedWhileItWasStopped", seconds(-2), 30, 1, Reason::kPodDeleted},
                    Case{"FailedInTheSameSecond", seconds(0), 0, 1, Reason::kCommandFailed},
                    Case{"TerminatedInTheSameSecond", seconds(0), 30, 143, Reason::kPodDeleted},
                    Case{"KilledInTheSameSecond", seconds(0), 0, 137, Reason::kPodDeleted}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Outcome, MemoryThatRanOutIsTheStepsOwnAlsoWhileItIsDeleted) {
  for (const int64_t grace : {30, 0}) {
    PodView pod{.deletion_time = kEnded + seconds(grace - 1),
                .deletion_grace_seconds = grace,
                .phase = "Failed",
                .ended = true,
                .finished_at = kEnded,
                .exit_code = 137,
                .exit_reason = "OOMKilled"};
    EXPECT_EQ(Judge(pod, {})->reason, api::Reason::kOutOfMemory) << "grace period " << grace;
  }
}

TEST(Outcome, AKillThatNobodyAskedForSaysThatMemoryMayBeWhy) {
  PodView pod{.phase = "Failed", .ended = true, .finished_at = kEnded, .exit_code = 137, .exit_reason = "Error"};
  const auto outcome = Judge(pod, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::kFailure) << "the node didn't say that it was the memory";
  EXPECT_EQ(outcome->message, "exit code 137, killed by SIGKILL: perhaps it ran out of memory");
}

const graph::OutputArtifact kModel = {.name = "model", .path = "/out", .archive = api::Archive::kTar};
const graph::OutputArtifact kNotes = {.name = "notes", .path = "/notes", .optional = true};
const std::string kStored = "\"model\":\"" + std::string(64, 'a') + ":7\"";

graph::Step Leaves(std::vector<graph::OutputArtifact> artifacts, std::vector<graph::OutputDeclaration> outputs = {}) {
  graph::Step step;
  step.outputs = std::move(outputs);
  step.large_outputs = std::ranges::any_of(step.outputs, &graph::OutputDeclaration::large);
  step.output_artifacts = std::move(artifacts);
  return step;
}

PodView ExecutedPod(const std::string& message, int32_t exit_code = 0) {
  return {.phase = exit_code == 0 ? "Succeeded" : "Failed",
          .containers = 3,
          .ended = true,
          .exit_code = exit_code,
          .termination_message = message};
}

TEST(ExecutedOutcome, HasOutputsAndArtifacts) {
  const auto outcome = Judge(ExecutedPod(R"({"format":1,"outputs":"rows=3\n","artifacts":{)" + kStored + "}}"),
                             Leaves({kModel, kNotes}, {{.name = "rows", .type = api::ValueType::kInteger}}));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::kSucceeded);
  EXPECT_EQ(outcome->outputs, (json::Object{{"rows", 3}}));
  EXPECT_EQ(
      outcome->artifacts,
      (artifact::Artifacts{{"model", {.digest = std::string(64, 'a'), .bytes = 7, .archive = api::Archive::kTar}}}));
}

TEST(ExecutedOutcome, WithoutAnArtifactIsAFailureThatSaysWhich) {
  const auto absent = Judge(ExecutedPod(R"({"format":1})"), Leaves({kModel}));
  EXPECT_EQ(absent->reason, api::Reason::kArtifactFailed);
  EXPECT_EQ(absent->message, "artifact model was not stored");
  const auto told =
      Judge(ExecutedPod(R"({"format":1,"problem":"artifact model: nothing is at /out"})"), Leaves({kModel}));
  EXPECT_EQ(told->message, "artifact model: nothing is at /out");
  const auto silent = Judge(ExecutedPod("rows=3"), Leaves({kModel}));
  EXPECT_EQ(silent->reason, api::Reason::kArtifactFailed);
  const auto cut = Judge(ExecutedPod(std::string(4096, 'x')), Leaves({kModel}));
  EXPECT_EQ(cut->reason, api::Reason::kOutputsTooLarge);
}

TEST(ExecutedOutcome, HasWhatTheCommandTook) {
  const std::string took = R"({"format":1,"usage":{"cpuMilliseconds":7,"peakMemoryBytes":9})";
  const std::string all = took + R"(,"artifacts":{)" + kStored + "}}";
  const artifact::Usage usage{.cpu_milliseconds = 7, .peak_memory_bytes = 9};
  EXPECT_EQ(Judge(ExecutedPod(all), Leaves({kModel}))->usage, usage);
  EXPECT_EQ(Judge(ExecutedPod(all, 3), Leaves({kModel}))->usage, usage);
  EXPECT_EQ(Judge(ExecutedPod(took + "}"), Leaves({kModel}))->usage, usage) << "also without its artifact";
}

TEST(ExecutedOutcome, OfAFailureKeepsWhatWasStored) {
  const auto outcome =
      Judge(ExecutedPod(R"({"format":1,"outputs":"no luck","artifacts":{)" + kStored + "}}", 3), Leaves({kModel}));
  EXPECT_EQ(outcome->reason, api::Reason::kCommandFailed);
  EXPECT_EQ(outcome->message, "exit code 3: no luck");
  EXPECT_EQ(outcome->artifacts.size(), 1u);
}

TEST(ExecutedOutcome, OutputsThatAreLargeAreNamedOnly) {
  const std::vector<graph::OutputDeclaration> large = {{.name = "rows", .large = true}};
  const std::string digest(64, 'b');
  const PodView pod = ExecutedPod(R"({"format":1,"artifacts":{"$outputs":")" + digest + R"(:5000"}})");
  const auto outcome = Judge(pod, Leaves({}, large));
  EXPECT_EQ(outcome->kind, Outcome::Kind::kSucceeded);
  EXPECT_EQ(outcome->outputs, json::Object());
  EXPECT_EQ(outcome->artifacts, (artifact::Artifacts{{"$outputs", {.digest = digest, .bytes = 5000}}}));
  // Small ones stand in the message, and a step that declares none has none.
  EXPECT_EQ(Judge(ExecutedPod(R"({"format":1,"outputs":"rows=3"})"), Leaves({}, large))->outputs,
            (json::Object{{"rows", "3"}}));
  EXPECT_EQ(Judge(pod, Leaves({kNotes}, {{.name = "rows"}}))->reason, api::Reason::kOutputsInvalid);
}

graph::Step KeepsLogs() {
  graph::Step step = Leaves({kNotes});
  step.archive_logs = true;
  return step;
}

TEST(ExecutedOutcome, HasTheLogHoweverTheCommandEnded) {
  const std::string digest(64, 'b');
  const std::string message = R"({"format":1,"artifacts":{"$log":")" + digest + R"(:5"}})";
  const artifact::Artifacts kept = {{"$log", {.digest = digest, .bytes = 5}}};
  EXPECT_EQ(Judge(ExecutedPod(message), KeepsLogs())->artifacts, kept);
  EXPECT_EQ(Judge(ExecutedPod(message), KeepsLogs())->kind, Outcome::Kind::kSucceeded);
  EXPECT_EQ(Judge(ExecutedPod(message, 3), KeepsLogs())->artifacts, kept);
  for (const Ending ending : {Ending::kTimeout, Ending::kStopped}) {
    PodView ended = ExecutedPod(message, 143);
    ended.ending = ending;
    EXPECT_EQ(Judge(ended, KeepsLogs())->artifacts, kept);
  }
  EXPECT_EQ(Judge(ExecutedPod(message), Leaves({kNotes}))->artifacts, artifact::Artifacts()) << "it was not asked for";
}

TEST(ExecutedOutcome, WithoutItsLogIsTheSame) {
  EXPECT_EQ(Judge(ExecutedPod(R"({"format":1})"), KeepsLogs()),
            Judge(ExecutedPod(R"({"format":1})"), Leaves({kNotes})));
}

TEST(ExecutedOutcome, WhatCouldNotBeBroughtIsNotTheStepsFailure) {
  PodView pod{.phase = "Failed", .containers = 2};
  pod.init_failure = "init container coreflow-fetch ended with code 1: input model: the store is down";
  pod.failed_init_container = "coreflow-fetch";
  const auto outcome = Judge(pod, Leaves({kModel}));
  EXPECT_EQ(outcome->kind, Outcome::Kind::kInfrastructure);
  EXPECT_EQ(outcome->reason, api::Reason::kArtifactFailed);
  pod.failed_init_container = "theirs";
  EXPECT_EQ(Judge(pod, Leaves({kModel}))->kind, Outcome::Kind::kFailure);
}

}  // namespace
}  // namespace coreflow::engine
