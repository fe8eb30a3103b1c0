#include <map>

#include "pkg/patch/fields.h"
#include "pkg/patch/shape.h"

namespace coreflow::patch {

namespace {

void Collect(const json::Value& value, const schema::Node* node, FieldSet::Entry& entry);

void CollectMap(const json::Object& object, const schema::Node* node, FieldSet& fields) {
  for (const auto& [name, member] : object) {
    FieldSet::Entry& entry = fields.At(FieldElement(name));
    Collect(member, MemberNode(node, name), entry);
    bool empty = member.IsNull() || (member.IsObject() && member.AsObject().empty());
    if (empty || !IsNamed(node, name)) entry.member = true;
  }
}

// Of elements that stand twice only the place is a field, not what is in it.
void CollectList(const json::Array& array, const schema::Node& node, FieldSet& fields) {
  std::vector<PathElement> elements = ElementsOf(node, array);
  std::map<PathElement, int> times;
  for (const PathElement& element : elements) ++times[element];
  for (size_t i = 0; i < array.size(); ++i) {
    FieldSet::Entry& entry = fields.At(elements[i]);
    if (times[elements[i]] == 1) Collect(array[i], node.items, entry);
    entry.member = true;
  }
}

void Collect(const json::Value& value, const schema::Node* node, FieldSet::Entry& entry) {
  switch (ShapeOf(node, value)) {
    case Shape::kLeaf: entry.member = true; return;
    case Shape::kMap: return CollectMap(value.AsObject(), node, entry.below);
    case Shape::kList: return CollectList(value.AsArray(), *node, entry.below);
  }
}

}  // namespace

FieldSet FieldsOf(const json::Value& value, const schema::Node* node) {
  FieldSet::Entry top;
  Collect(value, node, top);
  return top.below.Intersection(top.below);  // without entries that hold nothing, of empty lists
}

}  // namespace coreflow::patch
