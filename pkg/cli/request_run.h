#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// One more run of an object.
struct RunRequest {
  std::vector<std::string> arguments = {};        // "name=value": in place of those it has
  json::Value spec = {};                          // in place of the one it has; null: that one. Without `arguments`
  std::optional<api::RetryFrom> retry_from = {};  // the run that it continues
  bool dry_run = false;
};

// Asks for it, in one write; a stop of the run before is taken away, since it would hold for the next one too. Gives
// the object as it is then.
Result<FoundRun> RequestRun(Session& session, const FoundRun& run, const RunRequest& request);

}  // namespace coreflow::cli
