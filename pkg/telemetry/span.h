#pragma once

#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::telemetry {

// Something that took its time, for a trace; see OpenTelemetry's trace.proto. It has ended.
struct Span {
  enum class Kind { kInternal = 1, kServer = 2 };  // numbers of the protocol

  std::string trace_id = {};   // as in TraceContext, like the next two
  std::string span_id = {};    //
  std::string parent_id = {};  // empty: the trace begins here
  std::string name = {};
  Kind kind = Kind::kInternal;
  Time start = {};
  Time end = {};                 // not before start
  json::Object attributes = {};  // texts, integers and booleans
  bool failed = false;
  std::string message = {};  // of one that failed

  bool operator==(const Span&) const = default;
};

}  // namespace coreflow::telemetry
