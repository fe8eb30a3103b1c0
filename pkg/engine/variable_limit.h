#pragma once

#include <cstddef>

namespace coreflow::engine {

// Bytes that the value of an environment variable stays under: Linux takes no more than 128 KiB with its name and "="
// (MAX_ARG_STRLEN).
inline constexpr size_t kMostOfVariable = (size_t{128} << 10) - 100;

}  // namespace coreflow::engine
