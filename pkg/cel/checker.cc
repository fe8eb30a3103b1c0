#include "pkg/cel/checker.h"

#include <algorithm>

#include "pkg/cel/unify.h"

namespace coreflow::cel {

namespace {

Type TypeOf(const Value& value) {
  using enum Value::Kind;
  switch (value.kind()) {
    case kNull: return Type::Null();
    case kBool: return Type::Bool();
    case kInt: return Type::Int();
    case kUint: return Type::Uint();
    case kDouble: return Type::Double();
    case kString: return Type::String();
    case kBytes: return Type::Bytes();
    default: return Type::Dyn();  // no other kind can be written as a literal
  }
}

bool CanBeKey(const Type& type) {
  using enum Type::Kind;
  return type.IsDyn() || type.Is(kBool) || type.Is(kInt) || type.Is(kUint) || type.Is(kString);
}

const char* MacroName(Comprehension::Macro macro) {
  using enum Comprehension::Macro;
  switch (macro) {
    case kAll: return "all()";
    case kExists: return "exists()";
    case kExistsOne: return "exists_one()";
    case kMap: return "map()";
    case kFilter: return "filter()";
  }
  return "";
}

}  // namespace

Type Checker::Check(Expr& expr) {
  return std::visit([&](auto& node) { return CheckNode(expr, node); }, expr.node);
}

void Checker::Want(const Type& wanted, const Type& type) {
  if (!Agree(wanted, type))
    Report(0, "this must be " + wanted.ToString() + ", but the expression gives " + type.ToString());
}

std::vector<Problem> Checker::TakeProblems() {
  auto before = [](const Problem& a, const Problem& b) { return a.offset < b.offset; };
  std::stable_sort(problems_.begin(), problems_.end(), before);
  problems_.erase(std::unique(problems_.begin(), problems_.end()), problems_.end());
  return std::move(problems_);
}

void Checker::Report(size_t offset, std::string message) {
  constexpr size_t kMost = 50;
  if (strict_ && problems_.size() < kMost) problems_.push_back({.offset = offset, .message = std::move(message)});
}

void Checker::WantBool(Expr& expr, const char* where) {
  Type type = Check(expr);
  if (!Agree(type, Type::Bool())) {
    Report(expr.offset, std::string(where) + " needs a bool, but this is " + type.ToString());
  }
}

Type Checker::CheckNode(Expr&, Literal& literal) { return TypeOf(literal.value); }

Type Checker::CheckNode(Expr&, ListLiteral& list) {
  if (list.elements.empty()) return Type::List(Type::Dyn());
  Type element = Check(*list.elements[0]);
  for (size_t i = 1; i < list.elements.size(); ++i) element = Join(element, Check(*list.elements[i]));
  return Type::List(element);
}

Type Checker::CheckNode(Expr&, MapLiteral& map) {
  std::optional<Type> key_type, value_type;
  for (auto& [key, value] : map.entries) {
    Type k = Check(*key);
    if (!CanBeKey(k)) Report(key->offset, "a key of a map must be bool, int, uint or string, not " + k.ToString());
    Type v = Check(*value);
    key_type = key_type ? Join(*key_type, k) : k;
    value_type = value_type ? Join(*value_type, v) : v;
  }
  Type key = key_type.value_or(Type::Dyn());
  return Type::Map(CanBeKey(key) ? key : Type::Dyn(), value_type.value_or(Type::Dyn()));
}

Type Checker::CheckNode(Expr&, Logic& logic) {
  for (ExprPtr& term : logic.terms) WantBool(*term, logic.conjunction ? "&&" : "||");
  return Type::Bool();
}

Type Checker::CheckNode(Expr& expr, Conditional& conditional) {
  WantBool(*conditional.condition, "the condition before ?");
  Type yes = Check(*conditional.yes);
  Type no = Check(*conditional.no);
  if (!Agree(yes, no)) {
    Report(expr.offset, "both results of ? : must have the same type, not " + yes.ToString() + " and " + no.ToString() +
                            "; dyn(…) around one of them allows it");
  }
  return Join(yes, no);
}

Type Checker::CheckNode(Expr&, Comprehension& comprehension) {
  using enum Comprehension::Macro;
  Type range = Check(*comprehension.range);
  const char* name = MacroName(comprehension.macro);
  if (!range.IsDyn() && !range.Is(Type::Kind::kList) && !range.Is(Type::Kind::kMap)) {
    Report(comprehension.range->offset,
           std::string(name) + " goes over a list or the keys of a map, but this is " + range.ToString());
  }
  Type element = range.Is(Type::Kind::kMap) ? range.key() : range.element();
  comprehension.slot = locals_.size();
  locals_.push_back({.name = comprehension.variable, .type = element});
  if (comprehension.filter) WantBool(*comprehension.filter, "the filter of map()");
  Type result = Type::Bool();
  if (comprehension.macro == kMap) {
    result = Type::List(Check(*comprehension.body));
  } else {
    WantBool(*comprehension.body, name);
    if (comprehension.macro == kFilter) result = Type::List(element);
  }
  locals_.pop_back();
  return result;
}

}  // namespace coreflow::cel
