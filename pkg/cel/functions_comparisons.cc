#include "pkg/cel/compare.h"
#include "pkg/cel/functions.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;

Result<Value> Equals(const CallContext& context, Args args) {
  TRY(bool equal, Equal(args[0], args[1], context.meter));
  return Value::Bool(equal);
}

Result<Value> Differs(const CallContext& context, Args args) {
  TRY(bool equal, Equal(args[0], args[1], context.meter));
  return Value::Bool(!equal);
}

Result<Value> Not(const CallContext&, Args args) { return Value::Bool(!args[0].AsBool()); }

template <bool (*kHolds)(std::partial_ordering)>
Result<Value> Ordered(const CallContext&, Args args) {
  auto order = Compare(args[0], args[1]);
  CHECK(order.has_value(), "the overloads name only kinds that have an order");
  return Value::Bool(kHolds(*order));
}

}  // namespace

void AddComparisons(Functions& f) {
  const Type any = Type::Parameter("A");
  const Type truth = Type::Bool();
  f.Function("_==_", {any, any}, truth, Equals);
  f.Function("_!=_", {any, any}, truth, Differs);
  f.Function("!_", {truth}, truth, Not);

  const Type numbers[] = {Type::Int(), Type::Uint(), Type::Double()};
  const Type others[] = {Type::Bool(),     Type::String(),    Type::Bytes(),
                         Type::Duration(), Type::Timestamp(), Type::Quantity()};
  auto ordering = [&](const char* name, Implementation run) {
    for (const Type& a : numbers) {
      for (const Type& b : numbers) f.Function(name, {a, b}, truth, run);
    }
    for (const Type& type : others) f.Function(name, {type, type}, truth, run);
  };
  ordering("_<_", Ordered<std::is_lt>);
  ordering("_<=_", Ordered<std::is_lteq>);
  ordering("_>_", Ordered<std::is_gt>);
  ordering("_>=_", Ordered<std::is_gteq>);
}

}  // namespace coreflow::cel
