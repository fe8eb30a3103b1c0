#include "pkg/cel/evaluator.h"

#include "pkg/cel/regex.h"
#include "pkg/cel/verdict.h"

namespace coreflow::cel {

namespace {

// Every error says where it arose, once: by whoever found it, not by the operators around.
Error At(Error error, const Expr& expr) {
  error.message += " (at offset " + std::to_string(expr.offset) + ")";
  return error;
}

std::string KindsOf(std::span<const Value> args) {
  std::string out;
  for (const Value& arg : args) out += (out.empty() ? "" : ", ") + arg.TypeName();
  return "(" + out + ")";
}

}  // namespace

Result<Value> Evaluator::Run(const Expr& expr) {
  auto value = Eval(expr);
  if (const Error* exceeded = meter_.exceeded()) return *exceeded;
  return value;
}

Result<Value> Evaluator::Eval(const Expr& expr) {
  TRY_VOID(meter_.Charge(1));
  return std::visit([&](const auto& node) { return EvalNode(expr, node); }, expr.node);
}

Result<Value> Evaluator::EvalNode(const Expr&, const Literal& literal) { return literal.value; }

Result<Value> Evaluator::EvalNode(const Expr& expr, const Name& name) {
  if (name.slot) return locals_[*name.slot];
  if (name.type_value) return *name.type_value;
  auto value = activation_.Find(name.name);
  if (!value) return At(Invalid("'" + name.name + "' has no value"), expr);
  return *std::move(value);
}

Result<Value> Evaluator::Field(const Value& operand, const std::string& field) {
  if (operand.Is(Value::Kind::kStruct)) {
    const Type::Field* declared = operand.AsStruct().type().Find(field);
    if (declared != nullptr) return operand.AsStruct().Field(declared->name);
  } else if (operand.Is(Value::Kind::kMap)) {
    if (const Value* value = operand.AsMap().Find(field)) return *value;
    return Invalid("the map has no key '" + field + "'");
  }
  return Invalid("a value of type " + operand.TypeName() + " has no field '" + field + "'");
}

Result<Value> Evaluator::Has(const Value& operand, const std::string& field) {
  if (operand.Is(Value::Kind::kMap)) return Value::Bool(operand.AsMap().Find(field) != nullptr);
  auto value = Field(operand, field);
  if (value) return Value::Bool(true);
  if (value.error().code == Code::kNotFound) return Value::Bool(false);
  return value.error();
}

Result<Value> Evaluator::EvalNode(const Expr& expr, const Select& select) {
  TRY(Value operand, Eval(*select.operand));
  auto value = select.has ? Has(operand, select.field) : Field(operand, select.field);
  return value ? value : At(value.error(), expr);
}

Result<Value> Evaluator::EvalNode(const Expr& expr, const Call& call) {
  std::vector<Value> args;
  args.reserve(call.args.size());
  for (const ExprPtr& arg : call.args) {
    TRY(Value value, Eval(*arg));
    if (value.Is(Value::Kind::kString)) TRY_VOID(meter_.ChargeBytes(value.AsString().size()));
    if (value.Is(Value::Kind::kBytes)) TRY_VOID(meter_.ChargeBytes(value.AsBytes().size()));
    args.push_back(std::move(value));
  }
  auto result = Dispatch(call, args);
  return result ? result : At(result.error(), expr);
}

Result<Value> Evaluator::Dispatch(const Call& call, std::span<const Value> args) {
  if (call.regex && args[0].Is(Value::Kind::kString)) return MatchRegex(context_, *call.regex, args[0].AsString());
  for (const Overload* overload : call.overloads) {
    if (overload->Takes(args)) return overload->run(context_, args);
  }
  if (call.function == "_[_]" && args[0].Is(Value::Kind::kStruct) && args[1].Is(Value::Kind::kString)) {
    return Field(args[0], args[1].AsString());
  }
  return Invalid(DisplayName(call.function) + " does not take " + KindsOf(args));
}

Result<Value> Evaluator::EvalNode(const Expr&, const ListLiteral& list) {
  Value::Elements elements;
  elements.reserve(list.elements.size());
  for (const ExprPtr& element : list.elements) {
    TRY(Value value, Eval(*element));
    elements.push_back(std::move(value));
  }
  return Value::List(std::move(elements));
}

Result<Value> Evaluator::EvalNode(const Expr& expr, const MapLiteral& map) {
  Value::Entries entries;
  entries.reserve(map.entries.size());
  for (const auto& [key, value] : map.entries) {
    TRY(Value k, Eval(*key));
    TRY(Value v, Eval(*value));
    entries.emplace_back(std::move(k), std::move(v));
  }
  auto result = Value::Map(std::move(entries));
  return result ? result : At(result.error(), expr);
}

Result<bool> Evaluator::EvalBool(const Expr& expr) {
  TRY(Value value, Eval(expr));
  if (!value.Is(Value::Kind::kBool)) return At(Invalid("a bool is needed, not " + value.TypeName()), expr);
  return value.AsBool();
}

Result<Value> Evaluator::EvalNode(const Expr&, const Logic& logic) {
  Verdict verdict(logic.conjunction);
  for (const ExprPtr& term : logic.terms) {
    if (verdict.Add(EvalBool(*term)) || meter_.exceeded()) break;
  }
  return verdict.Get();
}

Result<Value> Evaluator::EvalNode(const Expr&, const Conditional& conditional) {
  TRY(bool condition, EvalBool(*conditional.condition));
  return Eval(condition ? *conditional.yes : *conditional.no);
}

}  // namespace coreflow::cel
