#include "controllers/runs/run_spans.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/engine/names.h"
#include "pkg/engine/run_trace.h"

namespace coreflow::runs {
namespace {

using api::Reason;
using api::ReasonClass;
using engine::RecordItem;
using engine::State;

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

Time After(int seconds) { return kStart + std::chrono::seconds(seconds); }

ReportedRun Example() {
  return {.object = {.kind = engine::Kind::kWorkflow, .ns = "team", .name = "etl", .uid = "u"},
          .number = 3,
          .start_time = kStart,
          .trace = engine::TraceOf("u", 3, "")};
}

RecordItem Attempted() {
  return {.step = "train",
          .index = 2,
          .result = {.state = State::kFailed,
                     .reason = Reason::kCommandFailed,
                     .message = "exit code 3",
                     .attempts = 2,
                     .exit_code = 3,
                     .usage = artifact::Usage{.cpu_milliseconds = 1500, .peak_memory_bytes = 4096},
                     .start_time = After(10),
                     .completion_time = After(25),
                     .pod_name = "etl-train-2-abc",
                     .node_name = "node-1"}};
}

TEST(RunSpansTest, TheSpanOfARunIsTheRootOfItsTrace) {
  const ReportedRun run = Example();
  const telemetry::Span span = SpanOfRun(run, {.state = "Succeeded", .reason = "Succeeded", .time = After(60)});
  EXPECT_EQ(span.trace_id, run.trace->trace_id);
  EXPECT_EQ(span.span_id, engine::RunSpan("u", 3));
  EXPECT_EQ(span.parent_id, "");
  EXPECT_EQ(span.name, "RUN etl");
  EXPECT_EQ(span.kind, telemetry::Span::Kind::kServer);
  EXPECT_EQ(span.start, kStart);
  EXPECT_EQ(span.end, After(60));
  EXPECT_FALSE(span.failed);
  EXPECT_EQ(json::Value(span.attributes), json::Value(json::Object{{"cicd.pipeline.action.name", "RUN"},
                                                                   {"cicd.pipeline.name", "etl"},
                                                                   {"cicd.pipeline.result", "success"},
                                                                   {"cicd.pipeline.run.id", engine::RunId("u", 3)},
                                                                   {"coreflow.kind", "Workflow"},
                                                                   {"coreflow.reason", "Succeeded"},
                                                                   {"coreflow.run", "etl/3"},
                                                                   {"k8s.namespace.name", "team"}}));
}

TEST(RunSpansTest, ARunBelowAnotherSpanHasItAsItsParent) {
  ReportedRun run = Example();
  run.trace = engine::TraceOf("u", 3, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(SpanOfRun(run, {.time = After(1)}).parent_id, "00f067aa0ba902b7");
  EXPECT_EQ(SpanOfRun(run, {.time = After(1)}).trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(SpanOfItem(run, Attempted(), After(30)).parent_id, engine::RunSpan("u", 3));
}

TEST(RunSpansTest, OnlyWhatNobodyWantedIsAFailure) {
  struct Case {
    ReasonClass cls;
    std::string result;
    bool failed;
  };
  for (const Case& c : std::vector<Case>{{ReasonClass::kFailure, "failure", true},
                                         {ReasonClass::kTimeout, "timeout", true},
                                         {ReasonClass::kError, "error", true},
                                         {ReasonClass::kCancellation, "cancellation", false},
                                         {ReasonClass::kSkip, "skip", false}}) {
    const telemetry::Span span = SpanOfRun(
        Example(), {.state = "Failed", .reason = "Why", .message = "because", .cls = c.cls, .time = After(1)});
    EXPECT_EQ(span.attributes.at("cicd.pipeline.result"), json::Value(c.result));
    EXPECT_EQ(span.failed, c.failed) << c.result;
    EXPECT_EQ(span.message, c.failed ? "because" : "") << c.result;
    EXPECT_EQ(span.attributes.contains("error.type"), c.failed) << c.result;
  }
}

TEST(RunSpansTest, TheSpanOfAnAttemptSaysHowItWent) {
  const telemetry::Span span = SpanOfItem(Example(), Attempted(), After(30));
  EXPECT_EQ(span.span_id, engine::AttemptSpan("etl-train-2-abc")) << "as its pod was told";
  EXPECT_EQ(span.name, "train");
  EXPECT_EQ(span.start, After(10));
  EXPECT_EQ(span.end, After(25));
  EXPECT_TRUE(span.failed);
  EXPECT_EQ(span.message, "exit code 3");
  EXPECT_EQ(json::Value(span.attributes), json::Value(json::Object{{"cicd.pipeline.name", "etl"},
                                                                   {"cicd.pipeline.run.id", engine::RunId("u", 3)},
                                                                   {"cicd.pipeline.task.name", "train"},
                                                                   {"cicd.pipeline.task.run.id", span.span_id},
                                                                   {"cicd.pipeline.task.run.result", "failure"},
                                                                   {"coreflow.attempt", 2},
                                                                   {"coreflow.cpu_milliseconds", 1500},
                                                                   {"coreflow.index", 2},
                                                                   {"coreflow.kind", "Workflow"},
                                                                   {"coreflow.peak_memory_bytes", 4096},
                                                                   {"coreflow.reason", "CommandFailed"},
                                                                   {"coreflow.run", "etl/3"},
                                                                   {"coreflow.state", "Failed"},
                                                                   {"error.type", "CommandFailed"},
                                                                   {"k8s.namespace.name", "team"},
                                                                   {"k8s.node.name", "node-1"},
                                                                   {"k8s.pod.name", "etl-train-2-abc"},
                                                                   {"process.exit.code", 3}}));
}

TEST(RunSpansTest, WhatHadNoAttemptHasNoLength) {
  const engine::CacheVerdict hit{.decision = engine::CacheVerdict::Decision::kHit};
  const RecordItem item{.step = "load", .result = {.reason = Reason::kCacheHit, .cache = hit}};
  const telemetry::Span span = SpanOfItem(Example(), item, After(30));
  EXPECT_EQ(span.start, After(30));
  EXPECT_EQ(span.end, After(30));
  EXPECT_EQ(span.span_id, engine::ItemSpan("u", 3, "load", std::nullopt));
  EXPECT_EQ(span.attributes.at("coreflow.cache"), json::Value("Hit"));
  EXPECT_FALSE(span.attributes.contains("coreflow.attempt"));
}

TEST(RunSpansTest, NoSpanEndsBeforeItBegins) {
  RecordItem item = Attempted();
  item.result.completion_time = After(5);
  EXPECT_EQ(SpanOfItem(Example(), item, After(30)).end, After(10));
  item.result.start_time.reset();  // it never started
  EXPECT_EQ(SpanOfItem(Example(), item, After(30)).start, After(5));
  EXPECT_EQ(SpanOfRun(Example(), {.time = After(-5)}).end, kStart);
}

TEST(RunSpansTest, AMessageIsCut) {
  RecordItem item = Attempted();
  item.result.message = std::string(5000, 'x');
  EXPECT_EQ(SpanOfItem(Example(), item, After(30)).message.size(), kReportedMessage);
}

}  // namespace
}  // namespace coreflow::runs
