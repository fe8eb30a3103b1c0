#include "pkg/cel/literal.h"

#include <optional>

#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

std::optional<char> SimpleEscape(char c) {
  constexpr std::string_view kFrom = "abfnrtv\\?\"'`";
  constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\?\"'`";
  size_t i = kFrom.find(c);
  return i == std::string_view::npos ? std::nullopt : std::optional<char>(kTo[i]);
}

std::optional<uint32_t> Digits(std::string_view text, uint32_t base) {
  uint32_t value = 0;
  for (char c : text) {
    uint32_t digit = c >= '0' && c <= '9'   ? static_cast<uint32_t>(c - '0')
                     : c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? static_cast<uint32_t>(c - 'A' + 10)
                                            : base;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

struct NumericEscape {
  size_t skip;    // letters before the digits
  size_t digits;  // exactly that many
  uint32_t base;
};

std::optional<NumericEscape> NumericForm(char c, bool bytes) {
  if (c == 'x' || c == 'X') return NumericEscape{1, 2, 16};
  if (c == 'u' && !bytes) return NumericEscape{1, 4, 16};
  if (c == 'U' && !bytes) return NumericEscape{1, 8, 16};
  if (c >= '0' && c <= '3') return NumericEscape{0, 3, 8};
  return std::nullopt;
}

}  // namespace

Result<std::string> Unescape(std::string_view content, bool bytes) {
  std::string out;
  out.reserve(content.size());
  for (size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\') {
      out += content[i];
      continue;
    }
    std::string_view rest = content.substr(i + 1);
    if (rest.empty())
      return Error{Code::kInvalid, "a backslash must be followed by an escape; write \\\\ for a backslash"};
    if (auto c = SimpleEscape(rest[0])) {
      out += *c;
      ++i;
      continue;
    }
    auto form = NumericForm(rest[0], bytes);
    if (!form) {
      return Error{Code::kInvalid,
                   std::string("unknown escape \\") + rest[0] + "; write \\\\ for a backslash, or a raw string r'…'"};
    }
    auto number = rest.size() < form->skip + form->digits ? std::nullopt
                                                          : Digits(rest.substr(form->skip, form->digits), form->base);
    bool good = number.has_value();
    if (good && bytes) out += static_cast<char>(*number);
    if (good && !bytes) good = AppendCodePoint(out, *number);
    if (!good) {
      return Error{Code::kInvalid, "the escape \\" + std::string(rest.substr(0, form->skip + form->digits)) +
                                       " names no character; " + std::to_string(form->digits) + " digits are needed"};
    }
    i += form->skip + form->digits;
  }
  return out;
}

}  // namespace coreflow::cel
