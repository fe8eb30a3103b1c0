#include "pkg/cel/lexer.h"

#include <algorithm>
#include <charconv>

#include "pkg/cel/literal.h"
#include "pkg/cel/number_text.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

// The length of a string literal's prefix and opening quote (r", B''', rb'), or 0 when none starts here.
struct Opening {
  bool raw = false;
  bool bytes = false;
  std::string_view quote{};  // one or three characters
  size_t length = 0;
};

Opening OpeningQuote(std::string_view text) {
  Opening opening;
  size_t i = 0;
  for (; i < text.size() && i < 2; ++i) {
    if ((text[i] == 'r' || text[i] == 'R') && !opening.raw) {
      opening.raw = true;
    } else if ((text[i] == 'b' || text[i] == 'B') && !opening.bytes) {
      opening.bytes = true;
    } else {
      break;
    }
  }
  if (i >= text.size() || (text[i] != '"' && text[i] != '\'')) return {};
  bool triple = text.size() >= i + 3 && text[i + 1] == text[i] && text[i + 2] == text[i];
  opening.quote = text.substr(i, triple ? 3 : 1);
  opening.length = i + opening.quote.size();
  return opening;
}

}  // namespace

bool IsReservedWord(std::string_view word) {
  constexpr std::string_view kWords[] = {"as",       "break",     "const",  "continue", "else", "false", "for",
                                         "function", "if",        "import", "in",       "let",  "loop",  "null",
                                         "package",  "namespace", "return", "true",     "var",  "void",  "while"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

void Lexer::SkipSpaceAndComments() {
  while (at_ < text_.size()) {
    char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && Peek(1) == '/') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else {
      return;
    }
  }
}

Token Lexer::Next() {
  if (failed_) return failure_;
  SkipSpaceAndComments();
  size_t start = at_;
  if (at_ >= text_.size()) return Token{.kind = Token::Kind::kEnd, .offset = start, .end = start};
  char c = text_[at_];
  if (OpeningQuote(text_.substr(at_)).length > 0) return Text(start);
  if (IsNameStart(c)) return NameToken(start);
  if (c == '`') return QuotedName(start);
  if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number(start);
  return Symbol(start);
}

Token Lexer::NameToken(size_t start) {
  while (IsNamePart(Peek())) ++at_;
  return Token{
      .kind = Token::Kind::kName, .offset = start, .end = at_, .text = std::string(text_.substr(start, at_ - start))};
}

Token Lexer::QuotedName(size_t start) {
  ++at_;
  while (IsNamePart(Peek()) || (Peek() != '\0' && std::string_view(".-/ ").find(Peek()) != std::string_view::npos))
    ++at_;
  if (Peek() != '`')
    return Fail(start, "a `quoted` field name has letters, digits, _ . - / and spaces, and ends with `");
  std::string name(text_.substr(start + 1, at_ - start - 1));
  ++at_;
  if (name.empty()) return Fail(start, "a `quoted` field name must not be empty");
  return Token{.kind = Token::Kind::kName, .offset = start, .end = at_, .text = std::move(name), .quoted = true};
}

// Moves past the digits of a number; whether it has a fraction or an exponent.
bool Lexer::SkipDecimal() {
  bool floating = false;
  while (IsDigit(Peek())) ++at_;
  if (Peek() == '.' && IsDigit(Peek(1))) {
    floating = true;
    ++at_;
    while (IsDigit(Peek())) ++at_;
  }
  size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
  if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(1 + sign))) {
    floating = true;
    at_ += 1 + sign;
    while (IsDigit(Peek())) ++at_;
  }
  return floating;
}

Token Lexer::Number(size_t start) {
  bool hex = Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && IsHexDigit(Peek(2));
  if (hex) at_ += 2;
  while (hex && IsHexDigit(Peek())) ++at_;
  bool floating = !hex && SkipDecimal();
  std::string_view digits = text_.substr(start, at_ - start);
  bool is_unsigned = !floating && (Peek() == 'u' || Peek() == 'U');
  if (is_unsigned) ++at_;
  if (IsNamePart(Peek())) {
    return Fail(start, "a number must not run into a name: " + std::string(text_.substr(start, at_ - start + 1)) + "…");
  }
  Token token{.kind = Token::Kind::kInt, .offset = start, .end = at_};
  if (floating) {
    auto number = ParseDouble(digits);
    if (!number) return Fail(start, "the number is too large for a double");
    token.kind = Token::Kind::kLiteral;
    token.literal = Value::Double(*number);
    return token;
  }
  if (hex) digits.remove_prefix(2);
  auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), token.magnitude, hex ? 16 : 10);
  if (parsed.ec != std::errc{}) return Fail(start, "the number does not fit 64 bits");
  if (is_unsigned) {
    token.kind = Token::Kind::kLiteral;
    token.literal = Value::Uint(token.magnitude);
  }
  return token;
}

Token Lexer::Symbol(size_t start) {
  constexpr std::string_view kSymbols[] = {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*",
                                           "/",  "%",  "?",  ":",  ".",  ",",  "(", ")", "[", "]", "{", "}"};
  for (std::string_view symbol : kSymbols) {
    if (text_.substr(start).substr(0, symbol.size()) != symbol) continue;
    at_ += symbol.size();
    return Token{.kind = Token::Kind::kSymbol, .offset = start, .end = at_, .text = std::string(symbol)};
  }
  switch (text_[start]) {
    case '=': return Fail(start, "= is no operator; write == to compare");
    case '&': return Fail(start, "& is no operator; write && for and");
    case '|': return Fail(start, "| is no operator; write || for or");
    default: break;
  }
  std::string_view rest = text_.substr(start);
  std::string_view after = rest;
  if (!TakeCodePoint(after)) return Fail(start, "the text is not UTF-8");
  return Fail(start, "unexpected character " + std::string(rest.substr(0, rest.size() - after.size())));
}

Token Lexer::Text(size_t start) {
  Opening opening = OpeningQuote(text_.substr(start));
  size_t content = start + opening.length;
  size_t i = content;
  for (;; ++i) {
    if (i >= text_.size())
      return Fail(start, "the string is not closed; " + std::string(opening.quote) + " is missing");
    if (text_.substr(i, opening.quote.size()) == opening.quote) break;
    if (opening.quote.size() == 1 && (text_[i] == '\n' || text_[i] == '\r')) {
      return Fail(start, "the string is not closed on its line; write \\n, or quote it with '''");
    }
    if (text_[i] == '\\' && !opening.raw) ++i;
  }
  at_ = i + opening.quote.size();
  std::string_view raw = text_.substr(content, i - content);
  if (!IsUtf8(raw)) return Fail(start, "the text is not UTF-8");
  auto text = opening.raw ? Result<std::string>(std::string(raw)) : Unescape(raw, opening.bytes);
  if (!text) return Fail(start, text.error().message);
  Value value = opening.bytes ? Value::Bytes(*std::move(text)) : Value::String(*text);
  return Token{.kind = Token::Kind::kLiteral, .offset = start, .end = at_, .literal = std::move(value)};
}

Token Lexer::Fail(size_t offset, std::string message) {
  failed_ = true;
  failure_ = Token{.kind = Token::Kind::kError, .offset = offset, .end = offset, .text = std::move(message)};
  return failure_;
}

}  // namespace coreflow::cel
