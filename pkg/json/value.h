#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coreflow::json {

// A JSON value that never changes once it is built. Copies share their children, so passing one by value is cheap
// and safe between threads. Build containers as Array and Object, then move them into a Value:
//
//   Object pod;
//   pod["kind"] = "Pod";
//   Value value = std::move(pod);
//
// Members of an object are kept in the order of their names. An integer literal that fits is an int64_t; any other
// number is a double. 1 and 1.0 are different values here; SameNumber() and the digest treat them alike.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::map<std::string, Value, std::less<>>;

  Value() = default;                                                                 // null
  Value(std::nullptr_t) {}                                                           // NOLINT: implicit on purpose
  Value(bool value) : state_(value) {}                                               // NOLINT: implicit on purpose
  Value(int value) : state_(int64_t{value}) {}                                       // NOLINT: implicit on purpose
  Value(int64_t value) : state_(value) {}                                            // NOLINT: implicit on purpose
  Value(double value) : state_(value) {}                                             // NOLINT: implicit on purpose
  Value(const char* value) : state_(std::string(value)) {}                           // NOLINT: implicit on purpose
  Value(std::string_view value) : state_(std::string(value)) {}                      // NOLINT: implicit on purpose
  Value(std::string value) : state_(std::move(value)) {}                             // NOLINT: implicit on purpose
  Value(Array value) : state_(std::make_shared<const Array>(std::move(value))) {}    // NOLINT: implicit on purpose
  Value(Object value) : state_(std::make_shared<const Object>(std::move(value))) {}  // NOLINT: implicit on purpose

  bool IsNull() const { return std::holds_alternative<std::monostate>(state_); }
  bool IsBool() const { return std::holds_alternative<bool>(state_); }
  bool IsInt() const { return std::holds_alternative<int64_t>(state_); }
  bool IsDouble() const { return std::holds_alternative<double>(state_); }
  bool IsNumber() const { return IsInt() || IsDouble(); }
  bool IsString() const { return std::holds_alternative<std::string>(state_); }
  bool IsArray() const { return std::holds_alternative<std::shared_ptr<const Array>>(state_); }
  bool IsObject() const { return std::holds_alternative<std::shared_ptr<const Object>>(state_); }

  // "null", "boolean", "integer", "number", "string", "array" or "object", for messages.
  const char* TypeName() const;

  // REQUIRES: the value has that type.
  bool AsBool() const { return std::get<bool>(state_); }
  int64_t AsInt() const { return std::get<int64_t>(state_); }
  double AsDouble() const { return IsInt() ? static_cast<double>(AsInt()) : std::get<double>(state_); }
  const std::string& AsString() const { return std::get<std::string>(state_); }
  const Array& AsArray() const { return *std::get<std::shared_ptr<const Array>>(state_); }
  const Object& AsObject() const { return *std::get<std::shared_ptr<const Object>>(state_); }

  // The member of that name, or null (the JSON value) when there is none or this is no object. Chains without
  // checks: pod["status"]["phase"].
  const Value& operator[](std::string_view name) const;
  // The member, or nullptr. Tells an absent member from one that is null.
  const Value* Find(std::string_view name) const;

  // The value, or the given one when this has another type.
  std::string StringOr(std::string_view fallback) const;
  int64_t IntOr(int64_t fallback) const;
  bool BoolOr(bool fallback) const;

  // Elements or members; empty for every other type. For range-for over what may not be there.
  const Array& Elements() const;
  const Object& Members() const;

  // Exact equality: same types, 1 differs from 1.0.
  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      state_;
};

using Array = Value::Array;
using Object = Value::Object;

// Prints compact JSON; GoogleTest shows values with it.
void PrintTo(const Value& value, std::ostream* out);

}  // namespace coreflow::json
