#include "controllers/runs/run_events.h"

#include <fmt/format.h>

#include "controllers/runs/run_class.h"
#include "controllers/runs/run_spans.h"
#include "pkg/engine/names.h"
#include "pkg/engine/run_trace.h"

namespace coreflow::runs {

namespace {

using telemetry::CloudEvent;

CloudEvent EventOf(const ReportedRun& run) {
  const char* plural = run.object.kind == engine::Kind::kJob ? "jobs" : "workflows";
  return {
      .source = fmt::format("/apis/coreflow.dev/v1alpha1/namespaces/{}/{}/{}", run.object.ns, plural, run.object.name),
      .id = engine::RunId(run.object.uid, run.number),
      .subject = fmt::format("{}/{}", run.object.name, run.number),
      .data = {{"kind", engine::KindName(run.object.kind)},
               {"namespace", run.object.ns},
               {"name", run.object.name},
               {"uid", run.object.uid},
               {"run", run.number}}};
}

std::string TraceparentAt(const ReportedRun& run, const std::string& span) {
  if (!run.trace) return "";
  telemetry::TraceContext context = *run.trace;
  context.span_id = span;
  return telemetry::ToTraceparent(context);
}

void AddTime(const char* name, const std::optional<Time>& time, json::Object& data) {
  if (time) data[name] = FormatTime(*time);
}

}  // namespace

CloudEvent RunEnded(const ReportedRun& run, const RunEnd& end) {
  CloudEvent event = EventOf(run);
  event.type = kRunEnded;
  event.time = end.time;
  event.traceparent = TraceparentAt(run, engine::RunSpan(run.object.uid, run.number));
  event.data["state"] = end.state;
  event.data["result"] = api::Token(end.cls);
  event.data["reason"] = end.reason;
  if (!end.message.empty()) event.data["message"] = end.message.substr(0, kReportedMessage);
  AddTime("startTime", run.start_time, event.data);
  AddTime("completionTime", end.time, event.data);
  return event;
}

CloudEvent StepEnded(const ReportedRun& run, const engine::RecordItem& item, Time recorded) {
  const engine::ItemResult& result = item.result;
  CloudEvent event = EventOf(run);
  event.type = kStepEnded;
  event.time = recorded;
  event.traceparent = TraceparentAt(run, SpanIdOfItem(run, item));
  const std::string of_step = item.index ? fmt::format("/{}/{}", item.step, *item.index) : "/" + item.step;
  event.id += of_step;
  event.subject += of_step;
  event.data["step"] = item.step;
  if (item.index) event.data["index"] = *item.index;
  event.data["state"] = engine::StateName(result.state);
  event.data["result"] = api::Token(ClassOf(result));
  event.data["reason"] = api::Token(result.reason);
  if (!result.message.empty()) event.data["message"] = result.message.substr(0, kReportedMessage);
  if (result.attempts > 0) event.data["attempts"] = result.attempts;
  if (result.exit_code) event.data["exitCode"] = *result.exit_code;
  if (!result.pod_name.empty()) event.data["podName"] = result.pod_name;
  if (!result.node_name.empty()) event.data["nodeName"] = result.node_name;
  if (result.cache) event.data["cache"] = engine::DecisionName(result.cache->decision);
  AddTime("startTime", result.start_time, event.data);
  AddTime("completionTime", result.completion_time, event.data);
  return event;
}

}  // namespace coreflow::runs
