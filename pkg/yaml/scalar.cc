#include "pkg/yaml/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "pkg/base/base64.h"
#include "pkg/base/overloaded.h"

namespace coreflow::yaml {

namespace {

constexpr std::string_view kTags = "tag:yaml.org,2002:";

Error Invalid(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

template <size_t N>
bool OneOf(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<Scalar> FromWords(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kTrue = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                             "True", "TRUE", "on",  "On",  "ON"};
  static constexpr std::array<std::string_view, 11> kFalse = {"n",     "N",     "no",  "No",  "NO", "false",
                                                              "False", "FALSE", "off", "Off", "OFF"};
  static constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 3> kNan = {".nan", ".NaN", ".NAN"};
  static constexpr std::array<std::string_view, 6> kInfinity = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"};
  static constexpr std::array<std::string_view, 3> kMinusInfinity = {"-.inf", "-.Inf", "-.INF"};
  if (OneOf(text, kTrue)) return Scalar(true);
  if (OneOf(text, kFalse)) return Scalar(false);
  if (OneOf(text, kNull)) return Scalar();
  if (OneOf(text, kNan)) return Scalar(std::numeric_limits<double>::quiet_NaN());
  if (OneOf(text, kInfinity)) return Scalar(std::numeric_limits<double>::infinity());
  if (OneOf(text, kMinusInfinity)) return Scalar(-std::numeric_limits<double>::infinity());
  return std::nullopt;
}

// Go's strconv.ParseInt(text, 0, 64), then ParseUint: a sign, a base by its prefix (0x 0b 0o, or 0 alone: octal).
std::optional<Scalar> ParseInteger(std::string_view text) {
  bool negative = text.starts_with('-');
  bool signed_text = negative || text.starts_with('+');
  if (signed_text) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    char mark = static_cast<char>(text[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  if (negative) {
    if (magnitude > kMost + 1) return std::nullopt;
    return Scalar(static_cast<int64_t>(~magnitude + 1));
  }
  if (magnitude <= kMost) return Scalar(static_cast<int64_t>(magnitude));
  // ParseUint takes no sign.
  return signed_text ? std::nullopt : std::optional<Scalar>(magnitude);
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool LooksLikeFloat(std::string_view text) {
  auto sign = [&] {
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  };
  auto digits = [&] {
    size_t count = 0;
    while (count < text.size() && IsDigit(text[count])) ++count;
    text.remove_prefix(count);
    return count;
  };
  sign();
  size_t before = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0 && before == 0) return false;
  } else if (before == 0) {
    return false;
  }
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  sign();
  return digits() > 0 && text.empty();
}

std::optional<Scalar> ParseFloat(std::string_view text) {
  if (!LooksLikeFloat(text)) return std::nullopt;
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Too small is zero to Go, too big is no number. Which one it is, the exponent's sign tells.
    size_t exponent = text.find_first_of("eE");
    bool small = exponent != std::string_view::npos && text[exponent + 1] == '-';
    if (!small) return std::nullopt;
    value = 0;
  } else if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return Scalar(negative ? -value : value);
}

std::string Without(std::string_view text, char unwanted) {
  std::string result(text);
  result.erase(std::remove(result.begin(), result.end(), unwanted), result.end());
  return result;
}

bool UnderscoresSeparateDigits(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    if (i == 0 || i + 1 == text.size() || !IsDigit(text[i - 1]) || !IsDigit(text[i + 1])) return false;
  }
  return true;
}

// A scalar without a tag.
Scalar ResolvePlain(std::string_view text) {
  if (auto word = FromWords(text)) return *word;
  if (text[0] == '.') {
    if (!UnderscoresSeparateDigits(text)) return std::string(text);
    return ParseFloat(Without(text, '_')).value_or(Scalar(std::string(text)));
  }
  if (!IsDigit(text[0]) && text[0] != '-' && text[0] != '+') return std::string(text);
  std::string plain = Without(text, '_');
  if (auto integer = ParseInteger(plain)) return *integer;
  return ParseFloat(plain).value_or(Scalar(std::string(text)));
}

// Go's reading: line ends don't count, the padding must stand.
std::optional<std::string> FromBase64(std::string_view text) {
  std::string clean = Without(Without(text, '\n'), '\r');
  return clean.size() % 4 == 0 ? DecodeBase64(clean) : std::nullopt;
}

// float32 in Go's format 'g' with the fewest digits, which is what sigs.k8s.io/yaml makes of a name.
std::string FloatName(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  auto narrow = static_cast<float>(value);
  if (std::isinf(narrow)) return narrow < 0 ? "-.inf" : ".inf";
  std::array<char, 64> buffer{};
  auto scientific = std::to_chars(buffer.data(), buffer.data() + buffer.size(), narrow, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<size_t>(scientific.ptr - buffer.data()));
  int exponent = 0;
  size_t mark = text.find('e') + 1;
  size_t start = text[mark] == '+' ? mark + 1 : mark;
  std::from_chars(text.data() + start, text.data() + text.size(), exponent);
  if (narrow != 0 && (exponent < -4 || exponent >= 6)) return std::string(text);
  auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), narrow, std::chars_format::fixed);
  return {buffer.data(), fixed.ptr};
}

}  // namespace

