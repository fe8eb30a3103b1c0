#include "pkg/cli/usage_cells.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace coreflow::cli {
namespace {

using artifact::Usage;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(UsageCells, AreShort) {
  for (const auto& [milliseconds, cell] : std::vector<std::pair<int64_t, std::string>>{
           {0, "0.00s"}, {20, "0.02s"}, {999, "1.0s"}, {1520, "1.5s"}, {9960, "10s"}, {73'400, "73s"}}) {
    EXPECT_EQ(CpuCell({.cpu_milliseconds = milliseconds}), cell);
  }
  for (const auto& [bytes, cell] : std::vector<std::pair<int64_t, std::string>>{
           {0, "0.0Mi"}, {900'000, "0.9Mi"}, {int64_t{73} << 20, "73Mi"}, {int64_t{2458} << 20, "2.4Gi"}}) {
    EXPECT_EQ(MemoryCell({.peak_memory_bytes = bytes}), cell);
  }
}

TEST(UsageCells, OfAStepAreTheSumOfCpuAndTheMostOfMemory) {
  StepView step;
  EXPECT_EQ(UsageOf(step), std::nullopt);
  step.items = {{.usage = Usage{.cpu_milliseconds = 2, .peak_memory_bytes = 5}},
                {},
                {.usage = Usage{.cpu_milliseconds = 3, .peak_memory_bytes = 4}}};
  EXPECT_EQ(UsageOf(step), (Usage{.cpu_milliseconds = 5, .peak_memory_bytes = 5}));
  step.items[1].usage = Usage{.cpu_milliseconds = kMost};
  EXPECT_EQ(UsageOf(step)->cpu_milliseconds, kMost);
}

}  // namespace
}  // namespace coreflow::cli
