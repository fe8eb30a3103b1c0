#pragma once

#include <functional>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"
#include "pkg/json/value.h"
#include "pkg/kube/client.h"

namespace coreflow::cli {

// Calls `show` with all Workflows and Jobs that the selection picks, by namespace and name, then with each one that is
// new or has changed. Gives the exit code after Ctrl-C; an error of `show`, or one that keeps it from watching, ends it
// too.
Result<int> WatchRuns(Session& session, const kube::Selection& selection,
                      const std::function<Result<void>(const std::vector<json::Value>& runs)>& show);

}  // namespace coreflow::cli
