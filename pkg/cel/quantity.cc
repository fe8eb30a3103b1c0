#include "pkg/cel/quantity.h"

#include <algorithm>
#include <limits>

namespace coreflow::cel {

namespace {

using Nanos = __int128;

constexpr Nanos kMax = Nanos(std::numeric_limits<int64_t>::max()) * 1'000'000'000;

struct Suffix {
  std::string_view text;
  Quantity::Format format;
  int base;      // 2 or 10
  int exponent;  // of the base
};

using enum Quantity::Format;
// From the largest down, as ToString() tries them.
constexpr Suffix kSuffixes[] = {
    {"Ei", kBinary, 2, 60},  {"Pi", kBinary, 2, 50},  {"Ti", kBinary, 2, 40},  {"Gi", kBinary, 2, 30},
    {"Mi", kBinary, 2, 20},  {"Ki", kBinary, 2, 10},  {"E", kDecimal, 10, 18}, {"P", kDecimal, 10, 15},
    {"T", kDecimal, 10, 12}, {"G", kDecimal, 10, 9},  {"M", kDecimal, 10, 6},  {"k", kDecimal, 10, 3},
    {"", kDecimal, 10, 0},   {"m", kDecimal, 10, -3}, {"u", kDecimal, 10, -6}, {"n", kDecimal, 10, -9},
};

// Digits with the decimal point taken out: digits * 10^-scale.
struct Number {
  bool negative = false;
  std::string digits{};
  int scale = 0;
};

std::optional<Number> TakeNumber(std::string_view& text) {
  Number number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool fraction = false;
  size_t seen = 0;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !fraction) {
      fraction = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      ++seen;
      if (number.digits.empty() && text[i] == '0' && !fraction) continue;
      number.digits += text[i];
      if (fraction) ++number.scale;
    } else {
      break;
    }
  }
  if (seen == 0) return std::nullopt;
  text.remove_prefix(i);
  return number;
}

// "e3", "E-6": nullopt when the text is no exponent of that form.
std::optional<int> ParseExponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || text.size() > 4) return std::nullopt;
  int exponent = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    exponent = exponent * 10 + (c - '0');
  }
  return negative ? -exponent : exponent;
}

// number * 10^power in nanos, rounded away from zero and capped at kMax.
Nanos Scale(const Number& number, int power) {
  int shift = power + 9 - number.scale;
  std::string_view digits = number.digits;
  bool rest = false;
  for (; shift < 0 && !digits.empty(); ++shift) {
    rest |= digits.back() != '0';
    digits.remove_suffix(1);
  }
  Nanos value = 0;
  for (char c : digits) {
    value = value * 10 + (c - '0');
    if (value > kMax) return kMax;
  }
  for (; shift > 0 && value != 0 && value <= kMax; --shift) value *= 10;
  return std::min(kMax, value + (rest ? 1 : 0));
}

// For binary suffixes: value * 2^exponent with at most nine decimals of the number kept.
Nanos ScaleBinary(const Number& number, int exponent) {
  Nanos value = Scale(number, 0);
  for (int i = 0; i < exponent; ++i) {
    if (value > kMax / 2) return kMax;
    value *= 2;
  }
  return value;
}

std::string Digits(Nanos value) {
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

Nanos Power(int base, int exponent) {
  Nanos value = 1;
  for (int i = 0; i < exponent; ++i) value *= base;
  return value;
}

// The suffix's size in nanos.
Nanos UnitOf(const Suffix& suffix) {
  return suffix.base == 2 ? Power(2, suffix.exponent) * 1'000'000'000 : Power(10, suffix.exponent + 9);
}

}  // namespace

Quantity Quantity::Capped(Nanos nanos, Format format) {
  Quantity quantity;
  quantity.nanos_ = std::clamp(nanos, -kMax, kMax);
  quantity.format_ = format;
  return quantity;
}

std::optional<Quantity> Quantity::Parse(std::string_view text) {
  auto number = TakeNumber(text);
  if (!number) return std::nullopt;
  auto signed_value = [&](Nanos value) { return number->negative ? -value : value; };
  if (auto exponent = ParseExponent(text)) {
    return Capped(signed_value(Scale(*number, *exponent)), Format::kExponent);
  }
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.text != text) continue;
    Nanos value = suffix.base == 2 ? ScaleBinary(*number, suffix.exponent) : Scale(*number, suffix.exponent);
    return Capped(signed_value(value), suffix.format);
  }
  return std::nullopt;
}

std::optional<int64_t> Quantity::AsInteger() const {
  if (nanos_ % kNanosPerUnit != 0) return std::nullopt;
  return static_cast<int64_t>(nanos_ / kNanosPerUnit);
}

double Quantity::AsApproximateFloat() const { return static_cast<double>(nanos_) / 1e9; }

Quantity Quantity::Add(const Quantity& other) const { return Capped(nanos_ + other.nanos_, format_); }
Quantity Quantity::Subtract(const Quantity& other) const { return Capped(nanos_ - other.nanos_, format_); }

std::string Quantity::ToString() const {
  Nanos amount = nanos_ < 0 ? -nanos_ : nanos_;
  std::string sign = nanos_ < 0 ? "-" : "";
  if (amount == 0) return "0";
  // Kubernetes prints binary amounts below 1024, or with a fraction, with decimal suffixes.
  bool binary = format_ == Format::kBinary && amount % kNanosPerUnit == 0 && amount >= Nanos(1024) * kNanosPerUnit;
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.format != (binary ? Format::kBinary : Format::kDecimal) && !suffix.text.empty()) continue;
    Nanos unit = UnitOf(suffix);
    if (amount % unit != 0) continue;
    std::string digits = Digits(amount / unit);
    if (format_ != Format::kExponent || suffix.exponent == 0) return sign + digits + std::string(suffix.text);
    return sign + digits + "e" + std::to_string(suffix.exponent);
  }
  return sign + Digits(amount) + "n";
}

}  // namespace coreflow::cel
