#include "pkg/cel/evaluator.h"

namespace coreflow::cel {

namespace {

bool KindFits(Value::Kind value, Type::Kind type) {
  switch (value) {
    case Value::Kind::kNull:
      return type == Type::Kind::kNull || type == Type::Kind::kStruct || type == Type::Kind::kDuration ||
             type == Type::Kind::kTimestamp;
    case Value::Kind::kBool: return type == Type::Kind::kBool;
    case Value::Kind::kInt: return type == Type::Kind::kInt;
    case Value::Kind::kUint: return type == Type::Kind::kUint;
    case Value::Kind::kDouble: return type == Type::Kind::kDouble;
    case Value::Kind::kString: return type == Type::Kind::kString;
    case Value::Kind::kBytes: return type == Type::Kind::kBytes;
    case Value::Kind::kDuration: return type == Type::Kind::kDuration;
    case Value::Kind::kTimestamp: return type == Type::Kind::kTimestamp;
    case Value::Kind::kType: return type == Type::Kind::kType;
    case Value::Kind::kQuantity: return type == Type::Kind::kQuantity;
    case Value::Kind::kList: return type == Type::Kind::kList;
    case Value::Kind::kMap: return type == Type::Kind::kMap;
    case Value::Kind::kStruct: return type == Type::Kind::kStruct;
  }
  return false;
}

}  // namespace

Result<void> Fits(const Value& value, const Type& type, Meter& meter) {
  if (type.IsDyn()) return {};
  TRY_VOID(meter.Charge(1));
  bool fits = KindFits(value.kind(), type.kind());
  if (fits && value.Is(Value::Kind::kStruct)) fits = value.AsStruct().type() == type;
  if (!fits) return Invalid("expected " + type.ToString() + ", but the expression gave " + value.TypeName());
  if (value.Is(Value::Kind::kList) && !type.element().IsDyn()) {
    for (const Value& element : value.AsList()) TRY_VOID(Fits(element, type.element(), meter));
  }
  if (value.Is(Value::Kind::kMap)) {
    for (const auto& [key, entry] : value.AsMap().entries()) {
      TRY_VOID(Fits(key, type.key(), meter));
      TRY_VOID(Fits(entry, type.element(), meter));
    }
  }
  return {};
}

}  // namespace coreflow::cel
