#pragma once

#include <optional>
#include <string>

#include "pkg/cli/run_view.h"

namespace coreflow::cli {

// What the items of a step took together: all their CPU time, the memory of the one that had most. nullopt: of none it
// is known.
std::optional<artifact::Usage> UsageOf(const StepView& step);

// "0.02s", "1.5s", "73s".
std::string CpuCell(const artifact::Usage& usage);
// "0.9Mi", "73Mi", "2.4Gi".
std::string MemoryCell(const artifact::Usage& usage);

}  // namespace coreflow::cli
