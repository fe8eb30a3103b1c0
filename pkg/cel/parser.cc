#include "pkg/cel/parser.h"

#include <algorithm>
#include <limits>

#include "pkg/cel/lexer.h"
#include "pkg/cel/macros.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

constexpr int kRelation = 3;

// How tightly a binary operator binds; 0 for none.
int Precedence(const Token& token) {
  if (token.IsName("in")) return kRelation;
  if (token.kind != Token::Kind::kSymbol) return 0;
  const std::string& s = token.text;
  if (s == "||") return 1;
  if (s == "&&") return 2;
  if (s == "==" || s == "!=" || s == "<" || s == "<=" || s == ">" || s == ">=") return kRelation;
  if (s == "+" || s == "-") return 4;
  if (s == "*" || s == "/" || s == "%") return 5;
  return 0;
}

std::string OperatorName(const std::string& symbol) { return symbol == "in" ? "@in" : "_" + symbol + "_"; }

// Recursive descent for what nests, precedence climbing for binary operators. After the first problem every method
// returns null.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) { Advance(); }

  std::variant<ExprPtr, Problem> Run() {
    ExprPtr expr = Expression();
    if (!problem_ && token_.kind != Token::Kind::kEnd) Unexpected("an operator or the end");
    if (problem_) return *problem_;
    return expr;
  }

 private:
  ExprPtr Expression();
  ExprPtr Binary(int least);
  ExprPtr Unary();
  ExprPtr Member();
  ExprPtr Primary();
  ExprPtr Suffix(ExprPtr operand);
  ExprPtr Dot(ExprPtr operand);
  ExprPtr ParseName(bool global);
  ExprPtr ListOf(size_t offset);
  ExprPtr MapOf(size_t offset);
  ExprPtr IntLiteral(bool negative, size_t offset);
  ExprPtr CallOf(std::string function, size_t offset, ExprPtr target);
  bool Arguments(std::string_view close, std::vector<ExprPtr>& out);

  ExprPtr Make(Node node, size_t offset);
  ExprPtr Join(const Token& op, ExprPtr left, ExprPtr right);
  ExprPtr Fail(size_t offset, std::string message);
  ExprPtr Unexpected(std::string_view wanted);
  bool Take(std::string_view symbol);
  bool Expect(std::string_view symbol, std::string_view what);
  void Advance() { token_ = lexer_.Next(); }

  // Counts how deep the parser itself is.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) { ++parser_.nesting_; }
    ~Nesting() { --parser_.nesting_; }
    bool TooDeep() const { return parser_.nesting_ > kMaxExpressionDepth; }

   private:
    Parser& parser_;
  };

  const std::string_view text_;
  Lexer lexer_;
  Token token_{};
  size_t nesting_ = 0;
  std::optional<Problem> problem_{};
};

std::string TooDeepMessage() {
  return "the expression is nested deeper than " + std::to_string(kMaxExpressionDepth) + " levels";
}

size_t DepthBelow(const Node& node) {
  size_t depth = 0;
  auto see = [&](const ExprPtr& child) { depth = std::max(depth, child ? child->depth : 0); };
  if (auto* select = std::get_if<Select>(&node)) see(select->operand);
  if (auto* call = std::get_if<Call>(&node)) std::for_each(call->args.begin(), call->args.end(), see);
  if (auto* list = std::get_if<ListLiteral>(&node)) std::for_each(list->elements.begin(), list->elements.end(), see);
  if (auto* logic = std::get_if<Logic>(&node)) std::for_each(logic->terms.begin(), logic->terms.end(), see);
  if (auto* map = std::get_if<MapLiteral>(&node)) {
    for (const auto& [key, value] : map->entries) see(key), see(value);
  }
  if (auto* conditional = std::get_if<Conditional>(&node)) {
    see(conditional->condition), see(conditional->yes), see(conditional->no);
  }
  if (auto* comprehension = std::get_if<Comprehension>(&node)) {
    see(comprehension->range), see(comprehension->filter), see(comprehension->body);
  }
  return depth;
}

ExprPtr Parser::Make(Node node, size_t offset) {
  size_t depth = DepthBelow(node) + 1;
  if (depth > kMaxExpressionDepth) return Fail(offset, TooDeepMessage());
  return std::make_unique<Expr>(Expr{.node = std::move(node), .offset = offset, .depth = depth});
}

