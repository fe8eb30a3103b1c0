#include "pkg/cli/usage_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace coreflow::cli {

namespace {

constexpr double kMebibyte = 1 << 20;
constexpr double kGibibyte = 1 << 30;

std::string Decimal(double number, const char* unit) {
  return fmt::format("{:.{}f}{}", number, number < 9.95 ? 1 : 0, unit);
}

// Anybody may have written them.
int64_t Sum(int64_t a, int64_t b) {
  return a > std::numeric_limits<int64_t>::max() - b ? std::numeric_limits<int64_t>::max() : a + b;
}

}  // namespace

std::optional<artifact::Usage> UsageOf(const StepView& step) {
  std::optional<artifact::Usage> all;
  for (const ItemView& item : step.items) {
    if (!item.usage) continue;
    if (!all) all.emplace();
    all->cpu_milliseconds = Sum(all->cpu_milliseconds, item.usage->cpu_milliseconds);
    all->peak_memory_bytes = std::max(all->peak_memory_bytes, item.usage->peak_memory_bytes);
  }
  return all;
}

std::string CpuCell(const artifact::Usage& usage) {
  const double seconds = static_cast<double>(usage.cpu_milliseconds) / 1000;
  return seconds < 0.995 ? fmt::format("{:.2f}s", seconds) : Decimal(seconds, "s");
}

std::string MemoryCell(const artifact::Usage& usage) {
  const auto bytes = static_cast<double>(usage.peak_memory_bytes);
  return bytes < kGibibyte ? Decimal(bytes / kMebibyte, "Mi") : Decimal(bytes / kGibibyte, "Gi");
}

}  // namespace coreflow::cli
