#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow::cel {

// The nearest double of a decimal number with optional sign, fraction and exponent, or of "NaN", "Inf", "Infinity".
// What is too small is 0; nullopt for what is too large or no number.
std::optional<double> ParseDouble(std::string_view text);

// Decimal digits with an optional sign, and nothing else.
std::optional<int64_t> ParseInt(std::string_view text);
std::optional<uint64_t> ParseUint(std::string_view text);

// The shortest text that reads back as the same double: "0.1", "1e+22", "NaN", "+Inf".
std::string FormatDouble(double number);

}  // namespace coreflow::cel
