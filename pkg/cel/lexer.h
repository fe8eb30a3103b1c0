#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "pkg/cel/value.h"

namespace coreflow::cel {

struct Token {
  enum class Kind {
    kEnd,
    kName,     // an identifier, reserved word or `quoted` field name
    kInt,      // the digits; the parser adds the sign
    kLiteral,  // uint, double, string, bytes
    kSymbol,   // an operator or bracket
    kError,    // no token; `text` says what is wrong
  };

  Kind kind = Kind::kEnd;
  size_t offset = 0;
  size_t end = 0;
  std::string text{};      // the name, symbol or problem
  Value literal{};         // of kLiteral
  uint64_t magnitude = 0;  // of kInt
  bool quoted = false;     // a name in backquotes: good after a dot only

  bool IsSymbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  bool IsName(std::string_view name) const { return kind == Kind::kName && !quoted && text == name; }
};

// Splits an expression into tokens. Not thread-safe. The text must outlive it.
class Lexer {
 public:
  explicit Lexer(std::string_view text, size_t start = 0) : text_(text), at_(start) {}

  // The next token; kEnd, or the same kError, for ever once there is none.
  Token Next();

 private:
  void SkipSpaceAndComments();
  Token NameToken(size_t start);
  Token QuotedName(size_t start);
  Token Number(size_t start);
  bool SkipDecimal();
  Token Symbol(size_t start);
  Token Text(size_t start);
  Token Fail(size_t offset, std::string message);
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  const std::string_view text_;
  size_t at_;
  bool failed_ = false;
  Token failure_{};
};

// Whether the word may not be used as the name of a variable ("for", "while", …); it may name a field.
bool IsReservedWord(std::string_view word);

}  // namespace coreflow::cel
