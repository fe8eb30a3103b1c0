#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow::telemetry {

// A place in a trace, as W3C Trace Context (https://www.w3.org/TR/trace-context/) hands it on.
struct TraceContext {
  std::string trace_id = {};  // 32 lower-case hexadecimal digits, not all 0
  std::string span_id = {};   // 16 of them, not all 0; empty: the trace begins below
  bool sampled = true;        // somebody keeps the spans

  bool operator==(const TraceContext&) const = default;
};

// A header or variable `traceparent` of version 00, exactly: "00-<trace id>-<span id>-<flags>". nullopt for anything
// else, also for versions to come. Safe for input from anybody.
std::optional<TraceContext> ParseTraceparent(std::string_view text);

// The same, to be handed on. REQUIRES: a span id.
std::string ToTraceparent(const TraceContext& context);

// Ids that are functions of a name that nothing else in the world has: the first bytes of its SHA-256.
std::string TraceIdOf(std::string_view name);
std::string SpanIdOf(std::string_view name);

void PrintTo(const TraceContext& context, std::ostream* out);

}  // namespace coreflow::telemetry
