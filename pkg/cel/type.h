#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cel {

// A static type of the expression language. Cheap to copy, immutable, thread-safe. `dyn` stands for "not known before
// evaluation" and agrees with every type.
class Type {
 public:
  enum class Kind {
    kDyn,
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
    kParameter,  // a type variable; in the signatures of functions only
  };

  struct Field;

  Type() = default;  // dyn
  static Type Dyn() { return Type(Kind::kDyn); }
  static Type Null() { return Type(Kind::kNull); }
  static Type Bool() { return Type(Kind::kBool); }
  static Type Int() { return Type(Kind::kInt); }
  static Type Uint() { return Type(Kind::kUint); }
  static Type Double() { return Type(Kind::kDouble); }
  static Type String() { return Type(Kind::kString); }
  static Type Bytes() { return Type(Kind::kBytes); }
  static Type Duration() { return Type(Kind::kDuration); }
  static Type Timestamp() { return Type(Kind::kTimestamp); }
  static Type TypeType() { return Type(Kind::kType); }  // the type of `int` or of `type(x)`
  static Type Quantity() { return Type(Kind::kQuantity); }
  static Type List(Type element);
  static Type Map(Type key, Type value);
  // A closed set of named fields. `name` is for messages and tells structs apart: two structs of one name count as the
  // same type. Later fields of a name that was used before are dropped.
  static Type Struct(std::string name, std::vector<Field> fields);
  static Type Parameter(std::string name);

  Kind kind() const { return kind_; }
  bool Is(Kind kind) const { return kind_ == kind; }
  bool IsDyn() const { return kind_ == Kind::kDyn; }
  bool IsNumber() const { return kind_ == Kind::kInt || kind_ == Kind::kUint || kind_ == Kind::kDouble; }

  // The element type of a list, the value type of a map; dyn for every other type.
  const Type& element() const;
  // The key type of a map; dyn for every other type.
  const Type& key() const;
  // The name of a struct or type parameter; empty for every other type.
  const std::string& name() const;
  // The fields of a struct, by name; empty for every other type.
  const std::vector<Field>& fields() const;
  // The field of that name or alias, or nullptr.
  const Field* Find(std::string_view name_or_alias) const;

  // As people write it: "int", "list(string)", "map(string, dyn)", the name of a struct.
  std::string ToString() const;

  // Structural; structs by name.
  bool operator==(const Type& other) const;

 private:
  struct Details;

  explicit Type(Kind kind) : kind_(kind) {}
  Type(Kind kind, std::shared_ptr<const Details> details) : kind_(kind), details_(std::move(details)) {}

  Kind kind_ = Kind::kDyn;
  std::shared_ptr<const Details> details_;  // null for a type without parts
};

// A field of a struct.
struct Type::Field {
  std::string name;
  Type type;
  // Another spelling, accepted where the field is named by a string: with name `word_count` and alias `word-count`,
  // both steps.word_count and steps['word-count'] read the field. References always give `name`. Empty for none.
  std::string alias{};
};

void PrintTo(const Type& type, std::ostream* out);

}  // namespace coreflow::cel
