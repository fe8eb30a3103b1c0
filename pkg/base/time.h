#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow {

// Points in time and spans are values in milliseconds. Nothing here reads a clock.
using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// RFC 3339 in UTC as Kubernetes' metav1.Time writes it: whole seconds, "2026-11-21T03:37:00Z".
std::string FormatTime(Time time);

// RFC 3339 with milliseconds, as metav1.MicroTime shows it: "2026-11-21T03:37:00.250000Z".
std::string FormatMicroTime(Time time);

// As ParseRfc3339, cut to milliseconds.
std::optional<Time> ParseTime(std::string_view text);

// Between seconds with a fraction, as people write them, and durations.
constexpr double ToSeconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }
constexpr Duration FromSeconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace coreflow
