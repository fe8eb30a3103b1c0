#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/json/value.h"
#include "pkg/telemetry/span.h"

// OpenTelemetry's protocol over HTTP (https://opentelemetry.io/docs/specs/otlp/) with JSON, for spans.
namespace coreflow::telemetry {

// Where they are sent, below the endpoint, and the type of what is sent.
inline constexpr char kTracesPath[] = "/v1/traces";
inline constexpr char kOtlpType[] = "application/json";

// Who speaks: attributes of the resource.
struct Speaker {
  std::string service = "coreflow-operator";
  std::string version = {};   // of CoreFlow
  std::string instance = {};  // names this process
};

// A span as ExportTraceServiceRequest has it: ids in hexadecimal, 64-bit numbers as text, enums as numbers.
json::Value ToJson(const Span& span);

// The request's body, of spans that ToJson() gave.
std::string TracesBody(const Speaker& speaker, const std::vector<json::Value>& spans);

// How many spans the receiver says it did not take, in the body of its answer 200: partialSuccess. 0 when it does not
// say. Safe for input from anybody.
int64_t RejectedSpans(std::string_view body);

}  // namespace coreflow::telemetry
