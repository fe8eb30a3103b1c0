#include "pkg/schema/rule_names.h"

#include <algorithm>
#include <array>

namespace coreflow::schema {

namespace {

constexpr auto kReserved = std::to_array<std::string_view>(
    {"true", "false",  "null", "in",   "as",      "break",     "const",  "continue", "else", "for",  "function",
     "if",   "import", "let",  "loop", "package", "namespace", "return", "var",      "void", "while"});

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::optional<std::string> EscapeName(std::string_view name) {
  if (name.empty() || IsDigit(name[0])) return std::nullopt;
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) return "__" + std::string(name) + "__";
  std::string escaped;
  for (size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (c == '_' && i + 1 < name.size() && name[i + 1] == '_') {
      escaped += "__underscores__";
      ++i;
    } else if (c == '.') {
      escaped += "__dot__";
    } else if (c == '-') {
      escaped += "__dash__";
    } else if (c == '/') {
      escaped += "__slash__";
    } else if (IsLetter(c) || IsDigit(c) || c == '_') {
      escaped += c;
    } else {
      return std::nullopt;
    }
  }
  return escaped;
}

}  // namespace coreflow::schema
