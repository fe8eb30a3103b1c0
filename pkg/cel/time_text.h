#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/cel/value.h"

namespace coreflow::cel {

// The years 1 to 9999, which is what CEL's timestamps span.
inline constexpr int64_t kMinTimestampSeconds = -62135596800;
inline constexpr int64_t kMaxTimestampSeconds = 253402300799;

// RFC 3339 with any offset and up to nine digits of fraction; nullopt for anything else, or outside the years.
std::optional<Timestamp> ParseTimestamp(std::string_view text);
// In UTC, with as many digits of fraction as needed, in groups of three: "2009-02-13T23:31:30.500Z".
std::string FormatTimestamp(Timestamp time);

// "1h30m", "-1.5s", "100ms", "0": decimal numbers with units h m s ms us µs ns; nullopt for anything else, or when it
// does not fit 2^63 nanoseconds (292 years).
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);
// In seconds, with the fraction that is needed: "5400s", "0.001s".
std::string FormatDuration(std::chrono::nanoseconds duration);

}  // namespace coreflow::cel
