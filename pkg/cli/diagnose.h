#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// What was found in a cluster and its namespace.
struct Diagnosis {
  std::string text = {};  // a table, a line for each thing that was looked at
  bool bad = false;       // one of them is a problem
};

// Looks at server, kinds, permissions, admission, clock and operator. Changes nothing. kCancelled after Ctrl-C;
// everything else that goes wrong is a finding.
Result<Diagnosis> Diagnose(Session& session);

}  // namespace coreflow::cli
