#include "pkg/redaction/credentials.h"

#include <re2/re2.h>

#include <array>
#include <iterator>
#include <memory>

#include "pkg/base/check.h"

namespace coreflow::redaction {

namespace {

struct Rule {
  const char* expression;
  const char* rewrite;
};

// In this order: what a later rule would cut in two goes first.
constexpr Rule kRules[] = {
    {R"((?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z))", "[masked]"},
    {R"(\b(?:eyJ[\w-]{8,}(?:\.[\w-]+){1,2}|gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|)"
     R"((?:AKIA|ASIA)[0-9A-Z]{16}|sk-[\w-]{16,}))",
     "[masked]"},
    {R"((?i)\b(bearer|basic)\s+[\w.~+/=-]{8,})", R"(\1 [masked])"},
    {R"(([A-Za-z][A-Za-z0-9+.-]*://)[^\s/@"']+@)", R"(\1[masked]@)"},
    // A value in quotes, in quotes of a JSON text inside another, or up to the next blank.
    {R"((?i)((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|)"
     R"(authorization|signature)[\w-]*\\*["']?\s*[:=]\s*))"
     R"((?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\+"(?:[^"\\]|\\[^"])*|[^\s"'\\,;&)}\]]+))",
     R"(\1[masked])"},
};

const RE2& Compiled(size_t index) {
  // Never destroyed: a text may be looked at while the program ends.
  static const auto* const kCompiled = [] {
    auto* all = new std::array<std::unique_ptr<RE2>, std::size(kRules)>;
    for (size_t i = 0; i < std::size(kRules); ++i) {
      (*all)[i] = std::make_unique<RE2>(kRules[i].expression, RE2::Quiet);
      CHECK((*all)[i]->ok(), "the expressions are ours");
    }
    return all;
  }();
  return *(*kCompiled)[index];
}

constexpr size_t kLongWord = 32;

bool IsOfWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '_' || c == '-' || c == '=';
}

bool LooksRandom(std::string_view word) {
  bool upper = false;
  bool lower = false;
  bool digit = false;
  for (char c : word) {
    upper = upper || (c >= 'A' && c <= 'Z');
    lower = lower || (c >= 'a' && c <= 'z');
    digit = digit || (c >= '0' && c <= '9');
  }
  return word.size() >= kLongWord && upper && lower && digit;
}

std::string MaskRandomWords(std::string_view text) {
  std::string masked;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && IsOfWord(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    masked += LooksRandom(word) ? std::string_view(kMasked) : word;
    if (end < text.size()) masked += text[end];
    at = end + 1;
  }
  return masked;
}

}  // namespace

std::string MaskCredentials(std::string_view text) {
  std::string masked(text);
  for (size_t i = 0; i < std::size(kRules); ++i) RE2::GlobalReplace(&masked, Compiled(i), kRules[i].rewrite);
  return MaskRandomWords(masked);
}

}  // namespace coreflow::redaction
