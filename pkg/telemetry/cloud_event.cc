#include "pkg/telemetry/cloud_event.h"

namespace coreflow::telemetry {

json::Value ToJson(const CloudEvent& event) {
  json::Object out{{"specversion", "1.0"},
                   {"type", event.type},
                   {"source", event.source},
                   {"id", event.id},
                   {"time", FormatTime(event.time)},
                   {"datacontenttype", "application/json"},
                   {"data", event.data}};
  if (!event.subject.empty()) out["subject"] = event.subject;
  if (!event.traceparent.empty()) out["traceparent"] = event.traceparent;
  return out;
}

}  // namespace coreflow::telemetry
