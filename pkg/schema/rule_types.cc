#include "pkg/schema/rule_types.h"

#include <algorithm>

#include "pkg/schema/rule_names.h"

namespace coreflow::schema {

namespace {

cel::Type StringType(const std::string& format) {
  if (format == "byte") return cel::Type::Bytes();
  if (format == "duration") return cel::Type::Duration();
  if (format == "date" || format == "date-time") return cel::Type::Timestamp();
  return cel::Type::String();
}

}  // namespace

bool RuleTypes::Declares(std::string_view name) const {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.second.name == name; });
}

void RuleTyper::Visit(const Node& node, const std::string& path, bool resource) {
  if (node.rule_types != nullptr) return;
  VisitChildren(node, path);
  auto types = std::make_shared<RuleTypes>();
  auto type = TypeOf(node, path, resource, *types);
  if (!type) return;
  types->type = *type;
  owner_(&node).rule_types = std::move(types);
}

void RuleTyper::VisitChildren(const Node& node, const std::string& path) {
  for (const auto& [name, child] : node.properties) {
    std::string below = path + ".";
    Visit(*child, below += name, child->embedded_resource);
  }
  if (node.additional != nullptr) Visit(*node.additional, path + "{}", node.additional->embedded_resource);
  if (node.items != nullptr) Visit(*node.items, path + "[]", node.items->embedded_resource);
}

std::optional<cel::Type> RuleTyper::TypeOf(const Node& node, const std::string& path, bool resource, RuleTypes& types) {
  if (node.int_or_string) return cel::Type::Dyn();
  switch (node.type) {
    case Type::kAny: return resource ? std::optional(StructOf(node, path, resource, types)) : std::nullopt;
    case Type::kBoolean: return cel::Type::Bool();
    case Type::kInteger: return cel::Type::Int();
    case Type::kNumber: return cel::Type::Double();
    case Type::kString: return StringType(node.format);
    case Type::kArray:
      if (node.items == nullptr || node.items->rule_types == nullptr) return std::nullopt;
      return cel::Type::List(node.items->rule_types->type);
    case Type::kObject:
      if (node.additional == nullptr) return StructOf(node, path, resource, types);
      if (node.additional->rule_types == nullptr) return std::nullopt;
      return cel::Type::Map(cel::Type::String(), node.additional->rule_types->type);
  }
  return std::nullopt;
}

std::map<std::string, const Node*, std::less<>> RuleTyper::FieldsOf(const Node& node, bool resource) {
  auto fields = node.properties;
  if (!resource) return fields;
  auto make = [&](Node made, const std::string& path) {
    const Node& added = nodes_.all.emplace_back(std::move(made));
    auto types = std::make_shared<RuleTypes>();
    types->type = *TypeOf(added, path, false, *types);
    nodes_.all.back().rule_types = std::move(types);
    return &added;
  };
  const Node* text = make({.type = Type::kString}, "");
  fields["apiVersion"] = fields["kind"] = text;
  fields["metadata"] =
      make({.type = Type::kObject, .properties = {{"name", text}, {"generateName", text}}}, "object metadata");
  return fields;
}

cel::Type RuleTyper::StructOf(const Node& node, const std::string& path, bool resource, RuleTypes& types) {
  std::vector<cel::Type::Field> fields;
  for (const auto& [name, child] : FieldsOf(node, resource)) {
    auto escaped = EscapeName(name);
    if (!escaped || child->rule_types == nullptr) continue;
    fields.push_back({.name = *escaped, .type = child->rule_types->type});
    types.fields[*escaped] = {.name = name, .node = child};
  }
  return cel::Type::Struct(path, std::move(fields));
}

}  // namespace coreflow::schema
