#include "controllers/runs/run_events.h"

#include <gtest/gtest.h>

#include "pkg/engine/names.h"
#include "pkg/engine/run_trace.h"
#include "pkg/json/parse.h"

namespace coreflow::runs {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};
constexpr Time kEnd = kStart + std::chrono::minutes(1);

ReportedRun Example(engine::Kind kind = engine::Kind::kWorkflow) {
  return {.object = {.kind = kind, .ns = "team", .name = "etl", .uid = "u"}, .number = 3, .start_time = kStart};
}

engine::RecordItem Item() {
  return {.step = "train",
          .result = {.state = engine::State::kFailed,
                     .reason = api::Reason::kCommandFailed,
                     .message = "exit code 3",
                     .attempts = 2,
                     .exit_code = 3,
                     .outputs = {{"secret", "x"}},
                     .start_time = kStart,
                     .completion_time = kEnd,
                     .pod_name = "p",
                     .node_name = "n"}};
}

TEST(RunEventsTest, TheEndOfARun) {
  const auto event = RunEnded(Example(), {.state = "Failed",
                                          .reason = "StepFailed",
                                          .message = "step train failed",
                                          .cls = api::ReasonClass::kFailure,
                                          .time = kEnd});
  EXPECT_EQ(event.type, "dev.coreflow.run.ended");
  EXPECT_EQ(event.source, "/apis/coreflow.dev/v1alpha1/namespaces/team/workflows/etl");
  EXPECT_EQ(event.id, engine::RunId("u", 3));
  EXPECT_EQ(event.subject, "etl/3");
  EXPECT_EQ(event.time, kEnd);
  EXPECT_EQ(event.traceparent, "");
  const auto want = json::Parse(R"json({
    "kind": "Workflow", "namespace": "team", "name": "etl", "uid": "u", "run": 3, "state": "Failed",
    "result": "failure", "reason": "StepFailed", "message": "step train failed",
    "startTime": "2027-01-15T08:00:00Z", "completionTime": "2027-01-15T08:01:00Z"})json");
  ASSERT_TRUE(want);
  EXPECT_EQ(json::Value(event.data), *want);
}

TEST(RunEventsTest, TheEndOfAStepSaysAllButItsOutputs) {
  const auto event = StepEnded(Example(), Item(), kEnd);
  EXPECT_EQ(event.type, "dev.coreflow.step.ended");
  EXPECT_EQ(event.id, engine::RunId("u", 3) + "/train");
  EXPECT_EQ(event.subject, "etl/3/train");
  const auto want = json::Parse(R"json({
    "kind": "Workflow", "namespace": "team", "name": "etl", "uid": "u", "run": 3, "step": "train", "state": "Failed",
    "result": "failure", "reason": "CommandFailed", "message": "exit code 3", "attempts": 2, "exitCode": 3,
    "podName": "p", "nodeName": "n",
    "startTime": "2027-01-15T08:00:00Z", "completionTime": "2027-01-15T08:01:00Z"})json");
  ASSERT_TRUE(want);
  EXPECT_EQ(json::Value(event.data), *want);
}

TEST(RunEventsTest, ItemsOfAStepAreToldApart) {
  engine::RecordItem item = Item();
  item.index = 7;
  const auto event = StepEnded(Example(engine::Kind::kJob), item, kEnd);
  EXPECT_EQ(event.id, engine::RunId("u", 3) + "/train/7");
  EXPECT_EQ(event.subject, "etl/3/train/7");
  EXPECT_EQ(event.source, "/apis/coreflow.dev/v1alpha1/namespaces/team/jobs/etl");
  EXPECT_EQ(event.data.at("index"), json::Value(7));
}

TEST(RunEventsTest, EventsOfATraceSayWhereInItTheyAre) {
  ReportedRun run = Example();
  run.trace = engine::TraceOf("u", 3, "");
  const std::string trace = "00-" + run.trace->trace_id + "-";
  EXPECT_EQ(RunEnded(run, {}).traceparent, trace + engine::RunSpan("u", 3) + "-01");
  EXPECT_EQ(StepEnded(run, Item(), kEnd).traceparent, trace + engine::AttemptSpan("p") + "-01");
}

}  // namespace
}  // namespace coreflow::runs