ExprPtr Parser::Fail(size_t offset, std::string message) {
  if (!problem_) problem_ = Problem{.offset = offset, .message = std::move(message)};
  return nullptr;
}

ExprPtr Parser::Unexpected(std::string_view wanted) {
  if (token_.kind == Token::Kind::kError) return Fail(token_.offset, token_.text);
  if (token_.kind == Token::Kind::kEnd)
    return Fail(token_.offset, "the expression ends where " + std::string(wanted) + " should follow");
  return Fail(token_.offset, "unexpected " + std::string(text_.substr(token_.offset, token_.end - token_.offset)) +
                                 " where " + std::string(wanted) + " should stand");
}

bool Parser::Take(std::string_view symbol) {
  if (!token_.IsSymbol(symbol)) return false;
  Advance();
  return true;
}

bool Parser::Expect(std::string_view symbol, std::string_view what) {
  if (problem_) return false;
  if (Take(symbol)) return true;
  Unexpected(what);
  return false;
}

ExprPtr Parser::Expression() {
  Nesting nesting(*this);
  if (nesting.TooDeep()) return Fail(token_.offset, TooDeepMessage());
  ExprPtr condition = Binary(1);
  if (!condition || !token_.IsSymbol("?")) return condition;
  size_t offset = token_.offset;
  Advance();
  ExprPtr yes = Binary(1);
  if (!yes || !Expect(":", "the : of a ? b : c")) return nullptr;
  ExprPtr no = Expression();
  if (!no) return nullptr;
  return Make(Conditional{std::move(condition), std::move(yes), std::move(no)}, offset);
}

ExprPtr Parser::Binary(int least) {
  ExprPtr left = Unary();
  while (left) {
    int precedence = Precedence(token_);
    if (precedence == 0 || precedence < least) return left;
    Token op = token_;
    Advance();
    ExprPtr right = Binary(precedence + 1);
    if (!right) return nullptr;
    left = Join(op, std::move(left), std::move(right));
  }
  return nullptr;
}

ExprPtr Parser::Join(const Token& op, ExprPtr left, ExprPtr right) {
  if (op.text != "&&" && op.text != "||") {
    Call call{.function = OperatorName(op.text)};
    call.args.push_back(std::move(left));
    call.args.push_back(std::move(right));
    return Make(std::move(call), op.offset);
  }
  bool conjunction = op.text == "&&";
  auto* chain = std::get_if<Logic>(&left->node);
  if (chain != nullptr && chain->conjunction == conjunction) {
    left->depth = std::max(left->depth, right->depth + 1);
    if (left->depth > kMaxExpressionDepth) return Fail(op.offset, TooDeepMessage());
    chain->terms.push_back(std::move(right));
    return left;
  }
  Logic logic{.conjunction = conjunction};
  logic.terms.push_back(std::move(left));
  logic.terms.push_back(std::move(right));
  return Make(std::move(logic), op.offset);
}

ExprPtr Parser::Unary() {
  if (!token_.IsSymbol("!") && !token_.IsSymbol("-")) return Member();
  Nesting nesting(*this);
  if (nesting.TooDeep()) return Fail(token_.offset, TooDeepMessage());
  Token op = token_;
  Advance();
  if (op.text == "-" && token_.kind == Token::Kind::kInt) return Suffix(IntLiteral(true, op.offset));
  ExprPtr operand = Unary();
  if (!operand) return nullptr;
  Call call{.function = op.text == "!" ? "!_" : "-_"};
  call.args.push_back(std::move(operand));
  return Make(std::move(call), op.offset);
}

ExprPtr Parser::Member() { return Suffix(Primary()); }

ExprPtr Parser::Suffix(ExprPtr operand) {
  while (operand) {
    if (token_.IsSymbol(".")) {
      Advance();
      operand = Dot(std::move(operand));
    } else if (token_.IsSymbol("[")) {
      size_t offset = token_.offset;
      Advance();
      ExprPtr index = Expression();
      if (!index || !Expect("]", "the ] of an index")) return nullptr;
      Call call{.function = "_[_]"};
      call.args.push_back(std::move(operand));
      call.args.push_back(std::move(index));
      operand = Make(std::move(call), offset);
    } else if (token_.IsSymbol("{")) {
      return Fail(token_.offset, "there are no messages to construct; a map is written {'key': value}");
    } else {
      return operand;
    }
  }
  return nullptr;
}

