#include "pkg/schema/default.h"

#include <optional>

namespace coreflow::schema {

namespace {

// Each of these gives the changed value, or nullopt when nothing changes.
std::optional<json::Value> Fill(const json::Value& value, const Node* node);

bool Misplaced(const json::Value& value, const Node* node) {
  return value.IsNull() && node != nullptr && !node->nullable;
}

// The default, with defaults within.
json::Value DefaultOf(const Node& node) {
  auto within = Fill(node.default_value, &node);
  return within ? *std::move(within) : node.default_value;
}

// What takes the place of a member: its default where it is null and may not be.
std::optional<json::Value> FillMember(const json::Value& value, const Node* node) {
  if (Misplaced(value, node) && !node->default_value.IsNull()) return DefaultOf(*node);
  return Fill(value, node);
}

std::optional<json::Value> FillObject(const json::Object& object, const Node& node) {
  std::optional<json::Object> changed;
  auto change = [&]() -> json::Object& {
    if (!changed) changed = object;
    return *changed;
  };
  for (const auto& [name, member] : object) {
    const Node* child = MemberOf(&node, name);
    if (Misplaced(member, child) && child->default_value.IsNull()) {
      change().erase(name);
    } else if (auto filled = FillMember(member, child)) {
      change()[name] = *std::move(filled);
    }
  }
  for (const auto& [name, child] : node.properties) {
    if (child->default_value.IsNull() || object.contains(name)) continue;
    change()[name] = DefaultOf(*child);
  }
  if (!changed) return std::nullopt;
  return json::Value(*std::move(changed));
}

std::optional<json::Value> FillArray(const json::Array& array, const Node& node) {
  std::optional<json::Array> changed;
  for (size_t i = 0; i < array.size(); ++i) {
    auto filled = FillMember(array[i], node.items);
    if (!filled) continue;
    if (!changed) changed = array;
    (*changed)[i] = *std::move(filled);
  }
  if (!changed) return std::nullopt;
  return json::Value(*std::move(changed));
}

std::optional<json::Value> Fill(const json::Value& value, const Node* node) {
  if (node == nullptr) return std::nullopt;
  if (value.IsObject()) return FillObject(value.AsObject(), *node);
  if (value.IsArray()) return FillArray(value.AsArray(), *node);
  return std::nullopt;
}

}  // namespace

json::Value Default(const json::Value& value, const Node& root) {
  auto filled = Fill(value, &root);
  return filled ? *std::move(filled) : value;
}

}  // namespace coreflow::schema
