#include "pkg/schema/rule_values.h"

#include "pkg/base/check.h"
#include "pkg/cel/json.h"
#include "pkg/schema/rule_types.h"
#include "pkg/schema/unchanged.h"

namespace coreflow::schema {

namespace {

class ObjectStruct : public cel::Struct {
 public:
  ObjectStruct(json::Value object, const RuleTypes& types) : object_(std::move(object)), types_(types) {}

  const cel::Type& type() const override { return types_.type; }

  Result<cel::Value> Field(std::string_view name) const override {
    auto field = types_.fields.find(name);
    CHECK(field != types_.fields.end(), "rules are checked against the type");
    const json::Value* member = object_.Find(field->second.name);
    if (member == nullptr) return Error{Code::kNotFound, "no such key: " + std::string(name)};
    return ToRuleValue(*member, *field->second.node);
  }

  // Fields that rules cannot see count when objects are compared.
  bool SameRest(const cel::Struct& other) const override {
    const auto* object = dynamic_cast<const ObjectStruct*>(&other);
    if (object == nullptr || object_.AsObject().size() != object->object_.AsObject().size()) return false;
    for (const auto& [name, member] : object_.AsObject()) {
      if (types_.Declares(name)) continue;
      const json::Value* theirs = object->object_.Find(name);
      if (theirs == nullptr || !Unchanged(member, *theirs)) return false;
    }
    return true;
  }

 private:
  const json::Value object_;
  const RuleTypes& types_;
};

Result<cel::Value> ToList(const json::Array& array, const Node& items) {
  cel::Value::Elements elements;
  elements.reserve(array.size());
  for (const json::Value& element : array) {
    TRY(cel::Value value, ToRuleValue(element, items));
    elements.push_back(std::move(value));
  }
  return cel::Value::List(std::move(elements));
}

Result<cel::Value> ToMap(const json::Object& object, const Node& members) {
  std::map<std::string, cel::Value> entries;
  for (const auto& [name, member] : object) {
    TRY(cel::Value value, ToRuleValue(member, members));
    entries.emplace(name, std::move(value));
  }
  return cel::Value::StringMap(std::move(entries));
}

// Dates have no time of the day, which timestamps need.
Result<cel::Value> ToText(const json::Value& value, const Node& node) {
  if (node.format == "date" && value.IsString()) {
    return cel::FromJson(value.AsString() + "T00:00:00Z", cel::Type::Timestamp());
  }
  return cel::FromJson(value, node.rule_types->type);
}

}  // namespace

Result<cel::Value> ToRuleValue(const json::Value& value, const Node& node) {
  CHECK(node.rule_types != nullptr, "rules see only what has a type");
  const cel::Type& type = node.rule_types->type;
  if (value.IsNull()) return cel::Value::Null();
  if (type.Is(cel::Type::Kind::kStruct) && value.IsObject()) {
    return cel::Value::Struct(std::make_shared<const ObjectStruct>(value, *node.rule_types));
  }
  if (type.Is(cel::Type::Kind::kList) && value.IsArray()) return ToList(value.AsArray(), *node.items);
  if (type.Is(cel::Type::Kind::kMap) && value.IsObject()) return ToMap(value.AsObject(), *node.additional);
  return ToText(value, node);
}

}  // namespace coreflow::schema
