#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow::api {

// How people name a run: NAME/3 is run 3 of the object NAME, NAME its last one.
struct RunName {
  std::string object = {};
  int32_t number = 0;  // 0: the last

  bool operator==(const RunName&) const = default;
};

// nullopt when it is neither; a number has at most nine digits and starts with none of them 0.
std::optional<RunName> ParseRunName(std::string_view text);
std::string ToText(const RunName& name);

}  // namespace coreflow::api
