#pragma once

#include <string>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

// What stands beside a step: "2 running, 3 succeeded, 1 failed" of its items, or the reason and message of the one.
std::string StepDetail(const StepView& step);

// How long the step has taken; empty before it started.
std::string StepDuration(const StepView& step, Time now);

// "1,940".
std::string Thousands(int64_t number);

struct StepTableStyle {
  bool wide = false;  // with the latest pod and node
  bool headings = true;
  bool color = false;
};

// All steps, one a line; with CPU time and memory where that of one is known.
std::string StepTable(const RunView& view, Time now, const StepTableStyle& style);

}  // namespace coreflow::cli
