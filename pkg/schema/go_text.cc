#include "pkg/schema/go_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "pkg/json/write.h"

namespace coreflow::schema {

namespace {

std::string Shortest(double number, std::chars_format format) {
  std::array<char, 400> buffer{};
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
  return {buffer.data(), end.ptr};
}

}  // namespace

std::string GoNumber(double number) {
  double size = std::abs(number);
  if (size != 0 && (size < 1e-4 || size >= 1e21)) return Shortest(number, std::chars_format::scientific);
  return Shortest(number, std::chars_format::fixed);
}

std::string GoQuote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\a': out += "\\a"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\v': out += "\\v"; break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string GoValue(const json::Value& value) {
  if (value.IsString()) return GoQuote(value.AsString());
  if (value.IsDouble()) return GoNumber(value.AsDouble());
  return json::Write(value);
}

}  // namespace coreflow::schema
