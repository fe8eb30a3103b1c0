#include <algorithm>

#include "pkg/cel/compare.h"
#include "pkg/cel/functions.h"

namespace coreflow::cel {

// Kubernetes' list library: isSorted, sum, min, max, indexOf, lastIndexOf.
namespace {

using Args = std::span<const Value>;

Result<Value> AddValues(const Value& a, const Value& b) {
  int64_t sum = 0;
  uint64_t unsigned_sum = 0;
  switch (a.kind() == b.kind() ? a.kind() : Value::Kind::kNull) {
    case Value::Kind::kInt:
      if (__builtin_add_overflow(a.AsInt(), b.AsInt(), &sum)) return Invalid("the sum does not fit int");
      return Value::Int(sum);
    case Value::Kind::kUint:
      if (__builtin_add_overflow(a.AsUint(), b.AsUint(), &unsigned_sum)) return Invalid("the sum does not fit uint");
      return Value::Uint(unsigned_sum);
    case Value::Kind::kDouble: return Value::Double(a.AsDouble() + b.AsDouble());
    case Value::Kind::kDuration:
      if (__builtin_add_overflow(a.AsDuration().count(), b.AsDuration().count(), &sum)) {
        return Invalid("the sum does not fit duration");
      }
      return Value::Duration(std::chrono::nanoseconds(sum));
    default:
      return Invalid("sum() needs numbers or durations of one type, not " + a.TypeName() + " and " + b.TypeName());
  }
}

Result<Value> SumOf(const CallContext& context, const Value::Elements& list, Value zero) {
  if (list.empty()) return zero;
  // An int among doubles is a double that JSON wrote without a fraction.
  auto is_double = [](const Value& value) { return value.Is(Value::Kind::kDouble); };
  bool as_double = std::any_of(list.begin(), list.end(), is_double);
  auto element = [&](const Value& value) {
    bool widen = as_double && value.Is(Value::Kind::kInt);
    return widen ? Value::Double(static_cast<double>(value.AsInt())) : value;
  };
  TRY_VOID(context.meter.Charge(list.size()));
  Value sum = element(list[0]);
  if (list.size() == 1) return AddValues(sum, sum) ? Result<Value>(sum) : AddValues(sum, Value::Null());
  for (size_t i = 1; i < list.size(); ++i) {
    TRY(sum, AddValues(sum, element(list[i])));
  }
  return sum;
}

Result<Value> SumInts(const CallContext& context, Args args) { return SumOf(context, args[0].AsList(), Value::Int(0)); }
Result<Value> SumUints(const CallContext& context, Args args) {
  return SumOf(context, args[0].AsList(), Value::Uint(0));
}
Result<Value> SumDoubles(const CallContext& context, Args args) {
  return SumOf(context, args[0].AsList(), Value::Double(0));
}
Result<Value> SumDurations(const CallContext& context, Args args) {
  return SumOf(context, args[0].AsList(), Value::Duration(std::chrono::nanoseconds(0)));
}

Error NoOrder(const Value& a, const Value& b) {
  return Invalid("there is no order between " + a.TypeName() + " and " + b.TypeName());
}

template <bool (*kBetter)(std::partial_ordering)>
Result<Value> Extreme(const CallContext& context, Args args) {
  const Value::Elements& list = args[0].AsList();
  if (list.empty()) return Invalid("an empty list has no least and no greatest element");
  Value best = list[0];
  for (const Value& element : list) {
    TRY_VOID(context.meter.Charge(1));
    auto order = Compare(element, best);
    if (!order) return NoOrder(element, best);
    if (kBetter(*order)) best = element;
  }
  return best;
}

Result<Value> IsSorted(const CallContext& context, Args args) {
  const Value::Elements& list = args[0].AsList();
  for (size_t i = 1; i < list.size(); ++i) {
    TRY_VOID(context.meter.Charge(1));
    auto order = Compare(list[i - 1], list[i]);
    if (!order) return NoOrder(list[i - 1], list[i]);
    if (*order > 0) return Value::Bool(false);
  }
  return Value::Bool(true);
}

Result<Value> IndexOf(const CallContext& context, Args args) {
  const Value::Elements& list = args[0].AsList();
  for (size_t i = 0; i < list.size(); ++i) {
    TRY(bool equal, Equal(list[i], args[1], context.meter));
    if (equal) return Value::Int(static_cast<int64_t>(i));
  }
  return Value::Int(-1);
}

Result<Value> LastIndexOf(const CallContext& context, Args args) {
  const Value::Elements& list = args[0].AsList();
  for (size_t i = list.size(); i > 0; --i) {
    TRY(bool equal, Equal(list[i - 1], args[1], context.meter));
    if (equal) return Value::Int(static_cast<int64_t>(i - 1));
  }
  return Value::Int(-1);
}

}  // namespace

void AddLists(Functions& f) {
  const Type a = Type::Parameter("A");
  f.Member("sum", {Type::List(Type::Int())}, Type::Int(), SumInts);
  f.Member("sum", {Type::List(Type::Uint())}, Type::Uint(), SumUints);
  f.Member("sum", {Type::List(Type::Double())}, Type::Double(), SumDoubles);
  f.Member("sum", {Type::List(Type::Duration())}, Type::Duration(), SumDurations);
  for (const Type& type : {Type::Bool(), Type::Int(), Type::Uint(), Type::Double(), Type::String(), Type::Bytes(),
                           Type::Duration(), Type::Timestamp()}) {
    f.Member("min", {Type::List(type)}, type, Extreme<std::is_lt>);
    f.Member("max", {Type::List(type)}, type, Extreme<std::is_gt>);
    f.Member("isSorted", {Type::List(type)}, Type::Bool(), IsSorted);
  }
  f.Member("indexOf", {Type::List(a), a}, Type::Int(), IndexOf);
  f.Member("lastIndexOf", {Type::List(a), a}, Type::Int(), LastIndexOf);
}

}  // namespace coreflow::cel
