#pragma once

#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

struct LogsOptions {
  std::string step = {};     // "count", or "count[3]" for one item; empty: all
  bool follow = false;       // until the run has ended; else what there is
  bool failed_only = false;  // of items that failed
  std::string grep = {};     // lines that this RE2 expression matches; empty: all
  std::optional<Duration> since = {};
  std::optional<int64_t> tail = {};  // of each pod
  bool prefix = false;               // each line says whose it is
  std::string operator_ns = {};      // where CoreFlow is; empty: found out when a kept log is read
};

// Prints what the steps of the latest run have written, pod after pod, or as it comes; of a pod that is gone the log
// that was kept, if one was. Gives the exit code: of the run when it was followed to its end. kNotFound when there is
// nothing to read, with the reason.
Result<int> FollowLogs(Session& session, const FoundRun& run, const LogsOptions& options);

}  // namespace coreflow::cli
