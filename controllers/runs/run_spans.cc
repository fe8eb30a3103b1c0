#include "controllers/runs/run_spans.h"

#include <fmt/format.h>

#include <algorithm>

#include "controllers/runs/run_class.h"
#include "pkg/engine/names.h"
#include "pkg/engine/run_trace.h"

namespace coreflow::runs {

namespace {

using telemetry::Span;

bool HadAttempt(const engine::ItemResult& result) { return !result.pod_name.empty(); }

json::Object AttributesOfRun(const ReportedRun& run) {
  return {{"cicd.pipeline.name", run.object.name},
          {"cicd.pipeline.run.id", engine::RunId(run.object.uid, run.number)},
          {"coreflow.kind", engine::KindName(run.object.kind)},
          {"coreflow.run", fmt::format("{}/{}", run.object.name, run.number)},
          {"k8s.namespace.name", run.object.ns}};
}

void AddAttempt(const engine::ItemResult& result, json::Object& attributes) {
  attributes["coreflow.attempt"] = result.attempts;
  attributes["k8s.pod.name"] = result.pod_name;
  if (!result.node_name.empty()) attributes["k8s.node.name"] = result.node_name;
  if (result.exit_code) attributes["process.exit.code"] = *result.exit_code;
  if (!result.usage) return;
  attributes["coreflow.cpu_milliseconds"] = result.usage->cpu_milliseconds;
  attributes["coreflow.peak_memory_bytes"] = result.usage->peak_memory_bytes;
}

void AddResult(api::ReasonClass cls, const std::string& reason, const std::string& message, Span& span) {
  span.attributes["coreflow.reason"] = reason;
  span.failed = IsFailure(cls);
  if (!span.failed) return;
  span.attributes["error.type"] = reason;
  span.message = message.substr(0, kReportedMessage);
}

}  // namespace

std::string SpanIdOfItem(const ReportedRun& run, const engine::RecordItem& item) {
  if (HadAttempt(item.result)) return engine::AttemptSpan(item.result.pod_name);
  return engine::ItemSpan(run.object.uid, run.number, item.step, item.index);
}

Span SpanOfRun(const ReportedRun& run, const RunEnd& end) {
  Span span{.trace_id = run.trace->trace_id,
            .span_id = engine::RunSpan(run.object.uid, run.number),
            .parent_id = run.trace->span_id,
            .name = "RUN " + run.object.name,
            .kind = Span::Kind::kServer,
            .start = run.start_time,
            .end = std::max(run.start_time, end.time),
            .attributes = AttributesOfRun(run)};
  span.attributes["cicd.pipeline.action.name"] = "RUN";
  span.attributes["cicd.pipeline.result"] = api::Token(end.cls);
  AddResult(end.cls, end.reason, end.message, span);
  return span;
}

Span SpanOfItem(const ReportedRun& run, const engine::RecordItem& item, Time recorded) {
  const engine::ItemResult& result = item.result;
  const bool had_attempt = HadAttempt(result);
  const Time end = had_attempt ? result.completion_time.value_or(recorded) : recorded;
  const Time start = had_attempt ? result.start_time.value_or(end) : recorded;
  Span span{.trace_id = run.trace->trace_id,
            .span_id = SpanIdOfItem(run, item),
            .parent_id = engine::RunSpan(run.object.uid, run.number),
            .name = item.step,
            .start = start,
            .end = std::max(start, end),
            .attributes = AttributesOfRun(run)};
  const api::ReasonClass cls = ClassOf(result);
  span.attributes["cicd.pipeline.task.name"] = item.step;
  span.attributes["cicd.pipeline.task.run.id"] = span.span_id;
  span.attributes["cicd.pipeline.task.run.result"] = api::Token(cls);
  span.attributes["coreflow.state"] = engine::StateName(result.state);
  if (item.index) span.attributes["coreflow.index"] = *item.index;
  if (had_attempt) AddAttempt(result, span.attributes);
  if (result.cache) span.attributes["coreflow.cache"] = engine::DecisionName(result.cache->decision);
  AddResult(cls, std::string(api::Token(result.reason)), result.message, span);
  return span;
}

}  // namespace coreflow::runs
