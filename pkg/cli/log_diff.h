#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/session.h"
#include "pkg/compare/difference.h"
#include "pkg/compare/run.h"

namespace coreflow::cli {

// What the same steps have written in two runs.
struct LogDiff {
  struct One {
    compare::Place at = {};
    std::string diff = {};     // unified; empty where they are the same
    std::string missing = {};  // why there is no diff

    bool operator==(const One&) const = default;
  };

  bool asked = false;
  std::vector<One> logs = {};
  size_t left_out = 0;  // items whose logs were too many to read
};

// Whose logs are compared.
struct LogDiffOptions {
  std::string ns = {};           // of both runs
  std::string step = {};         // empty: all
  std::string operator_ns = {};  // where CoreFlow is; empty: found out when a kept log is read
};

// Reads the logs of the last attempts of items in both runs and compares those of the same item; of a pod that is gone
// the log that was kept, if one was. Kept logs with one digest are the same, and are not read. Ctrl-C ends it with
// kCancelled; a log that is not there any more, or can't be read, is told as missing.
Result<LogDiff> DiffLogs(Session& session, const compare::Run& before, const compare::Run& after,
                         const LogDiffOptions& options);

}  // namespace coreflow::cli
