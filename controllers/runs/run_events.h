#pragma once

#include "controllers/runs/reported_run.h"
#include "pkg/engine/recorder.h"
#include "pkg/telemetry/cloud_event.h"

// What is told of a run as events, from what its status and its records say. Pure. An id is a function of what the
// event is about: told twice, it is known again.
namespace coreflow::runs {

inline constexpr char kRunEnded[] = "dev.coreflow.run.ended";
inline constexpr char kStepEnded[] = "dev.coreflow.step.ended";

telemetry::CloudEvent RunEnded(const ReportedRun& run, const RunEnd& end);

// Of a step, or of an item of one with forEach. Outputs are left out.
telemetry::CloudEvent StepEnded(const ReportedRun& run, const engine::RecordItem& item, Time recorded);

}  // namespace coreflow::runs
