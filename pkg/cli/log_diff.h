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
  size_t left_out = 0;  // logs that were too many to read
};

// Reads the logs of the last attempts of a step's items in both runs, or of all steps when `step` is empty, and
// compares those of the same item. Ctrl-C ends it with kCancelled; a log that is not there any more is told as missing.
Result<LogDiff> DiffLogs(Session& session, const std::string& ns, const compare::Run& before, const compare::Run& after,
                         const std::string& step);

}  // namespace coreflow::cli
