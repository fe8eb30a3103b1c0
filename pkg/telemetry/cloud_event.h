#pragma once

#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

// CloudEvents 1.0 (https://github.com/cloudevents/spec) in JSON, for HTTP's structured mode.
namespace coreflow::telemetry {

inline constexpr char kCloudEventType[] = "application/cloudevents+json; charset=UTF-8";

struct CloudEvent {
  std::string type = {};         // "dev.coreflow.run.ended"
  std::string source = {};       // a URI reference; with the id it names the event for good
  std::string id = {};           //
  std::string subject = {};      // empty: there is none
  std::string traceparent = {};  // extension Distributed Tracing; empty: there is none
  Time time = {};
  json::Object data = {};

  bool operator==(const CloudEvent&) const = default;
};

// The event as one JSON object.
json::Value ToJson(const CloudEvent& event);

}  // namespace coreflow::telemetry
