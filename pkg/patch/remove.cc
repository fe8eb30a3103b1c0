#include "pkg/patch/fields.h"
#include "pkg/patch/shape.h"

namespace coreflow::patch {

namespace {

using schema::Node;

json::Value RemoveFromMap(const json::Value& map, const FieldSet& fields, const Node* node) {
  json::Object left = map.AsObject();
  bool changed = false;
  for (const auto& [element, entry] : fields.entries()) {
    auto member = IsField(element) ? left.find(FieldName(element)) : left.end();
    if (member == left.end()) continue;
    changed = true;
    json::Value rest;
    if (!entry.member) rest = Remove(member->second, entry.below, MemberNode(node, member->first));
    if (rest.IsNull()) {
      left.erase(member);
    } else {
      member->second = std::move(rest);
    }
  }
  if (!changed) return map;
  return left.empty() ? json::Value() : json::Value(std::move(left));
}

json::Value RemoveFromList(const json::Value& list, const FieldSet& fields, const Node& node) {
  const json::Array& items = list.AsArray();
  std::vector<PathElement> elements = ElementsOf(node, items);
  json::Array left;
  left.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    if (fields.HasMember(elements[i])) continue;
    const FieldSet* below = fields.Below(elements[i]);
    left.push_back(below == nullptr ? items[i] : Remove(items[i], *below, node.items));
  }
  return left.empty() ? json::Value() : json::Value(std::move(left));
}

}  // namespace

json::Value Remove(const json::Value& value, const FieldSet& fields, const Node* node) {
  if (fields.empty()) return value;
  bool empty = value.Elements().empty() && value.Members().empty();
  switch (empty ? Shape::kLeaf : ShapeOf(node, value)) {
    case Shape::kLeaf: return value;
    case Shape::kMap: return RemoveFromMap(value, fields, node);
    case Shape::kList: return RemoveFromList(value, fields, *node);
  }
  return value;
}

FieldSet WithNamedParents(const FieldSet& set, const Node* node) {
  FieldSet result;
  for (const auto& [element, entry] : set.entries()) {
    FieldSet::Entry& made = result.At(element);
    bool field = IsField(element);
    const Node* below = node == nullptr ? nullptr
                        : field         ? MemberNode(node, std::string(FieldName(element)))
                                        : node->items;
    made.member = entry.member || (field && IsNamed(node, FieldName(element)));
    made.below = WithNamedParents(entry.below, below);
  }
  return result;
}

}  // namespace coreflow::patch