Result<Scalar> Resolve(std::string_view tag, std::string_view text) {
  if (tag.empty()) return ResolvePlain(text);
  if (!tag.starts_with(kTags)) return Scalar(std::string(text));
  std::string_view type = tag.substr(kTags.size());
  if (type == "binary") {
    if (auto bytes = FromBase64(text)) return Scalar(*std::move(bytes));
    return Invalid("!!binary is not base64");
  }
  bool known = type == "bool" || type == "int" || type == "float" || type == "null";
  if (!known) return Scalar(std::string(text));  // !!str, and tags that mean nothing here
  Scalar scalar = ResolvePlain(text);
  if (auto* integer = std::get_if<int64_t>(&scalar); integer != nullptr && type == "float") {
    return Scalar(static_cast<double>(*integer));
  }
  bool fits =
      (type == "bool" && std::holds_alternative<bool>(scalar)) ||
      (type == "int" && (std::holds_alternative<int64_t>(scalar) || std::holds_alternative<uint64_t>(scalar))) ||
      (type == "float" && std::holds_alternative<double>(scalar)) ||
      (type == "null" && std::holds_alternative<std::monostate>(scalar));
  if (!fits) return Invalid("\"" + std::string(text) + "\" is not what its tag !!" + std::string(type) + " says");
  return scalar;
}

Result<json::Value> ToValue(const Scalar& scalar) {
  return std::visit(
      overloaded{[](std::monostate) -> Result<json::Value> { return json::Value(); },
                 [](bool value) -> Result<json::Value> { return json::Value(value); },
                 [](int64_t value) -> Result<json::Value> { return json::Value(value); },
                 [](uint64_t value) -> Result<json::Value> { return json::Value(static_cast<double>(value)); },
                 [](double value) -> Result<json::Value> {
                   if (!std::isfinite(value)) return Invalid("JSON has no infinity and no NaN");
                   if (std::trunc(value) == value && std::abs(value) < 0x1p63) {
                     return json::Value(static_cast<int64_t>(value));
                   }
                   return json::Value(value);
                 },
                 [](const std::string& value) -> Result<json::Value> { return json::Value(value); }},
      scalar);
}

Result<std::string> ToName(const Scalar& scalar) {
  return std::visit(
      overloaded{[](std::monostate) -> Result<std::string> { return Invalid("null can't be the name of a member"); },
                 [](bool value) -> Result<std::string> { return std::string(value ? "true" : "false"); },
                 [](int64_t value) -> Result<std::string> { return std::to_string(value); },
                 [](uint64_t) -> Result<std::string> { return Invalid("the number is too big for a name"); },
                 [](double value) -> Result<std::string> { return FloatName(value); },
                 [](const std::string& value) -> Result<std::string> { return value; }},
      scalar);
}

}  // namespace coreflow::yaml
