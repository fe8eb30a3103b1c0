#include "pkg/cel/number_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace coreflow::cel {

namespace {

template <typename T>
std::optional<T> ParseWhole(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// Whether a number that does not fit a double is too small for it, rather than too large: the place of its first
// digit that is not zero.
bool IsTiny(std::string_view text) {
  size_t mark = text.find_first_of("eE");
  auto exponent = mark == std::string_view::npos ? std::optional<int64_t>(0) : ParseInt(text.substr(mark + 1));
  std::string_view digits = text.substr(0, mark);
  size_t point = std::min(digits.find('.'), digits.size());
  size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  if (!exponent) return text[mark + 1] == '-';
  return static_cast<int64_t>(point) - static_cast<int64_t>(first) < -*exponent;
}

}  // namespace

std::optional<double> ParseDouble(std::string_view text) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || text[0] == '-') return std::nullopt;
  auto with_sign = [&](double value) { return negative ? -value : value; };
  if (text == "Infinity" || text == "Inf" || text == "inf" || text == "infinity") {
    return with_sign(std::numeric_limits<double>::infinity());
  }
  if (text == "NaN" || text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double value = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) return IsTiny(text) ? std::optional(with_sign(0)) : std::nullopt;
  if (parsed.ec != std::errc{}) return std::nullopt;
  return with_sign(value);
}

std::optional<int64_t> ParseInt(std::string_view text) { return ParseWhole<int64_t>(text); }
std::optional<uint64_t> ParseUint(std::string_view text) { return ParseWhole<uint64_t>(text); }

std::string FormatDouble(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", number);
}

}  // namespace coreflow::cel
