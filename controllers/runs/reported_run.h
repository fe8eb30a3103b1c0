#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/api/reasons.h"
#include "pkg/base/time.h"
#include "pkg/reactor/reactor.h"
#include "pkg/telemetry/trace_context.h"

namespace coreflow::runs {

// A run of which others are told, in spans (run_spans.h) and events (run_events.h).
struct ReportedRun {
  reactor::OwnerKey object = {};
  int32_t number = 0;
  Time start_time = {};
  std::optional<telemetry::TraceContext> trace = {};  // that it is part of; see engine::RunFacts
};

// How it ended.
struct RunEnd {
  std::string state = {};   // Succeeded, Failed or Stopped
  std::string reason = {};  // a token of docs/reasons.md
  std::string message = {};
  api::ReasonClass cls = api::ReasonClass::kSuccess;
  Time time = {};
};

// A message is cut to so many bytes.
inline constexpr size_t kReportedMessage = 1024;

}  // namespace coreflow::runs
