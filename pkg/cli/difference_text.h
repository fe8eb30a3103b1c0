#pragma once

#include <string>

#include "pkg/cli/log_diff.h"
#include "pkg/compare/difference.h"

namespace coreflow::cli {

// For people: the sentence, and a section for each kind of thing that differs.
std::string DifferenceText(const compare::Difference& difference, const LogDiff& logs, bool color);

}  // namespace coreflow::cli
