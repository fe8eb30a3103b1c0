#include "pkg/redaction/expression.h"

#include "pkg/cel/lexer.h"

namespace coreflow::redaction {

std::optional<std::string> WithoutTexts(std::string_view expression) {
  cel::Lexer lexer(expression);
  std::string shown;
  size_t end = 0;
  for (;;) {
    const cel::Token token = lexer.Next();
    if (token.kind == cel::Token::Kind::kError) return std::nullopt;
    if (token.kind == cel::Token::Kind::kEnd) return shown;
    if (token.offset > end && !shown.empty()) shown += ' ';
    end = token.end;
    const std::string_view source = expression.substr(token.offset, token.end - token.offset);
    const bool text = token.kind == cel::Token::Kind::kLiteral && source.find_first_of("'\"") != std::string_view::npos;
    shown += text ? std::string_view("\"…\"") : source;
  }
}

}  // namespace coreflow::redaction
