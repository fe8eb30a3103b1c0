#pragma once

#include <string>
#include <string_view>

namespace coreflow {

// The bytes as pairs of lower-case hexadecimal digits.
std::string ToHex(std::string_view bytes);

}  // namespace coreflow
