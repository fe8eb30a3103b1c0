#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/command.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// A change of a field of spec that acts at once.
struct Change {
  json::Object spec = {};   // a merge patch
  std::string verbed = {};  // "suspended"
  // Why there is nothing to change; empty: there is.
  std::function<std::string(const json::Value& object)> needless = {};
};

// Changes each run that the words name, and says so: "workflow.coreflow.dev/x suspended". Where it is needless it says
// why on stderr. The first error ends it.
Result<int> ChangeRuns(Environment& environment, const Arguments& arguments, const Change& change);

}  // namespace coreflow::cli
