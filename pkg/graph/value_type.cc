#include "pkg/graph/value_type.h"

#include <cmath>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::graph {

namespace {

// At most 60 characters of a value, for messages.
std::string Short(const json::Value& value) {
  std::string text = json::Write(value);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

bool IsWhole(double number) { return number == std::floor(number) && std::abs(number) < 9.2e18; }

}  // namespace

const char* TypeName(ValueType type) {
  switch (type) {
    case ValueType::kString: return "String";
    case ValueType::kInteger: return "Integer";
    case ValueType::kNumber: return "Number";
    case ValueType::kBoolean: return "Boolean";
    case ValueType::kArray: return "Array";
    case ValueType::kObject: return "Object";
  }
  return "String";
}

Result<json::Value> Conform(const json::Value& value, ValueType type) {
  switch (type) {
    case ValueType::kString:
      if (value.IsString()) return value;
      break;
    case ValueType::kInteger:
      if (value.IsInt()) return value;
      if (value.IsDouble() && IsWhole(value.AsDouble())) return json::Value(static_cast<int64_t>(value.AsDouble()));
      break;
    case ValueType::kNumber:
      if (value.IsNumber()) return value;
      break;
    case ValueType::kBoolean:
      if (value.IsBool()) return value;
      break;
    case ValueType::kArray:
      if (value.IsArray()) return value;
      break;
    case ValueType::kObject:
      if (value.IsObject()) return value;
      break;
  }
  return Error{.code = Code::kInvalid,
               .message = std::string("expected ") + TypeName(type) + ", got " + value.TypeName() + " " + Short(value)};
}

Result<json::Value> ParseText(std::string_view text, ValueType type) {
  if (type == ValueType::kString) return json::Value(text);
  auto value = json::Parse(text);
  if (!value) {
    return Error{.code = Code::kInvalid,
                 .message = std::string("expected ") + TypeName(type) + ", got the text " + Short(json::Value(text))};
  }
  return Conform(*value, type);
}

std::string ToText(const json::Value& value) { return value.IsString() ? value.AsString() : json::Write(value); }

}  // namespace coreflow::graph
