#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/binder.h"
#include "pkg/json/value.h"

// Structs from JSON and back. A struct says its members once:
//
//   struct Retry {
//     int64_t limit = 0;
//     std::optional<std::string> when;
//     static constexpr auto Fields() {
//       return std::make_tuple(json::Field("limit", &Retry::limit, {.minimum = 0}), json::Field("when", &Retry::when));
//     }
//   };
//   Bound<Retry> bound = Bind<Retry>(value);        // bound.problems: ".limit: expected integer, got string"
//   Value back = ToJson(bound.value);
//
// Members may be bool, int64_t, double, std::string, Time, Value, an enum, a struct with Fields(), and std::vector,
// std::map<std::string, …> and std::optional of these. An enum names its constants in their order, beside it:
//
//   constexpr auto EnumNames(Stop) { return std::to_array<std::string_view>({"None", "Graceful"}); }
namespace coreflow::json {

// One member of a struct, its name in JSON and what must hold for it.
template <typename Struct, typename T>
struct Field {
  constexpr Field(const char* field_name, T Struct::*field_member, FieldRules field_rules = {})
      : name(field_name), member(field_member), rules(field_rules) {}

  const char* name;
  T Struct::*member;
  FieldRules rules;
};

template <typename T>
concept Struct = requires {
  T::Fields();
};
template <typename T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
  EnumNames(value);
};

// What was read, and everything that is wrong with it, in the order of the struct's fields. The value of a member
// with a problem is the struct's initial one.
template <typename T>
struct Bound {
  T value{};
  std::vector<Problem> problems;

  bool ok() const { return problems.empty(); }
};

// The name of a constant, as it stands in JSON. REQUIRES: value is one of the enum's constants.
template <NamedEnum T>
constexpr std::string_view EnumName(T value) {
  return EnumNames(value)[static_cast<size_t>(value)];
}

// Reads a struct. Null members count as absent; absent ones keep their initial values. `root` is put before each
// problem's path. Never fails otherwise; safe for input from anybody. Thread-safe.
template <Struct T>
Bound<T> Bind(const Value& value, UnknownFields unknown = UnknownFields::kIgnore, std::string root = "");

// Checks the rules of a struct's fields (lengths, numbers, sizes) wherever the struct came from. Bind does it too.
template <Struct T>
void CheckRules(const T& object, Binder& binder);

// Writes a struct: optionals without a value, null Values, empty lists and maps, structs that come out empty, and
// members with the rule omit_default at their initial value are left out, unless they are required.
template <Struct T>
Value ToJson(const T& object);

// ---------------------------------------------------------------------------------------------------------------

