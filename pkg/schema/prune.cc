#include "pkg/schema/prune.h"

#include <algorithm>
#include <optional>

#include "pkg/schema/value_path.h"

namespace coreflow::schema {

namespace {

bool IsMetaField(std::string_view name) { return name == "apiVersion" || name == "kind" || name == "metadata"; }

class Pruner {
 public:
  // The value without what is unknown, or nullopt when nothing is.
  std::optional<json::Value> Visit(const json::Value& value, const Node* node, const ValuePath& path, bool resource) {
    if (value.IsObject()) return VisitObject(value.AsObject(), node, path, resource);
    if (value.IsArray()) return VisitArray(value.AsArray(), node, path);
    return std::nullopt;
  }

  std::vector<std::string> TakeUnknown() {
    std::sort(unknown_.begin(), unknown_.end());
    return std::move(unknown_);
  }

 private:
  std::optional<json::Value> VisitObject(const json::Object& object, const Node* node, const ValuePath& path,
                                         bool resource) {
    std::optional<json::Object> changed;
    auto change = [&]() -> json::Object& {
      if (!changed) changed = object;
      return *changed;
    };
    for (const auto& [name, member] : object) {
      if (resource && IsMetaField(name)) continue;
      bool known = node != nullptr && (node->properties.contains(name) || node->additional != nullptr);
      if (!known && node != nullptr && node->preserve_unknown) continue;
      ValuePath below(path, ValuePath::Field{name});
      if (!known) {
        if (!path.IsRoot() || !IsMetaField(name)) unknown_.push_back(below.Dotted());
        change().erase(name);
        continue;
      }
      const Node* child = MemberOf(node, name);
      if (auto pruned = Visit(member, child, below, child->embedded_resource)) change()[name] = *std::move(pruned);
    }
    if (!changed) return std::nullopt;
    return json::Value(*std::move(changed));
  }

  std::optional<json::Value> VisitArray(const json::Array& array, const Node* node, const ValuePath& path) {
    // Within what is preserved, elements of which nothing is said are preserved too.
    const Node* items = node == nullptr ? nullptr : node->items;
    if (items == nullptr && node != nullptr && node->preserve_unknown) return std::nullopt;
    std::optional<json::Array> changed;
    for (size_t i = 0; i < array.size(); ++i) {
      bool resource = items != nullptr && items->embedded_resource;
      auto pruned = Visit(array[i], items, ValuePath(path, i), resource);
      if (!pruned) continue;
      if (!changed) changed = array;
      (*changed)[i] = *std::move(pruned);
    }
    if (!changed) return std::nullopt;
    return json::Value(*std::move(changed));
  }

  std::vector<std::string> unknown_;
};

}  // namespace

Pruned Prune(const json::Value& object, const Node& root) {
  Pruner pruner;
  auto changed = pruner.Visit(object, &root, ValuePath(), true);
  return {.value = changed ? *std::move(changed) : object, .unknown = pruner.TakeUnknown()};
}

}  // namespace coreflow::schema
