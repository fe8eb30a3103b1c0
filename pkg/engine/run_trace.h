#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/engine/progress.h"
#include "pkg/telemetry/trace_context.h"

namespace coreflow::engine {

// Traces need no state: their ids are functions of what they stand for. They are for ever, since what a pod was told
// must be what is said of it later, perhaps by a newer operator.

// The trace of a run: that of `traceparent`, where it is one, else the run's own.
telemetry::TraceContext TraceOf(std::string_view uid, int32_t run, std::string_view traceparent);

// The span of the run.
std::string RunSpan(std::string_view uid, int32_t run);
// The span of an attempt, by the name of its pod.
std::string AttemptSpan(std::string_view pod_name);
// The span of an item that had no attempt. `index` as a record has it.
std::string ItemSpan(std::string_view uid, int32_t run, std::string_view step, std::optional<int32_t> index);

// What the attempt is told as TRACEPARENT, so that its own spans go below its span; empty: the run is part of no trace.
std::string TraceparentOf(const RunFacts& run, std::string_view pod_name);

}  // namespace coreflow::engine