ExprPtr Parser::Dot(ExprPtr operand) {
  if (token_.kind != Token::Kind::kName) return Unexpected("the name of a field or function");
  Token name = token_;
  if (!name.quoted && (name.text == "in" || name.text == "true" || name.text == "false" || name.text == "null")) {
    return Fail(name.offset, "a field named " + name.text + " is read with ['" + name.text + "']");
  }
  Advance();
  if (token_.IsSymbol("(") && !name.quoted) return CallOf(name.text, name.offset, std::move(operand));
  return Make(Select{.operand = std::move(operand), .field = name.text}, name.offset);
}

ExprPtr Parser::CallOf(std::string function, size_t offset, ExprPtr target) {
  Advance();  // the opening parenthesis
  bool member = target != nullptr;
  std::vector<ExprPtr> args;
  if (member) args.push_back(std::move(target));
  if (!Arguments(")", args)) return nullptr;
  auto node = ExpandMacro(function, member, std::move(args));
  if (!node) return Fail(offset, node.error().message);
  return Make(*std::move(node), offset);
}

bool Parser::Arguments(std::string_view close, std::vector<ExprPtr>& out) {
  while (!Take(close)) {
    ExprPtr argument = Expression();
    if (!argument) return false;
    out.push_back(std::move(argument));
    if (Take(",")) {
      if (close == ")" && token_.IsSymbol(")")) return Unexpected("an argument") != nullptr;
    } else if (!token_.IsSymbol(close)) {
      return Unexpected("a comma or " + std::string(close)) != nullptr;
    }
  }
  return true;
}

ExprPtr Parser::Primary() {
  size_t offset = token_.offset;
  switch (token_.kind) {
    case Token::Kind::kInt: return IntLiteral(false, offset);
    case Token::Kind::kLiteral: {
      Value value = token_.literal;
      Advance();
      return Make(Literal{std::move(value)}, offset);
    }
    case Token::Kind::kName: return ParseName(false);
    default: break;
  }
  if (Take(".")) return ParseName(true);
  if (Take("(")) {
    ExprPtr inner = Expression();
    return inner && Expect(")", "the closing )") ? std::move(inner) : nullptr;
  }
  if (Take("[")) return ListOf(offset);
  if (Take("{")) return MapOf(offset);
  return Unexpected("a value");
}

ExprPtr Parser::ParseName(bool global) {
  Token name = token_;
  if (name.kind != Token::Kind::kName || name.quoted) return Unexpected("a name");
  Advance();
  if (!global && (name.text == "true" || name.text == "false")) {
    return Make(Literal{Value::Bool(name.text == "true")}, name.offset);
  }
  if (!global && name.text == "null") return Make(Literal{Value::Null()}, name.offset);
  if (IsReservedWord(name.text)) return Fail(name.offset, name.text + " is a reserved word and names no variable");
  if (token_.IsSymbol("(")) return CallOf(name.text, name.offset, nullptr);
  return Make(Name{.name = name.text, .global = global}, name.offset);
}

ExprPtr Parser::IntLiteral(bool negative, size_t offset) {
  uint64_t magnitude = token_.magnitude;
  constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (magnitude > kMax + (negative ? 1 : 0)) {
    return Fail(offset, "the number does not fit an int; write " + std::to_string(magnitude) + "u for a uint");
  }
  Advance();
  return Make(Literal{Value::Int(static_cast<int64_t>(negative ? -magnitude : magnitude))}, offset);
}

ExprPtr Parser::ListOf(size_t offset) {
  ListLiteral list;
  if (!Arguments("]", list.elements)) return nullptr;
  return Make(std::move(list), offset);
}

ExprPtr Parser::MapOf(size_t offset) {
  MapLiteral map;
  while (!Take("}")) {
    ExprPtr key = Expression();
    if (!key || !Expect(":", "the : between a key and its value")) return nullptr;
    ExprPtr value = Expression();
    if (!value) return nullptr;
    map.entries.emplace_back(std::move(key), std::move(value));
    if (!Take(",") && !token_.IsSymbol("}")) return Unexpected("a comma or }");
  }
  return Make(std::move(map), offset);
}

}  // namespace

std::variant<ExprPtr, Problem> Parse(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return Problem{.offset = 0,
                   .message = "the expression is longer than " + std::to_string(kMaxExpressionBytes) + " bytes"};
  }
  if (!IsUtf8(text)) return Problem{.offset = 0, .message = "the text is not UTF-8"};
  return Parser(text).Run();
}

}  // namespace coreflow::cel
