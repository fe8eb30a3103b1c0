#pragma once

#include "pkg/cli/log_diff.h"
#include "pkg/compare/difference.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// For programs: every list is there, empty ones too; what a run does not have is left out. `logs` only when asked for.
json::Value DifferenceJson(const compare::Difference& difference, const LogDiff& logs);

}  // namespace coreflow::cli
