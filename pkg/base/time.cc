#include "pkg/base/time.h"

#include <fmt/format.h>

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

// Takes exactly `digits` decimal digits off the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// The fraction after the dot, in milliseconds; further digits are dropped.
std::optional<int> TakeFraction(std::string_view& text) {
  size_t digits = 0;
  int millis = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits < 3) millis = millis * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (size_t i = digits; i < 3; ++i) millis *= 10;
  text.remove_prefix(digits);
  return millis;
}

std::optional<Duration> TakeOffset(std::string_view& text) {
  if (TakeChar(text, "Zz")) return Duration(0);
  if (text.empty()) return std::nullopt;
  int sign = text[0] == '-' ? -1 : 1;
  if (!TakeChar(text, "+-")) return std::nullopt;
  auto hours = TakeNumber(text, 2);
  if (!hours || !TakeChar(text, ":")) return std::nullopt;
  auto minutes = TakeNumber(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (std::chrono::hours(*hours) + std::chrono::minutes(*minutes));
}

}  // namespace

std::string FormatTime(Time time) {
  Civil c = ToCivil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string FormatMicroTime(Time time) {
  Civil c = ToCivil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second, c.millis);
}

std::optional<Time> ParseTime(std::string_view text) {
  auto year = TakeNumber(text, 4);
  if (!year || !TakeChar(text, "-")) return std::nullopt;
  auto month = TakeNumber(text, 2);
  if (!month || !TakeChar(text, "-")) return std::nullopt;
  auto day = TakeNumber(text, 2);
  if (!day || !TakeChar(text, "Tt ")) return std::nullopt;
  auto hour = TakeNumber(text, 2);
  if (!hour || !TakeChar(text, ":")) return std::nullopt;
  auto minute = TakeNumber(text, 2);
  if (!minute || !TakeChar(text, ":")) return std::nullopt;
  auto second = TakeNumber(text, 2);
  if (!second) return std::nullopt;
  int millis = 0;
  if (TakeChar(text, ".")) {
    auto fraction = TakeFraction(text);
    if (!fraction) return std::nullopt;
    millis = *fraction;
  }
  auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                                   std::chrono::day(unsigned(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + Duration(millis) - *offset;
}

}  // namespace coreflow
