#include "pkg/base/time.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "pkg/base/rfc3339.h"

namespace coreflow {

namespace {

struct Civil {
  int year, month, day, hour, minute, second, millis;
};

Civil ToCivil(Time time) {
  auto days = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date(days);
  std::chrono::hh_mm_ss clock(time - days);
  return {.year = int(date.year()),
          .month = int(unsigned(date.month())),
          .day = int(unsigned(date.day())),
          .hour = int(clock.hours().count()),
          .minute = int(clock.minutes().count()),
          .second = int(clock.seconds().count()),
          .millis = int(clock.subseconds().count())};
}

}  // namespace

std::string FormatTime(Time time) {
  Civil c = ToCivil(time);
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z"), c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

std::string FormatMicroTime(Time time) {
  Civil c = ToCivil(time);
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000Z"), c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.millis);
}

std::optional<Time> ParseTime(std::string_view text) {
  auto instant = ParseRfc3339(text);
  if (!instant) return std::nullopt;
  return Time(instant->seconds) + std::chrono::floor<Duration>(std::chrono::nanoseconds(instant->nanos));
}

}  // namespace coreflow
