#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coreflow {

// A point in time to the nanosecond: 0 <= nanos < 10^9, counted forward from `seconds`.
struct Instant {
  std::chrono::sys_seconds seconds = {};
  int32_t nanos = 0;
};

// Reads a date-time of RFC 3339 with any offset and up to nine digits of fraction; nullopt for anything else, a date
// that the calendar does not have, or a leap second.
std::optional<Instant> ParseRfc3339(std::string_view text);

// "+05:45", "-02:30"; without a sign, as CEL's time zones allow it, "02:00". nullopt for anything else.
std::optional<std::chrono::seconds> ParseUtcOffset(std::string_view text);

}  // namespace coreflow
