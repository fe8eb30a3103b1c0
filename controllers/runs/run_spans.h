#pragma once

#include <string>

#include "controllers/runs/reported_run.h"
#include "pkg/engine/recorder.h"
#include "pkg/telemetry/span.h"

// The spans of a run, from what its status and its records say. Pure. Names of attributes are OpenTelemetry's where it
// has some (semantic conventions for CI/CD, Kubernetes and processes), else they begin with coreflow. The run must be
// part of a trace.
namespace coreflow::runs {

// Of the run, below whatever its trace came from.
telemetry::Span SpanOfRun(const ReportedRun& run, const RunEnd& end);

// Of an attempt of a step's item, below the run: a record has the last one. An item that had none, such as one that was
// skipped or whose result was in the step cache, has a span without length at the time it was recorded.
telemetry::Span SpanOfItem(const ReportedRun& run, const engine::RecordItem& item, Time recorded);

// Its id, whatever came of it.
std::string SpanIdOfItem(const ReportedRun& run, const engine::RecordItem& item);

}  // namespace coreflow::runs
