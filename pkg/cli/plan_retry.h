#pragma once

#include <string>

#include "pkg/api/types.gen.h"
#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"
#include "pkg/engine/reuse.h"

namespace coreflow::cli {

// A plan of what a run of the object would take from an earlier one, and what it would run.
struct RetryPlan {
  std::string from = {};  // the earlier run, as NAME/3
  engine::Reuse reuse = {};
};

// As the operator would plan it, from what is stored now. kNotFound and kInvalid say why it could not.
Result<RetryPlan> PlanRetry(Session& session, const FoundRun& run, const api::RetryFrom& from);

// The plan for people: "etl: 312 reused from etl/3, 4 to run", and a line for each step.
std::string AsText(const std::string& name, const RetryPlan& plan);

}  // namespace coreflow::cli
