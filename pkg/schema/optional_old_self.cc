#include "pkg/schema/optional_old_self.h"

#include <algorithm>

namespace coreflow::schema {

namespace {

constexpr std::string_view kHas = "oldSelf.hasValue()";
constexpr std::string_view kValue = "oldSelf.value()";
constexpr std::string_view kOr = "oldSelf.orValue(";

bool IsWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// Where the string literal that begins at `begin` ends; also of one without an end.
size_t EndOfString(std::string_view text, size_t begin) {
  for (size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[begin]) {
      return i + 1;
    }
  }
  return text.size();
}

// Where the bracket that is open at `begin` is closed; npos when it is not.
size_t EndOfBrackets(std::string_view text, size_t begin) {
  int open = 1;
  for (size_t i = begin; i < text.size();) {
    if (text[i] == '"' || text[i] == '\'') {
      i = EndOfString(text, i);
      continue;
    }
    if (text[i] == '(') ++open;
    if (text[i] == ')' && --open == 0) return i;
    ++i;
  }
  return std::string_view::npos;
}

}  // namespace

std::string RewriteOptionalOldSelf(std::string_view rule) {
  std::string out;
  for (size_t i = 0; i < rule.size();) {
    std::string_view rest = rule.substr(i);
    bool word_begins = i == 0 || !IsWordPart(rule[i - 1]);
    if (rule[i] == '"' || rule[i] == '\'') {
      size_t end = EndOfString(rule, i);
      out += rule.substr(i, end - i);
      i = end;
    } else if (word_begins && rest.starts_with(kHas)) {
      out += kHasOldSelf;
      i += kHas.size();
    } else if (word_begins && rest.starts_with(kValue)) {
      out += kOldSelfValue;
      i += kValue.size();
    } else if (size_t end = EndOfBrackets(rule, std::min(i + kOr.size(), rule.size()));
               word_begins && rest.starts_with(kOr) && end != std::string_view::npos) {
      std::string other = RewriteOptionalOldSelf(rule.substr(i + kOr.size(), end - i - kOr.size()));
      out += "(" + std::string(kHasOldSelf) + " ? " + std::string(kOldSelfValue) + " : (" + other + "))";
      i = end + 1;
    } else {
      out += rule[i++];
    }
  }
  return out;
}

}  // namespace coreflow::schema
