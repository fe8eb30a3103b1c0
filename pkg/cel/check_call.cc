#include <algorithm>

#include "pkg/base/closest.h"
#include "pkg/cel/checker.h"
#include "pkg/cel/list_names.h"
#include "pkg/cel/regex.h"
#include "pkg/cel/unify.h"

namespace coreflow::cel {

namespace {

std::string TypeList(const std::vector<Type>& types, size_t from = 0) {
  std::string out;
  for (size_t i = from; i < types.size(); ++i) out += (i > from ? ", " : "") + types[i].ToString();
  return "(" + out + ")";
}

bool AllNumbersButMixed(const std::vector<Type>& types) {
  return types.size() == 2 && types[0].IsNumber() && types[1].IsNumber() && !(types[0] == types[1]);
}

}  // namespace

Type Checker::CheckNode(Expr& expr, Call& call) {
  std::vector<Type> types;
  for (size_t i = 0; i < call.args.size(); ++i) {
    types.push_back(Check(*call.args[i]));
    if (i == 0 && call.function == "_[_]" && types[0].Is(Type::Kind::kStruct)) {
      return CheckStructIndex(expr, call, types[0]);
    }
  }
  Type result = ResolveOverloads(expr, call, types);
  if (call.function == "matches" && call.args.size() == 2) CompilePattern(call);
  return result;
}

// steps['word-count'] is another way to write a select.
Type Checker::CheckStructIndex(Expr& expr, Call& call, const Type& type) {
  auto* literal = std::get_if<Literal>(&call.args[1]->node);
  if (literal == nullptr || !literal->value.Is(Value::Kind::kString)) {
    Check(*call.args[1]);
    Report(call.args[1]->offset, "the fields of " + type.name() + " are read by constant names: .name or ['name']");
    call.overloads.clear();
    return Type::Dyn();
  }
  Select select{.operand = std::move(call.args[0]), .field = literal->value.AsString()};
  expr.offset = call.args[1]->offset;
  Type field = SelectFrom(*select.operand, type, select.field, expr.offset);
  expr.node = std::move(select);
  return field;
}

Type Checker::ResolveOverloads(const Expr& expr, Call& call, const std::vector<Type>& types) {
  const std::vector<Overload>& all = Functions::Standard().Find(call.function);
  std::optional<Type> result;
  bool is_static = false;
  for (const Overload& overload : all) {
    if (overload.member != call.member || overload.parameters.size() != types.size()) continue;
    TypeBindings bindings;
    bool fits = true;
    for (size_t i = 0; fits && i < types.size(); ++i) fits = Bind(overload.parameters[i], types[i], bindings);
    if (!fits && strict_) continue;
    call.overloads.push_back(&overload);
    is_static |= !overload.dynamic_only;
    Type type = Substitute(overload.result, bindings);
    result = result && !(*result == type) ? Type::Dyn() : type;
  }
  if (strict_ && !is_static) {
    call.overloads.clear();
    ReportNoOverload(expr, call, types);
    return Type::Dyn();
  }
  return result.value_or(Type::Dyn());
}

void Checker::ReportNoOverload(const Expr& expr, const Call& call, const std::vector<Type>& types) {
  const std::vector<Overload>& all = Functions::Standard().Find(call.function);
  std::vector<std::string> signatures;
  for (const Overload& overload : all) {
    if (overload.member != call.member || overload.dynamic_only) continue;
    signatures.push_back(overload.member ? overload.parameters[0].ToString() + "." + call.function +
                                               TypeList(overload.parameters, 1)
                                         : TypeList(overload.parameters));
  }
  if (signatures.empty()) return ReportUnknownFunction(expr, call);
  if (call.function == "_==_" || call.function == "_!=_") {
    return Report(expr.offset, types[0].ToString() + " and " + types[1].ToString() +
                                   " are never equal; convert one of them, for example with " +
                                   (types[0].IsNumber() ? "int(…), double(…)" : "string(…)") + " or dyn(…)");
  }
  std::string given = call.member ? types[0].ToString() + "." + call.function + TypeList(types, 1)
                                  : DisplayName(call.function) + " with " + TypeList(types);
  std::string message = "there is no " + given;
  if (AllNumbersButMixed(types)) {
    message += "; convert one side with int(…), uint(…) or double(…)";
  } else {
    std::vector<std::string_view> views(signatures.begin(), signatures.end());
    message += "; it takes " + ListNames(views);
  }
  Report(expr.offset, std::move(message));
}

void Checker::ReportUnknownFunction(const Expr& expr, const Call& call) {
  const std::vector<Overload>& other_style = Functions::Standard().Find(call.function);
  if (!other_style.empty()) {
    return Report(expr.offset, call.member ? call.function + " is no method; write " + call.function + "(x)"
                                           : call.function + " is a method; write x." + call.function + "(…)");
  }
  std::string message = "unknown function '" + call.function + "'";
  std::vector<std::string_view> names;
  for (std::string_view name : Functions::Standard().Names()) {
    if (!IsOperator(name)) names.push_back(name);
  }
  for (const char* macro : {"has", "all", "exists", "exists_one", "map", "filter"}) names.push_back(macro);
  if (auto closest = Closest(call.function, names)) {
    message += *closest == call.function
                   ? "; it takes a variable and an expression: list." + std::string(*closest) + "(x, …)"
                   : "; did you mean " + std::string(*closest) + "?";
  }
  Report(expr.offset, std::move(message));
}

void Checker::CompilePattern(Call& call) {
  auto* literal = std::get_if<Literal>(&call.args[1]->node);
  if (literal == nullptr || !literal->value.Is(Value::Kind::kString)) return;
  auto regex = Regex::Compile(literal->value.AsString());
  if (regex) {
    call.regex = *std::move(regex);
  } else {
    Report(call.args[1]->offset, regex.error().message);
  }
}

}  // namespace coreflow::cel
