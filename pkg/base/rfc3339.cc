#include "pkg/base/rfc3339.h"

namespace coreflow {

namespace {

constexpr int32_t kMaxFractionDigits = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `digits` decimal digits off the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!IsDigit(text[i])) return std::nullopt;
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

std::optional<std::chrono::sys_days> TakeDate(std::string_view& text) {
  auto year = TakeNumber(text, 4);
  if (!year || !TakeChar(text, "-")) return std::nullopt;
  auto month = TakeNumber(text, 2);
  if (!month || !TakeChar(text, "-")) return std::nullopt;
  auto day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                   std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<std::chrono::seconds> TakeClock(std::string_view& text) {
  auto hour = TakeNumber(text, 2);
  if (!hour || !TakeChar(text, ":")) return std::nullopt;
  auto minute = TakeNumber(text, 2);
  if (!minute || !TakeChar(text, ":")) return std::nullopt;
  auto second = TakeNumber(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

// What follows the dot, in nanoseconds.
std::optional<int32_t> TakeFraction(std::string_view& text) {
  int32_t nanos = 0;
  int digits = 0;
  for (; !text.empty() && IsDigit(text[0]); ++digits, text.remove_prefix(1)) {
    if (digits == kMaxFractionDigits) return std::nullopt;
    nanos = nanos * 10 + (text[0] - '0');
  }
  if (digits == 0) return std::nullopt;
  for (; digits < kMaxFractionDigits; ++digits) nanos *= 10;
  return nanos;
}

}  // namespace

std::optional<Instant> ParseRfc3339(std::string_view text) {
  auto date = TakeDate(text);
  if (!date || !TakeChar(text, "Tt")) return std::nullopt;
  auto clock = TakeClock(text);
  if (!clock) return std::nullopt;
  auto nanos = TakeChar(text, ".") ? TakeFraction(text) : std::optional(0);
  if (!nanos || text.empty() || IsDigit(text[0])) return std::nullopt;
  auto offset = text == "Z" || text == "z" ? std::chrono::seconds(0) : ParseUtcOffset(text);
  if (!offset) return std::nullopt;
  return Instant{.seconds = *date + *clock - *offset, .nanos = *nanos};
}

std::optional<std::chrono::seconds> ParseUtcOffset(std::string_view text) {
  const bool negative = TakeChar(text, "-");
  if (!negative) TakeChar(text, "+");
  auto hours = TakeNumber(text, 2);
  if (!hours || !TakeChar(text, ":")) return std::nullopt;
  auto minutes = TakeNumber(text, 2);
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::seconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return negative ? -offset : offset;
}

}  // namespace coreflow