namespace internal {

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsMap : std::false_type {};
template <typename T>
struct IsMap<std::map<std::string, T>> : std::true_type {};
template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <Struct T>
void ReadStruct(const Value& value, T& out, Binder& binder);

template <typename T>
void Read(const Value& value, T& out, Binder& binder) {
  if constexpr (IsOptional<T>::value) {
    typename T::value_type inner{};
    size_t before = binder.ProblemCount();
    Read(value, inner, binder);
    if constexpr (Struct<typename T::value_type>) {
      if (value.IsObject()) out = std::move(inner);
    } else if (binder.ProblemCount() == before) {
      out = std::move(inner);
    }
  } else if constexpr (IsVector<T>::value) {
    if (!binder.Expect(value, value.IsArray(), "array")) return;
    for (size_t i = 0; i < value.AsArray().size(); ++i) {
      Binder::Scope scope(binder, i);
      Read(value.AsArray()[i], out.emplace_back(), binder);
    }
  } else if constexpr (IsMap<T>::value) {
    if (!binder.Expect(value, value.IsObject(), "object")) return;
    for (const auto& [key, element] : value.AsObject()) {
      Binder::Scope scope(binder, key);
      Read(element, out[key], binder);
    }
  } else if constexpr (Struct<T>) {
    ReadStruct(value, out, binder);
  } else if constexpr (NamedEnum<T>) {
    constexpr auto kNames = EnumNames(T{});
    if (auto index = binder.ReadEnum(value, kNames.data(), kNames.size())) out = static_cast<T>(*index);
  } else {
    binder.Read(value, out);
  }
}

template <typename T>
void Check(const T& value, const FieldRules& rules, Binder& binder) {
  if constexpr (IsOptional<T>::value) {
    if (value) Check(*value, rules, binder);
  } else if constexpr (IsVector<T>::value) {
    binder.CheckSize(value.size(), rules);
    for (size_t i = 0; i < value.size(); ++i) {
      Binder::Scope scope(binder, i);
      Check(value[i], rules, binder);
    }
  } else if constexpr (IsMap<T>::value) {
    for (const auto& [key, element] : value) {
      Binder::Scope scope(binder, key);
      Check(element, rules, binder);
    }
  } else if constexpr (Struct<T>) {
    CheckRules(value, binder);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, int64_t>) {
    binder.Check(value, rules);
  }
}

template <typename T>
Value Written(const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? Written(*value) : Value();
  } else if constexpr (IsVector<T>::value) {
    Array array;
    for (const auto& element : value) array.push_back(Written(element));
    return array;
  } else if constexpr (IsMap<T>::value) {
    Object object;
    for (const auto& [key, element] : value) object.emplace(key, Written(element));
    return object;
  } else if constexpr (Struct<T>) {
    return ToJson(value);
  } else if constexpr (NamedEnum<T>) {
    return EnumName(value);
  } else if constexpr (std::is_same_v<T, Time>) {
    return FormatTime(value);
  } else {
    return value;
  }
}

// Whether a written member says nothing: an empty optional, list, map or struct. An optional that holds an empty
// struct says that it is there.
template <typename T>
bool SaysNothing(const T& value, const Value& written) {
  if constexpr (IsVector<T>::value || IsMap<T>::value) return value.empty();
  if constexpr (Struct<T>) return written.Members().empty();
  return written.IsNull();
}

template <Struct T>
void ReadStruct(const Value& value, T& out, Binder& binder) {
  if (!binder.Expect(value, value.IsObject(), "object")) return;
  std::apply(
      [&](const auto&... field) {
        auto read = [&](const auto& one) {
          const Value& member = value[one.name];
          Binder::Scope scope(binder, one.name);
          if (member.IsNull()) {
            if (one.rules.required) binder.Report("required");
            return;
          }
          Read(member, out.*(one.member), binder);
        };
        (read(field), ...);
        if (binder.unknown() == UnknownFields::kProblem) binder.ReportUnknown(value, {field.name...});
      },
      T::Fields());
}

}  // namespace internal

template <Struct T>
Bound<T> Bind(const Value& value, UnknownFields unknown, std::string root) {
  Bound<T> bound;
  Binder binder(unknown, std::move(root));
  internal::ReadStruct(value, bound.value, binder);
  CheckRules(bound.value, binder);
  bound.problems = binder.Take();
  return bound;
}

template <Struct T>
void CheckRules(const T& object, Binder& binder) {
  const T initial{};
  std::apply(
      [&](const auto&... field) {
        auto check = [&](const auto& one) {
          if (one.rules.omit_default && object.*(one.member) == initial.*(one.member)) return;  // as good as absent
          Binder::Scope scope(binder, one.name);
          internal::Check(object.*(one.member), one.rules, binder);
        };
        (check(field), ...);
      },
      T::Fields());
}

template <Struct T>
Value ToJson(const T& object) {
  Object members;
  const T initial{};
  std::apply(
      [&](const auto&... field) {
        auto write = [&](const auto& one) {
          const auto& member = object.*(one.member);
          Value written = internal::Written(member);
          bool left_out =
              internal::SaysNothing(member, written) || (one.rules.omit_default && member == initial.*(one.member));
          if (one.rules.required || !left_out) members.emplace(one.name, std::move(written));
        };
        (write(field), ...);
      },
      T::Fields());
  return members;
}

}  // namespace coreflow::json
