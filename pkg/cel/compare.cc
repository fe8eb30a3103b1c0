#include "pkg/cel/compare.h"

namespace coreflow::cel {

namespace {

double AsDouble(const Value& value) {
  if (value.Is(Value::Kind::kInt)) return static_cast<double>(value.AsInt());
  if (value.Is(Value::Kind::kUint)) return static_cast<double>(value.AsUint());
  return value.AsDouble();
}

// Next to a double, an integer counts as the nearest double; the specification's tests want it so.
std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  using enum Value::Kind;
  if (a.Is(kDouble) || b.Is(kDouble)) return AsDouble(a) <=> AsDouble(b);
  if (a.Is(kInt) && b.Is(kInt)) return a.AsInt() <=> b.AsInt();
  if (a.Is(kUint) && b.Is(kUint)) return a.AsUint() <=> b.AsUint();
  if (a.Is(kUint)) return 0 <=> CompareNumbers(b, a);
  if (a.AsInt() < 0) return std::partial_ordering::less;
  return static_cast<uint64_t>(a.AsInt()) <=> b.AsUint();
}

int KeyRank(const Value& key) { return key.Is(Value::Kind::kBool) ? 0 : key.IsNumber() ? 1 : 2; }

Result<bool> EqualLists(const Value::Elements& a, const Value::Elements& b, Meter& meter) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    TRY(bool equal, Equal(a[i], b[i], meter));
    if (!equal) return false;
  }
  return true;
}

Result<bool> EqualMaps(const Map& a, const Map& b, Meter& meter) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.entries()) {
    const Value* other = b.Find(key);
    if (other == nullptr) return false;
    TRY(bool equal, Equal(value, *other, meter));
    if (!equal) return false;
  }
  return true;
}

Result<bool> EqualStructs(const Struct& a, const Struct& b, Meter& meter) {
  if (&a == &b) return true;
  if (!(a.type() == b.type())) return false;
  for (const Type::Field& field : a.type().fields()) {
    auto left = a.Field(field.name);
    auto right = b.Field(field.name);
    if (!left && left.error().code != Code::kNotFound) return left.error();
    if (!right && right.error().code != Code::kNotFound) return right.error();
    if (left.has_value() != right.has_value()) return false;
    if (!left) continue;
    TRY(bool equal, Equal(*left, *right, meter));
    if (!equal) return false;
  }
  return a.SameRest(b);
}

}  // namespace

Result<bool> Equal(const Value& a, const Value& b, Meter& meter) {
  using enum Value::Kind;
  TRY_VOID(meter.Charge(1));
  if (a.IsNumber() && b.IsNumber()) return CompareNumbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case kString: {
      TRY_VOID(meter.ChargeBytes(std::min(a.AsString().size(), b.AsString().size())));
      return a.AsString() == b.AsString();
    }
    case kBytes: {
      TRY_VOID(meter.ChargeBytes(std::min(a.AsBytes().size(), b.AsBytes().size())));
      return a.AsBytes() == b.AsBytes();
    }
    case kList: return EqualLists(a.AsList(), b.AsList(), meter);
    case kMap: return EqualMaps(a.AsMap(), b.AsMap(), meter);
    case kStruct: return EqualStructs(a.AsStruct(), b.AsStruct(), meter);
    default: return a == b;
  }
}

std::optional<std::partial_ordering> Compare(const Value& a, const Value& b) {
  using enum Value::Kind;
  if (a.IsNumber() && b.IsNumber()) return CompareNumbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case kBool: return a.AsBool() <=> b.AsBool();
    case kString: return a.AsString() <=> b.AsString();
    case kBytes: return a.AsBytes() <=> b.AsBytes();
    case kDuration: return a.AsDuration() <=> b.AsDuration();
    case kTimestamp: return a.AsTimestamp() <=> b.AsTimestamp();
    case kQuantity: return a.AsQuantity().Compare(b.AsQuantity()) <=> 0;
    default: return std::nullopt;
  }
}

bool KeyLess(const Value& a, const Value& b) {
  if (KeyRank(a) != KeyRank(b)) return KeyRank(a) < KeyRank(b);
  auto order = Compare(a, b);
  CHECK(order.has_value(), "keys of one rank are ordered");
  return *order < 0;
}

}  // namespace coreflow::cel
