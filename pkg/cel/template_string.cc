#include "pkg/cel/template_string.h"

#include <algorithm>

#include "pkg/cel/json.h"
#include "pkg/cel/lexer.h"
#include "pkg/json/write.h"

namespace coreflow::cel {

namespace {

constexpr std::string_view kOpen = "$[[";
constexpr std::string_view kClose = "]]";

// Where the "]]" of a part stands whose expression starts at `start`: the first one outside strings and brackets.
// npos when there is none. Where the expression has no tokens any more, the next "]]" is taken.
size_t FindClose(std::string_view text, size_t start) {
  Lexer lexer(text, start);
  size_t depth = 0;
  size_t at = start;
  while (true) {
    Token token = lexer.Next();
    if (token.kind == Token::Kind::kEnd) return std::string_view::npos;
    if (token.kind == Token::Kind::kError) return text.find(kClose, std::max(at, token.offset));
    at = token.end;
    if (token.IsSymbol("[")) ++depth;
    if (!token.IsSymbol("]")) continue;
    if (depth == 0 && text.substr(token.offset, 2) == kClose) return token.offset;
    if (depth > 0) --depth;
  }
}

std::string AsText(const json::Value& value) { return value.IsString() ? value.AsString() : json::Write(value); }

}  // namespace

bool Template::HasExpressions() const {
  return std::any_of(parts_->begin(), parts_->end(), [](const Part& part) { return part.index() == 1; });
}

std::vector<Reference> Template::References() const {
  std::vector<Reference> all;
  for (const Part& part : *parts_) {
    auto* program = std::get_if<Program>(&part);
    if (program != nullptr) all.insert(all.end(), program->References().begin(), program->References().end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::optional<Type> Template::SoleType() const {
  if (parts_->size() != 1 || parts_->front().index() != 1) return std::nullopt;
  return std::get<Program>(parts_->front()).type();
}

Result<std::string> Template::Evaluate(const Activation& activation, const Limits& limits, const Escape& escape) const {
  std::string out;
  for (const Part& part : *parts_) {
    if (auto* text = std::get_if<std::string>(&part)) {
      out += *text;
    } else {
      TRY(Value value, std::get<Program>(part).Evaluate(activation, limits));
      TRY(json::Value json, ToJson(value));
      out += escape ? escape(AsText(json)) : AsText(json);
    }
    if (out.size() > limits.bytes) {
      return Error{Code::kInvalid,
                   "the text becomes longer than allowed (limit " + std::to_string(limits.bytes) + " bytes)"};
    }
  }
  return out;
}

TemplateCompilation CompileTemplate(std::string_view text, const Declarations& declarations) {
  std::vector<Template::Part> parts;
  std::vector<Problem> problems;
  size_t at = 0;
  while (at < text.size()) {
    size_t open = text.find(kOpen, at);
    if (open > at) parts.emplace_back(std::string(text.substr(at, open - at)));
    if (open == std::string_view::npos) break;
    size_t start = open + kOpen.size();
    size_t close = FindClose(text, start);
    if (close == std::string_view::npos) {
      problems.push_back(
          {.offset = open, .message = "$[[ is not closed; ]] is missing (a literal $[[ is written $[[ '$[[' ]])"});
      break;
    }
    Compilation compilation = Compile(text.substr(start, close - start), declarations);
    for (Problem& problem : compilation.problems) {
      problems.push_back({.offset = start + problem.offset, .message = std::move(problem.message)});
    }
    if (compilation) parts.emplace_back(*std::move(compilation.program));
    at = close + kClose.size();
  }
  if (!problems.empty()) return {.problems = std::move(problems)};
  return {.compiled = Template(std::move(parts))};
}

}  // namespace coreflow::cel
