#include <cmath>

#include "pkg/base/base64.h"
#include "pkg/cel/json.h"
#include "pkg/cel/time_text.h"

namespace coreflow::cel {

namespace {

Error Misfit(const std::string& path, const Type& type, const json::Value& value) {
  return Error{Code::kInvalid,
               (path.empty() ? "" : path + ": ") + "expected " + type.ToString() + ", got " + value.TypeName()};
}

Error NotA(const std::string& path, const Type& type, const std::string& text) {
  return Error{Code::kInvalid,
               (path.empty() ? "" : path + ": ") + "'" + text.substr(0, 60) + "' is no " + type.ToString()};
}

// An object whose fields were converted when it was made, so that reading one cannot fail.
class JsonStruct : public Struct {
 public:
  JsonStruct(Type type, std::map<std::string, Value, std::less<>> fields)
      : type_(std::move(type)), fields_(std::move(fields)) {}

  const Type& type() const override { return type_; }

  Result<Value> Field(std::string_view name) const override {
    auto it = fields_.find(name);
    if (it == fields_.end()) return Error{Code::kNotFound, "'" + std::string(name) + "' is not set"};
    return it->second;
  }

 private:
  const Type type_;
  const std::map<std::string, Value, std::less<>> fields_;
};

Result<Value> Convert(const json::Value& value, const Type& type, const std::string& path);

Result<Value> ConvertNumber(const json::Value& value, const Type& type, const std::string& path) {
  if (type.Is(Type::Kind::kDouble)) return Value::Double(value.AsDouble());
  if (value.IsDouble()) {
    double number = value.AsDouble();
    bool whole = number == std::floor(number) && std::abs(number) < 9007199254740992.0;  // every one of them is exact
    if (!whole) return Misfit(path, type, value);
    return ConvertNumber(static_cast<int64_t>(number), type, path);
  }
  if (type.Is(Type::Kind::kInt)) return Value::Int(value.AsInt());
  if (value.AsInt() < 0) return Misfit(path, type, value);
  return Value::Uint(static_cast<uint64_t>(value.AsInt()));
}

Result<Value> ConvertText(const std::string& text, const Type& type, const std::string& path) {
  if (type.Is(Type::Kind::kString)) return Value::String(text);
  if (type.Is(Type::Kind::kBytes)) {
    if (auto bytes = DecodeBase64(text)) return Value::Bytes(*std::move(bytes));
  } else if (type.Is(Type::Kind::kTimestamp)) {
    if (auto time = ParseTimestamp(text)) return Value::Timestamp(*time);
  } else if (type.Is(Type::Kind::kDuration)) {
    if (auto duration = ParseDuration(text)) return Value::Duration(*duration);
  } else if (type.Is(Type::Kind::kQuantity)) {
    if (auto quantity = Quantity::Parse(text)) return Value::Quantity(*quantity);
  }
  return NotA(path, type, text);
}

Result<Value> ConvertArray(const json::Array& array, const Type& type, const std::string& path) {
  Value::Elements elements;
  elements.reserve(array.size());
  for (size_t i = 0; i < array.size(); ++i) {
    TRY(Value element, Convert(array[i], type.element(), path + "[" + std::to_string(i) + "]"));
    elements.push_back(std::move(element));
  }
  return Value::List(std::move(elements));
}

Result<Value> ConvertObject(const json::Object& object, const Type& type, const std::string& path) {
  std::map<std::string, Value> entries;
  for (const auto& [name, member] : object) {
    TRY(Value value, Convert(member, type.element(), path + "." + name));
    entries.emplace(name, std::move(value));
  }
  return Value::StringMap(std::move(entries));
}

Result<Value> ConvertStruct(const json::Value& object, const Type& type, const std::string& path) {
  std::map<std::string, Value, std::less<>> fields;
  for (const Type::Field& field : type.fields()) {
    const json::Value* member = object.Find(field.name);
    if (member == nullptr && !field.alias.empty()) member = object.Find(field.alias);
    if (member == nullptr || member->IsNull()) continue;
    TRY(Value value, Convert(*member, field.type, path + "." + field.name));
    fields.emplace(field.name, std::move(value));
  }
  return Value::Struct(std::make_shared<const JsonStruct>(type, std::move(fields)));
}

Result<Value> Convert(const json::Value& value, const Type& type, const std::string& path) {
  using enum Type::Kind;
  switch (type.kind()) {
    case kDyn:
    case kParameter: return FromJson(value);
    case kNull: return value.IsNull() ? Result<Value>(Value::Null()) : Misfit(path, type, value);
    case kBool: return value.IsBool() ? Result<Value>(Value::Bool(value.AsBool())) : Misfit(path, type, value);
    case kInt:
    case kUint:
    case kDouble: return value.IsNumber() ? ConvertNumber(value, type, path) : Misfit(path, type, value);
    case kString:
    case kBytes:
    case kDuration:
    case kTimestamp:
    case kQuantity: return value.IsString() ? ConvertText(value.AsString(), type, path) : Misfit(path, type, value);
    case kList: return value.IsArray() ? ConvertArray(value.AsArray(), type, path) : Misfit(path, type, value);
    case kMap:
      // JSON has names only; a map with other keys has no JSON form to come from.
      if (!value.IsObject() || !(type.key().IsDyn() || type.key().Is(kString))) return Misfit(path, type, value);
      return ConvertObject(value.AsObject(), type, path);
    case kStruct: return value.IsObject() ? ConvertStruct(value, type, path) : Misfit(path, type, value);
    case kType: return Misfit(path, type, value);
  }
  return Misfit(path, type, value);
}

}  // namespace

Value FromJson(const json::Value& value) {
  if (value.IsBool()) return Value::Bool(value.AsBool());
  if (value.IsInt()) return Value::Int(value.AsInt());
  if (value.IsDouble()) return Value::Double(value.AsDouble());
  if (value.IsString()) return Value::String(value.AsString());
  if (value.IsArray()) {
    Value::Elements elements;
    elements.reserve(value.AsArray().size());
    for (const json::Value& element : value.AsArray()) elements.push_back(FromJson(element));
    return Value::List(std::move(elements));
  }
  if (value.IsObject()) {
    std::map<std::string, Value> entries;
    for (const auto& [name, member] : value.AsObject()) entries.emplace(name, FromJson(member));
    return Value::StringMap(std::move(entries));
  }
  return Value::Null();
}

Result<Value> FromJson(const json::Value& value, const Type& type) { return Convert(value, type, ""); }

}  // namespace coreflow::cel
