#include "pkg/telemetry/otlp.h"

#include <algorithm>
#include <charconv>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::telemetry {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr int kStatusError = 2;

std::string Nanoseconds(Time time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

Value AnyValue(const Value& value) {
  if (value.IsBool()) return Object{{"boolValue", value}};
  if (value.IsInt()) return Object{{"intValue", std::to_string(value.AsInt())}};
  return Object{{"stringValue", value.StringOr("")}};
}

Array Attributes(const Object& attributes) {
  Array list;
  for (const auto& [key, value] : attributes) list.push_back(Object{{"key", key}, {"value", AnyValue(value)}});
  return list;
}

}  // namespace

Value ToJson(const Span& span) {
  Object out{{"traceId", span.trace_id},
             {"spanId", span.span_id},
             {"name", span.name},
             {"kind", static_cast<int>(span.kind)},
             {"startTimeUnixNano", Nanoseconds(span.start)},
             {"endTimeUnixNano", Nanoseconds(span.end)},
             {"attributes", Attributes(span.attributes)},
             {"status", Object()}};
  if (!span.parent_id.empty()) out["parentSpanId"] = span.parent_id;
  if (span.failed) out["status"] = Object{{"code", kStatusError}, {"message", span.message}};
  return out;
}

std::string TracesBody(const Speaker& speaker, const std::vector<Value>& spans) {
  Array attributes = Attributes({{"service.instance.id", speaker.instance},
                                 {"service.name", speaker.service},
                                 {"service.version", speaker.version}});
  Object scope{{"scope", Object{{"name", "coreflow.dev"}, {"version", speaker.version}}}, {"spans", Array(spans)}};
  Object resource{{"resource", Object{{"attributes", std::move(attributes)}}}, {"scopeSpans", Array{std::move(scope)}}};
  return json::Write(Object{{"resourceSpans", Array{std::move(resource)}}});
}

int64_t RejectedSpans(std::string_view body) {
  const auto answer = json::Parse(body);
  if (!answer) return 0;
  const Value& rejected = (*answer)["partialSuccess"]["rejectedSpans"];
  int64_t count = rejected.IntOr(0);
  if (rejected.IsString()) {
    const std::string& text = rejected.AsString();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size()) count = 0;
  }
  return std::max<int64_t>(count, 0);
}

}  // namespace coreflow::telemetry
