#include "pkg/json/value.h"

namespace coreflow::json {

namespace {
const Value kNull;
const Array kNoElements;
const Object kNoMembers;
}  // namespace

const char* Value::TypeName() const {
  constexpr const char* kNames[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return kNames[state_.index()];
}

const Value& Value::operator[](std::string_view name) const {
  const Value* member = Find(name);
  return member ? *member : kNull;
}

const Value* Value::Find(std::string_view name) const {
  if (!IsObject()) return nullptr;
  auto it = AsObject().find(name);
  return it == AsObject().end() ? nullptr : &it->second;
}

std::string Value::StringOr(std::string_view fallback) const { return IsString() ? AsString() : std::string(fallback); }
int64_t Value::IntOr(int64_t fallback) const { return IsInt() ? AsInt() : fallback; }
bool Value::BoolOr(bool fallback) const { return IsBool() ? AsBool() : fallback; }
const Array& Value::Elements() const { return IsArray() ? AsArray() : kNoElements; }
const Object& Value::Members() const { return IsObject() ? AsObject() : kNoMembers; }

bool Value::operator==(const Value& other) const {
  if (state_.index() != other.state_.index()) return false;
  // Copies share their children, so that most of what is compared is the very same.
  if (IsArray()) return &AsArray() == &other.AsArray() || AsArray() == other.AsArray();
  if (IsObject()) return &AsObject() == &other.AsObject() || AsObject() == other.AsObject();
  return state_ == other.state_;
}

}  // namespace coreflow::json
