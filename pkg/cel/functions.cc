#include "pkg/cel/functions.h"

namespace coreflow::cel {

namespace {

bool KindsAgree(Type::Kind type, Value::Kind value) {
  switch (type) {
    case Type::Kind::kDyn:
    case Type::Kind::kParameter: return true;
    case Type::Kind::kNull: return value == Value::Kind::kNull;
    case Type::Kind::kBool: return value == Value::Kind::kBool;
    case Type::Kind::kInt: return value == Value::Kind::kInt;
    case Type::Kind::kUint: return value == Value::Kind::kUint;
    case Type::Kind::kDouble: return value == Value::Kind::kDouble;
    case Type::Kind::kString: return value == Value::Kind::kString;
    case Type::Kind::kBytes: return value == Value::Kind::kBytes;
    case Type::Kind::kDuration: return value == Value::Kind::kDuration;
    case Type::Kind::kTimestamp: return value == Value::Kind::kTimestamp;
    case Type::Kind::kType: return value == Value::Kind::kType;
    case Type::Kind::kQuantity: return value == Value::Kind::kQuantity;
    case Type::Kind::kList: return value == Value::Kind::kList;
    case Type::Kind::kMap: return value == Value::Kind::kMap;
    case Type::Kind::kStruct: return value == Value::Kind::kStruct;
  }
  return false;
}

}  // namespace

bool IsOperator(std::string_view function) { return function.find_first_of("+-*/%<>=!?[@") != std::string_view::npos; }

std::string DisplayName(std::string_view function) {
  if (!IsOperator(function)) return std::string(function) + "()";
  std::string name(function);
  std::erase_if(name, [](char c) { return c == '_' || c == '@'; });
  return name;
}

bool Overload::Takes(std::span<const Value> args) const {
  if (args.size() != parameters.size()) return false;
  for (size_t i = 0; i < args.size(); ++i) {
    if (!KindsAgree(parameters[i].kind(), args[i].kind())) return false;
  }
  return true;
}

Functions::Functions() {
  AddArithmetic(*this);
  AddComparisons(*this);
  AddContainers(*this);
  AddConversions(*this);
  AddStrings(*this);
  AddStringExtension(*this);
  AddFormat(*this);
  AddRegex(*this);
  AddTimes(*this);
  AddLists(*this);
  AddQuantities(*this);
}

const Functions& Functions::Standard() {
  static const Functions* const kStandard = new Functions();  // never destroyed: programs of any lifetime point into it
  return *kStandard;
}

const std::vector<Overload>& Functions::Find(std::string_view name) const {
  static const std::vector<Overload> kNone;
  auto it = overloads_.find(name);
  return it == overloads_.end() ? kNone : it->second;
}

std::vector<std::string_view> Functions::Names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, overloads] : overloads_) names.push_back(name);
  return names;
}

void Functions::Function(std::string name, std::vector<Type> parameters, Type result, Implementation run) {
  overloads_[name].push_back(
      {.function = name, .parameters = std::move(parameters), .result = std::move(result), .run = run});
}

void Functions::Member(std::string name, std::vector<Type> parameters, Type result, Implementation run) {
  overloads_[name].push_back(
      {.function = name, .member = true, .parameters = std::move(parameters), .result = std::move(result), .run = run});
}

void Functions::Dynamic(std::string name, std::vector<Type> parameters, Type result, Implementation run) {
  overloads_[name].push_back({.function = name,
                              .parameters = std::move(parameters),
                              .result = std::move(result),
                              .run = run,
                              .dynamic_only = true});
}

}  // namespace coreflow::cel
