#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// The contexts that --context names, each once, in their order; where it was not given an empty one, the kubeconfig's
// own.
std::vector<std::string> ContextsOf(const Arguments& arguments);

// Says on stderr what is wrong with one of several contexts.
void ShowContextError(Environment& environment, const std::string& context, const Error& error);

// A run, and the talk with the cluster that has it.
struct LocatedRun {
  std::unique_ptr<Session> session;
  FoundRun run = {};
};

// FindRun in each context. Of several it says on stderr which one has the run, and what keeps it from looking into the
// others. An exact name wins over the beginning of one, as it does in one cluster; @latest and @failed mean the last of
// all. kInvalid names the contexts when two have the run.
Result<LocatedRun> LocateRun(Environment& environment, const Arguments& arguments, const std::string& named);

}  // namespace coreflow::cli
