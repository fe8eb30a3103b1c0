#include "pkg/cel/time_text.h"

#include <fmt/format.h>

#include <limits>

#include "pkg/base/rfc3339.h"

namespace coreflow::cel {

namespace {

bool Take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// Nanoseconds of one unit, the longest name first.
struct Unit {
  std::string_view name;
  int64_t nanos;
};
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"µs", 1'000},
                           {"μs", 1'000},
                           {"ms", 1'000'000},
                           {"h", 3'600'000'000'000},
                           {"m", 60'000'000'000},
                           {"s", 1'000'000'000}};

// One "1.5h" off the front, in nanoseconds, finer digits cut.
std::optional<__int128> TakeSpan(std::string_view& text) {
  constexpr __int128 kLimit = __int128{std::numeric_limits<int64_t>::max()} + 1;
  __int128 digits = 0;
  __int128 scale = 1;
  bool seen = false;
  bool fraction = false;
  while (!text.empty()) {
    char c = text[0];
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      seen = true;
      if (!fraction || scale < 1'000'000'000'000'000) {
        digits = digits * 10 + (c - '0');
        if (fraction) scale *= 10;
      }
      if (digits / scale > kLimit) return std::nullopt;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  if (!seen) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text.substr(0, unit.name.size()) != unit.name) continue;
    text.remove_prefix(unit.name.size());
    __int128 whole = digits / scale * unit.nanos;
    __int128 rest = digits % scale * unit.nanos / scale;
    return whole > kLimit ? std::nullopt : std::optional(whole + rest);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  auto instant = ParseRfc3339(text);
  if (!instant) return std::nullopt;
  Timestamp time{.seconds = instant->seconds.time_since_epoch().count(), .nanos = instant->nanos};
  if (time.seconds < kMinTimestampSeconds || time.seconds > kMaxTimestampSeconds) return std::nullopt;
  return time;
}

std::string FormatTimestamp(Timestamp time) {
  std::chrono::sys_seconds seconds{std::chrono::seconds(time.seconds)};
  auto days = std::chrono::floor<std::chrono::days>(seconds);
  std::chrono::year_month_day date(days);
  std::chrono::hh_mm_ss clock(seconds - days);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (time.nanos == 0) return text + "Z";
  if (time.nanos % 1'000'000 == 0) return text + fmt::format(".{:03}Z", time.nanos / 1'000'000);
  if (time.nanos % 1'000 == 0) return text + fmt::format(".{:06}Z", time.nanos / 1'000);
  return text + fmt::format(".{:09}Z", time.nanos);
}

std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  bool negative = Take(text, '-');
  if (!negative) Take(text, '+');
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  __int128 total = 0;
  constexpr __int128 kMax = std::numeric_limits<int64_t>::max();
  while (!text.empty()) {
    auto span = TakeSpan(text);
    if (!span) return std::nullopt;
    total += *span;
    if (total > kMax) return std::nullopt;
  }
  return std::chrono::nanoseconds(static_cast<int64_t>(negative ? -total : total));
}

std::string FormatDuration(std::chrono::nanoseconds duration) {
  int64_t nanos = duration.count();
  uint64_t magnitude = nanos < 0 ? uint64_t{0} - static_cast<uint64_t>(nanos) : static_cast<uint64_t>(nanos);
  std::string text = fmt::format("{}{}", nanos < 0 ? "-" : "", magnitude / 1'000'000'000);
  if (uint64_t rest = magnitude % 1'000'000'000; rest != 0) {
    text += fmt::format(".{:09}", rest);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "s";
}

}  // namespace coreflow::cel
