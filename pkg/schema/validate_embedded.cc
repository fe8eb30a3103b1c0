#include "pkg/schema/validate.h"

namespace coreflow::schema {

namespace {

void CheckResource(const json::Value& resource, const ValuePath& path, std::vector<Cause>& causes) {
  for (const char* name : {"apiVersion", "kind"}) {
    std::string field = ValuePath(path, ValuePath::Field{name}).Bracketed();
    const json::Value* member = resource.Find(name);
    if (member == nullptr) {
      causes.push_back(RequiredValue(field));
    } else if (!member->IsString()) {
      causes.push_back(InvalidValue(field, *member, "must be a string"));
    } else if (member->AsString().empty()) {
      causes.push_back(InvalidValue(field, *member, "must not be empty"));
    }
  }
}

}  // namespace

void ValidateEmbedded(const json::Value& value, const Node& node, const ValuePath& path, std::vector<Cause>& causes) {
  if (!node.resources_below) return;
  if (value.IsObject() && node.embedded_resource) CheckResource(value, path, causes);
  for (const auto& [name, member] : value.Members()) {
    auto property = node.properties.find(name);
    if (property != node.properties.end()) {
      ValidateEmbedded(member, *property->second, ValuePath(path, ValuePath::Field{name}), causes);
    } else if (node.additional != nullptr) {
      ValidateEmbedded(member, *node.additional, ValuePath(path, ValuePath::Key{name}), causes);
    }
  }
  if (node.items == nullptr) return;
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    ValidateEmbedded(value.Elements()[i], *node.items, ValuePath(path, i), causes);
  }
}

}  // namespace coreflow::schema
