#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cel/quantity.h"
#include "pkg/cel/type.h"

namespace coreflow::cel {

class Value;

// A point in time as CEL has it: years 1 to 9999, nanoseconds. 0 <= nanos < 10^9.
struct Timestamp {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  int32_t nanos = 0;

  auto operator<=>(const Timestamp&) const = default;
};

// A value with named fields that are computed only when they are read, such as `steps.x.outputs`. Implementations must
// be immutable and thread-safe, and Field() must give the same answer each time within one evaluation.
class Struct {
 public:
  virtual ~Struct() = default;

  // A struct type that lists every field.
  virtual const Type& type() const = 0;

  // The field's value. kNotFound when it is not set: has() is then false and reading it is an error with that message.
  // Any other error is the error of reading it. Only called with names of type(), never with an alias.
  virtual Result<Value> Field(std::string_view name) const = 0;

  // Whether what the type does not say is equal too, for == of two structs of one type whose fields are equal.
  virtual bool SameRest(const Struct&) const { return true; }
};

// A map: keys are bool, int, uint or string; 1 and 1u are the same key. Immutable. Entries are in the order of their
// keys (bools, then numbers, then strings), so that everything computed from a map is deterministic.
class Map;

// A value of the expression language. Immutable; copies share their content, so passing one by value is cheap and safe
// between threads.
class Value {
 public:
  // In the order of the alternatives of State below.
  enum class Kind {
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kDuration,
    kTimestamp,
    kType,
    kQuantity,
    kList,
    kMap,
    kStruct,
  };
  using Elements = std::vector<Value>;
  using Entries = std::vector<std::pair<Value, Value>>;

  Value() = default;  // null
  static Value Null() { return Value(); }
  static Value Bool(bool value) { return Value(State(std::in_place_type<bool>, value)); }
  static Value Int(int64_t value) { return Value(State(std::in_place_type<int64_t>, value)); }
  static Value Uint(uint64_t value) { return Value(State(std::in_place_type<uint64_t>, value)); }
  static Value Double(double value) { return Value(State(std::in_place_type<double>, value)); }
  // UTF-8; every byte sequence that is not is replaced by U+FFFD.
  static Value String(std::string_view text);
  static Value Bytes(std::string bytes);
  static Value Duration(std::chrono::nanoseconds value);
  // REQUIRES: within the years 1 to 9999.
  static Value Timestamp(cel::Timestamp value) { return Value(State(std::in_place_type<cel::Timestamp>, value)); }
  static Value Timestamp(Time time);
  // The value that stands for a type in expressions: "int", "list", "google.protobuf.Timestamp".
  static Value TypeNamed(std::string name);
  static Value Quantity(cel::Quantity value);
  static Value List(Elements elements);
  // kInvalid when a key is of another type than a map's may be, or stands twice.
  static Result<Value> Map(Entries entries);
  // Where two keys meet once bad bytes are replaced, the first stays.
  static Value StringMap(std::map<std::string, Value> entries);
  // REQUIRES: value is not null.
  static Value Struct(std::shared_ptr<const cel::Struct> value);

  Kind kind() const { return static_cast<Kind>(state_.index()); }
  bool Is(Kind kind) const { return this->kind() == kind; }
  bool IsNull() const { return Is(Kind::kNull); }
  bool IsNumber() const { return Is(Kind::kInt) || Is(Kind::kUint) || Is(Kind::kDouble); }

  // REQUIRES: the value is of that kind.
  bool AsBool() const { return Get<bool>(); }
  int64_t AsInt() const { return Get<int64_t>(); }
  uint64_t AsUint() const { return Get<uint64_t>(); }
  double AsDouble() const { return Get<double>(); }
  const std::string& AsString() const { return *Get<SharedText<Kind::kString>>().text; }
  const std::string& AsBytes() const { return *Get<SharedText<Kind::kBytes>>().text; }
  std::chrono::nanoseconds AsDuration() const { return Get<std::chrono::nanoseconds>(); }
  cel::Timestamp AsTimestamp() const { return Get<cel::Timestamp>(); }
  const std::string& AsTypeName() const { return *Get<SharedText<Kind::kType>>().text; }
  const cel::Quantity& AsQuantity() const { return *Get<std::shared_ptr<const cel::Quantity>>(); }
  const Elements& AsList() const { return *Get<std::shared_ptr<const Elements>>(); }
  const cel::Map& AsMap() const { return *Get<std::shared_ptr<const cel::Map>>(); }
  const cel::Struct& AsStruct() const { return *Get<std::shared_ptr<const cel::Struct>>(); }

  // The name of the value's type as `type(x)` gives it: "int", "string", "null_type", the name of a struct.
  std::string TypeName() const;

  // Same kind and same content; 1 differs from 1u, NaN from NaN; structs are compared by identity. For tests and
  // callers that look for changes; the operator == of the language is in compare.h.
  bool operator==(const Value& other) const;

 private:
  template <Kind>
  struct SharedText {  // the kind tells strings, bytes and type names apart
    std::shared_ptr<const std::string> text;
  };
  using State =
      std::variant<std::monostate, bool, int64_t, uint64_t, double, SharedText<Kind::kString>, SharedText<Kind::kBytes>,
                   std::chrono::nanoseconds, cel::Timestamp, SharedText<Kind::kType>,
                   std::shared_ptr<const cel::Quantity>, std::shared_ptr<const Elements>,
                   std::shared_ptr<const cel::Map>, std::shared_ptr<const cel::Struct>>;

  explicit Value(State state) : state_(std::move(state)) {}
  template <typename T>
  const T& Get() const {
    const T* held = std::get_if<T>(&state_);
    CHECK(held != nullptr, "a value is read as the kind that it is of");
    return *held;
  }

  State state_;
};

class Map {
 public:
  const Value::Entries& entries() const { return entries_; }
  size_t size() const { return entries_.size(); }

  // The value under an equal key (1, 1u and 1.0 are equal), or nullptr. O(log size).
  const Value* Find(const Value& key) const;
  const Value* Find(std::string_view key) const;

 private:
  friend class Value;
  explicit Map(Value::Entries sorted) : entries_(std::move(sorted)) {}
  const Value::Entries entries_;
};

// Prints the value as it would be written in an expression; GoogleTest shows values with it.
void PrintTo(const Value& value, std::ostream* out);

}  // namespace coreflow::cel
