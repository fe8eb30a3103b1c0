#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"
#include "pkg/json/value.h"
#include "pkg/kube/resource.h"

namespace coreflow::cli {

// A Workflow or Job.
struct FoundRun {
  kube::Resource resource = {};
  kube::ObjectKey key = {};
  json::Value object = {};
};

// The one that the user means: NAME, the beginning of exactly one name, workflow/NAME, job/NAME (or cfw/, cfj/),
// @latest (started last) or @failed (the last of those that failed). kNotFound names the nearest; kInvalid when several
// fit.
Result<FoundRun> FindRun(Session& session, const std::string& named);

// All Workflows and Jobs that the selection picks, by namespace and name.
Result<std::vector<json::Value>> ListRuns(Session& session, const kube::Selection& selection);

// kWorkflows or kJobs.
kube::Resource ResourceOf(const json::Value& object);

// When the run that the status speaks of started; before it has, when the object was made.
Time StartOf(const json::Value& object);

}  // namespace coreflow::cli
