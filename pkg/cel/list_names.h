#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cel {

// "a, b, c", cut after ten with "…".
std::string ListNames(const std::vector<std::string_view>& names);

}  // namespace coreflow::cel
