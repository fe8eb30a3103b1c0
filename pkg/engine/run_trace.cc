#include "pkg/engine/run_trace.h"

#include <fmt/format.h>

namespace coreflow::engine {

telemetry::TraceContext TraceOf(std::string_view uid, int32_t run, std::string_view traceparent) {
  if (auto given = telemetry::ParseTraceparent(traceparent)) return *std::move(given);
  return {.trace_id = telemetry::TraceIdOf(fmt::format("{}/{}", uid, run))};
}

std::string RunSpan(std::string_view uid, int32_t run) {
  return telemetry::SpanIdOf(fmt::format("run {}/{}", uid, run));
}

std::string AttemptSpan(std::string_view pod_name) { return telemetry::SpanIdOf(pod_name); }

std::string ItemSpan(std::string_view uid, int32_t run, std::string_view step, std::optional<int32_t> index) {
  return telemetry::SpanIdOf(fmt::format("item {}/{}/{}/{}", uid, run, step, index.value_or(-1)));
}

std::string TraceparentOf(const RunFacts& run, std::string_view pod_name) {
  if (!run.trace) return "";
  telemetry::TraceContext context = *run.trace;
  context.span_id = AttemptSpan(pod_name);
  return telemetry::ToTraceparent(context);
}

}  // namespace coreflow::engine
