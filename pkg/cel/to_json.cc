#include <cmath>
#include <limits>

#include "pkg/base/base64.h"
#include "pkg/cel/json.h"
#include "pkg/cel/time_text.h"

namespace coreflow::cel {

namespace {

std::string KeyText(const Value& key) {
  if (key.Is(Value::Kind::kBool)) return key.AsBool() ? "true" : "false";
  if (key.Is(Value::Kind::kInt)) return std::to_string(key.AsInt());
  if (key.Is(Value::Kind::kUint)) return std::to_string(key.AsUint());
  return key.AsString();
}

// As protobuf's JSON mapping writes what JSON numbers cannot say.
json::Value OfDouble(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

json::Value OfUint(uint64_t number) {
  if (number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return static_cast<int64_t>(number);
  return std::to_string(number);
}

Result<json::Value> OfList(const Value::Elements& list) {
  json::Array array;
  array.reserve(list.size());
  for (const Value& element : list) {
    TRY(json::Value json, ToJson(element));
    array.push_back(std::move(json));
  }
  return json::Value(std::move(array));
}

Result<json::Value> OfMap(const Map& map) {
  json::Object object;
  for (const auto& [key, value] : map.entries()) {
    TRY(json::Value json, ToJson(value));
    if (!object.emplace(KeyText(key), std::move(json)).second) {
      return Error{Code::kInvalid, "two keys of the map are both '" + KeyText(key) + "' in JSON"};
    }
  }
  return json::Value(std::move(object));
}

Result<json::Value> OfStruct(const Struct& fields) {
  json::Object object;
  for (const Type::Field& field : fields.type().fields()) {
    auto value = fields.Field(field.name);
    if (!value && value.error().code == Code::kNotFound) continue;
    if (!value) return value.error();
    TRY(json::Value json, ToJson(*value));
    object.emplace(field.name, std::move(json));
  }
  return json::Value(std::move(object));
}

}  // namespace

Result<json::Value> ToJson(const Value& value) {
  using enum Value::Kind;
  switch (value.kind()) {
    case kNull: return json::Value();
    case kBool: return json::Value(value.AsBool());
    case kInt: return json::Value(value.AsInt());
    case kUint: return OfUint(value.AsUint());
    case kDouble: return OfDouble(value.AsDouble());
    case kString: return json::Value(value.AsString());
    case kBytes: return json::Value(EncodeBase64(value.AsBytes()));
    case kDuration: return json::Value(FormatDuration(value.AsDuration()));
    case kTimestamp: return json::Value(FormatTimestamp(value.AsTimestamp()));
    case kType: return Error{Code::kInvalid, "a type (" + value.AsTypeName() + ") has no JSON form"};
    case kQuantity: return json::Value(value.AsQuantity().ToString());
    case kList: return OfList(value.AsList());
    case kMap: return OfMap(value.AsMap());
    case kStruct: return OfStruct(value.AsStruct());
  }
  return json::Value();
}

}  // namespace coreflow::cel
