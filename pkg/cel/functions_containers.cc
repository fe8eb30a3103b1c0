#include <cmath>
#include <optional>

#include "pkg/cel/compare.h"
#include "pkg/cel/functions.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;

Result<Value> ElementAt(const Value::Elements& list, std::optional<uint64_t> index, const std::string& written) {
  if (index && *index < list.size()) return list[*index];
  return Invalid("index " + written + " is outside the list, which has " + std::to_string(list.size()) +
                 (list.size() == 1 ? " element" : " elements"));
}

Result<Value> AtInt(const CallContext&, Args args) {
  int64_t index = args[1].AsInt();
  return ElementAt(args[0].AsList(), index < 0 ? std::nullopt : std::optional<uint64_t>(index), std::to_string(index));
}

Result<Value> AtUint(const CallContext&, Args args) {
  return ElementAt(args[0].AsList(), args[1].AsUint(), std::to_string(args[1].AsUint()));
}

Result<Value> AtDouble(const CallContext&, Args args) {
  double index = args[1].AsDouble();
  if (!(index >= 0 && index < 9e15 && index == std::floor(index))) {
    return Invalid("the index of a list must be a whole number");
  }
  return ElementAt(args[0].AsList(), static_cast<uint64_t>(index), std::to_string(static_cast<uint64_t>(index)));
}

std::string KeyText(const Value& key) {
  switch (key.kind()) {
    case Value::Kind::kString: return "'" + key.AsString() + "'";
    case Value::Kind::kInt: return std::to_string(key.AsInt());
    case Value::Kind::kUint: return std::to_string(key.AsUint()) + "u";
    case Value::Kind::kBool: return key.AsBool() ? "true" : "false";
    default: return "of type " + key.TypeName();
  }
}

Result<Value> AtKey(const CallContext&, Args args) {
  const Value* value = args[0].AsMap().Find(args[1]);
  if (value == nullptr) return Invalid("the map has no key " + KeyText(args[1]));
  return *value;
}

Result<Value> InList(const CallContext& context, Args args) {
  for (const Value& element : args[1].AsList()) {
    TRY(bool equal, Equal(args[0], element, context.meter));
    if (equal) return Value::Bool(true);
  }
  return Value::Bool(false);
}

Result<Value> InMap(const CallContext&, Args args) { return Value::Bool(args[1].AsMap().Find(args[0]) != nullptr); }

Result<Value> SizeOfString(const CallContext&, Args args) {
  return Value::Int(static_cast<int64_t>(CountCodePoints(args[0].AsString())));
}
Result<Value> SizeOfBytes(const CallContext&, Args args) {
  return Value::Int(static_cast<int64_t>(args[0].AsBytes().size()));
}
Result<Value> SizeOfList(const CallContext&, Args args) {
  return Value::Int(static_cast<int64_t>(args[0].AsList().size()));
}
Result<Value> SizeOfMap(const CallContext&, Args args) {
  return Value::Int(static_cast<int64_t>(args[0].AsMap().size()));
}

}  // namespace

void AddContainers(Functions& f) {
  const Type a = Type::Parameter("A"), b = Type::Parameter("B");
  const Type list = Type::List(a), map = Type::Map(a, b);
  f.Function("_[_]", {list, Type::Int()}, a, AtInt);
  f.Dynamic("_[_]", {list, Type::Uint()}, a, AtUint);
  f.Dynamic("_[_]", {list, Type::Double()}, a, AtDouble);
  f.Function("_[_]", {map, a}, b, AtKey);
  f.Function("@in", {a, list}, Type::Bool(), InList);
  f.Function("@in", {a, map}, Type::Bool(), InMap);
  auto size = [&](const Type& type, Implementation run) {
    f.Function("size", {type}, Type::Int(), run);
    f.Member("size", {type}, Type::Int(), run);
  };
  size(Type::String(), SizeOfString);
  size(Type::Bytes(), SizeOfBytes);
  size(list, SizeOfList);
  size(map, SizeOfMap);
}

}  // namespace coreflow::cel
