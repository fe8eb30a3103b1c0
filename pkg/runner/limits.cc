#include "pkg/runner/limits.h"

#include <algorithm>
#include <cmath>

#include "pkg/cel/quantity.h"

namespace coreflow::runner {

namespace {

constexpr int64_t kPeriod = 100'000;    // microseconds
constexpr int64_t kLeastQuota = 1'000;  // the kernel takes no less

// Whoever makes a pod writes these: more than this is as good as no limit, and can be computed with.
constexpr double kMostMillis = 1e9;
constexpr double kMostBytes = 1e18;

std::optional<double> AmountOf(const json::Value& amount) {
  if (amount.IsInt()) return amount.AsInt() > 0 ? std::optional(static_cast<double>(amount.AsInt())) : std::nullopt;
  const auto quantity = cel::Quantity::Parse(amount.StringOr(""));
  if (!quantity || quantity->Sign() <= 0) return std::nullopt;
  return quantity->AsApproximateFloat();
}

}  // namespace

Limits LimitsOf(const json::Value& container) {
  const json::Value& limits = container["resources"]["limits"];
  Limits found;
  // As the kubelet rounds: up.
  if (const auto cpu = AmountOf(limits["cpu"]))
    found.cpu_millis = static_cast<int64_t>(std::min(std::ceil(*cpu * 1000), kMostMillis));
  if (const auto memory = AmountOf(limits["memory"]))
    found.memory = static_cast<int64_t>(std::min(std::ceil(*memory), kMostBytes));
  return found;
}

std::vector<CgroupSetting> SettingsOf(const Limits& limits) {
  std::vector<CgroupSetting> settings;
  if (limits.cpu_millis) {
    const int64_t quota = std::max(*limits.cpu_millis * kPeriod / 1000, kLeastQuota);
    settings.push_back({"cpu.max", std::to_string(quota) + " " + std::to_string(kPeriod)});
  }
  if (limits.memory) {
    settings.push_back({"memory.max", std::to_string(*limits.memory)});
    settings.push_back({"memory.oom.group", "1", true});
    settings.push_back({"memory.swap.max", "0", true});
  }
  return settings;
}

}  // namespace coreflow::runner
