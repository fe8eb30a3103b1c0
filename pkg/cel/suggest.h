#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cel {

// The one of `names` that `wrong` was probably meant to be: few letters differ. nullopt when none is close.
std::optional<std::string> ClosestName(std::string_view wrong, const std::vector<std::string_view>& names);

// "a, b, c", cut after ten with "…".
std::string ListNames(const std::vector<std::string_view>& names);

}  // namespace coreflow::cel
