#include "pkg/engine/step_key.h"

#include <fmt/format.h>

#include "pkg/base/hash.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

constexpr size_t kShort = 40;  // bytes of a value that is told as it is

bool CanBeTold(const std::string& value) { return value.size() <= kShort && value.find('\n') == std::string::npos; }

}  // namespace

std::string DigestOf(const StepKey& key) {
  json::Object parts;
  for (const auto& [name, value] : key.parts) parts[name] = value;
  return "v1:" + Sha256Hex(json::Write(std::move(parts)));
}

std::vector<std::string> Differences(const StepKey& before, const StepKey& now) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : before.parts) {
    auto it = now.parts.find(name);
    if (it == now.parts.end()) {
      differences.push_back(name + " removed");
    } else if (it->second != value) {
      const bool told = CanBeTold(value) && CanBeTold(it->second);
      differences.push_back(told ? fmt::format("{} {} → {}", name, value, it->second) : name + " changed");
    }
  }
  for (const auto& [name, value] : now.parts) {
    if (!before.parts.contains(name)) differences.push_back(name + " added");
  }
  return differences;
}

}  // namespace coreflow::engine
