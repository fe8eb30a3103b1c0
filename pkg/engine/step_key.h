#pragma once

#include <map>
#include <string>
#include <vector>

namespace coreflow::engine {

// All that the result of a step's item can depend on, part by part: what runs, and what it is given. Two items with the
// same parts compute the same, whatever their runs and names. How a step is tried, bounded, placed or paid for is no
// part of it, nor is which attempt it is.
struct StepKey {
  // Name, such as "image", "env PATH" or "parameter size", and value as text.
  std::map<std::string, std::string> parts = {};

  bool operator==(const StepKey&) const = default;
};

// "v1:" and a SHA-256. Fixed for ever: other parts need another version.
std::string DigestOf(const StepKey& key);

// What is different, in words: "image busybox:1.36 → busybox:1.37", "script changed", "env DEBUG added".
std::vector<std::string> Differences(const StepKey& before, const StepKey& now);

}  // namespace coreflow::engine
