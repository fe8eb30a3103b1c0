#include "pkg/cel/functions.h"

namespace coreflow::cel {

// Kubernetes' quantity library.
namespace {

using Args = std::span<const Value>;

Result<Value> ToQuantity(const CallContext&, Args args) {
  auto quantity = Quantity::Parse(args[0].AsString());
  if (!quantity) return Invalid("'" + args[0].AsString().substr(0, 60) + "' is no quantity such as 500m or 2Gi");
  return Value::Quantity(*quantity);
}

Result<Value> IsQuantity(const CallContext&, Args args) {
  return Value::Bool(Quantity::Parse(args[0].AsString()).has_value());
}

Result<Value> Sign(const CallContext&, Args args) { return Value::Int(args[0].AsQuantity().Sign()); }

int Order(Args args) { return args[0].AsQuantity().Compare(args[1].AsQuantity()); }
Result<Value> CompareTo(const CallContext&, Args args) { return Value::Int(Order(args)); }
Result<Value> IsLessThan(const CallContext&, Args args) { return Value::Bool(Order(args) < 0); }
Result<Value> IsGreaterThan(const CallContext&, Args args) { return Value::Bool(Order(args) > 0); }

Quantity Second(Args args) { return args[1].Is(Value::Kind::kInt) ? Quantity(args[1].AsInt()) : args[1].AsQuantity(); }
Result<Value> Add(const CallContext&, Args args) { return Value::Quantity(args[0].AsQuantity().Add(Second(args))); }
Result<Value> Subtract(const CallContext&, Args args) {
  return Value::Quantity(args[0].AsQuantity().Subtract(Second(args)));
}

Result<Value> IsInteger(const CallContext&, Args args) {
  return Value::Bool(args[0].AsQuantity().AsInteger().has_value());
}
Result<Value> AsInteger(const CallContext&, Args args) {
  auto integer = args[0].AsQuantity().AsInteger();
  if (!integer) return Invalid("the quantity " + args[0].AsQuantity().ToString() + " is no whole number");
  return Value::Int(*integer);
}
Result<Value> AsApproximateFloat(const CallContext&, Args args) {
  return Value::Double(args[0].AsQuantity().AsApproximateFloat());
}

}  // namespace

void AddQuantities(Functions& f) {
  const Type q = Type::Quantity(), i = Type::Int(), s = Type::String();
  f.Function("quantity", {s}, q, ToQuantity);
  f.Function("isQuantity", {s}, Type::Bool(), IsQuantity);
  f.Member("sign", {q}, i, Sign);
  f.Member("compareTo", {q, q}, i, CompareTo);
  f.Member("isLessThan", {q, q}, Type::Bool(), IsLessThan);
  f.Member("isGreaterThan", {q, q}, Type::Bool(), IsGreaterThan);
  f.Member("add", {q, q}, q, Add);
  f.Member("add", {q, i}, q, Add);
  f.Member("sub", {q, q}, q, Subtract);
  f.Member("sub", {q, i}, q, Subtract);
  f.Member("isInteger", {q}, Type::Bool(), IsInteger);
  f.Member("asInteger", {q}, i, AsInteger);
  f.Member("asApproximateFloat", {q}, Type::Double(), AsApproximateFloat);
}

}  // namespace coreflow::cel
