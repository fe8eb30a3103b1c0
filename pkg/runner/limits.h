#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::runner {

// resources.limits of a container, as far as it has any.
struct Limits {
  std::optional<int64_t> cpu_millis = {};
  std::optional<int64_t> memory = {};  // bytes

  bool operator==(const Limits&) const = default;
};

Limits LimitsOf(const json::Value& container);

// What goes into a file of a cgroup (v2).
struct CgroupSetting {
  std::string file = {};
  std::string text = {};
  bool optional = false;  // not every kernel has it

  bool operator==(const CgroupSetting&) const = default;
};

// As a container runtime sets them: out of memory, all processes of the container end.
std::vector<CgroupSetting> SettingsOf(const Limits& limits);

}  // namespace coreflow::runner
