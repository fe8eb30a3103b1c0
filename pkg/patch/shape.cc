#include "pkg/patch/shape.h"

#include <algorithm>

namespace coreflow::patch {

namespace {

using schema::ListType;
using schema::Node;
using schema::Type;

bool MergesByStrategy(const Node& node) {
  return std::find(node.patch_strategies.begin(), node.patch_strategies.end(), "merge") != node.patch_strategies.end();
}

bool IsAtomicList(const Node& node) { return node.list_type == ListType::kAtomic && !MergesByStrategy(node); }

Error Unusable(const std::string& why) { return Error{Code::kInvalid, why}; }

Result<PathElement> SetElement(const json::Value& item) {
  if (item.IsObject()) return Unusable("associative list without keys has an element that's a map type");
  if (item.IsArray()) return Unusable("not supported: associative list with lists as elements");
  if (item.IsNull()) return Unusable("associative list without keys has an element that's an explicit null");
  return ValueElement(item);
}

std::string Quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : " \"") + name + "\"";
  return "[" + text + "]";
}

}  // namespace

Shape ShapeOf(const Node* node, const json::Value& value) {
  if (value.IsObject()) return node != nullptr && node->atomic_map ? Shape::kLeaf : Shape::kMap;
  if (value.IsArray()) return node == nullptr || IsAtomicList(*node) ? Shape::kLeaf : Shape::kList;
  return Shape::kLeaf;
}

const Node* MemberNode(const Node* node, const std::string& name) { return schema::MemberOf(node, name); }

bool IsNamed(const Node* node, std::string_view name) { return node != nullptr && node->properties.contains(name); }

std::vector<std::string> KeysOf(const Node& list) {
  if (list.list_type == ListType::kMap) return list.map_keys;
  if (list.list_type == ListType::kSet || list.patch_merge_key.empty()) return {};
  return {list.patch_merge_key};
}

Result<PathElement> ElementOf(const Node& list, const json::Value& item) {
  std::vector<std::string> names = KeysOf(list);
  if (names.empty()) return SetElement(item);
  if (item.IsNull()) return Unusable("associative list with keys may not have a null element");
  if (!item.IsObject()) return Unusable("associative list with keys may not have non-map elements");
  json::Object keys;
  for (const std::string& name : names) {
    const Node* member = MemberNode(list.items, name);
    if (const json::Value* value = item.Find(name)) {
      keys.emplace(name, *value);
    } else if (member != nullptr && !member->default_value.IsNull()) {
      keys.emplace(name, member->default_value);
    }
  }
  if (keys.empty()) {
    return Unusable("associative list with keys has an element that omits all key fields " + Quoted(names) +
                    " (and doesn't have default values for any key fields)");
  }
  return KeyElement(keys);
}

std::vector<PathElement> ElementsOf(const Node& list, const json::Array& items) {
  std::vector<PathElement> elements;
  elements.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    auto element = ElementOf(list, items[i]);
    elements.push_back(element ? *std::move(element) : IndexElement(i));
  }
  return elements;
}

Node WithMetadata(const Node& root) {
  static const Node kText{.type = Type::kString};
  static const Node kTexts{.type = Type::kObject, .additional = &kText};
  static const Node kFlag{.type = Type::kBoolean};
  static const Node kNumber{.type = Type::kInteger};
  static const Node kFinalizers{.type = Type::kArray, .items = &kText, .list_type = ListType::kSet};
  static const Node kOwner{.type = Type::kObject,
                           .properties = {{"apiVersion", &kText},
                                          {"kind", &kText},
                                          {"name", &kText},
                                          {"uid", &kText},
                                          {"controller", &kFlag},
                                          {"blockOwnerDeletion", &kFlag}},
                           .atomic_map = true};
  static const Node kOwners{.type = Type::kArray, .items = &kOwner, .list_type = ListType::kMap, .map_keys = {"uid"}};
  static const Node kManaged{.type = Type::kArray};
  static const Node kMetadata{.type = Type::kObject,
                              .properties = {{"annotations", &kTexts},
                                             {"creationTimestamp", &kText},
                                             {"deletionGracePeriodSeconds", &kNumber},
                                             {"deletionTimestamp", &kText},
                                             {"finalizers", &kFinalizers},
                                             {"generateName", &kText},
                                             {"generation", &kNumber},
                                             {"labels", &kTexts},
                                             {"managedFields", &kManaged},
                                             {"name", &kText},
                                             {"namespace", &kText},
                                             {"ownerReferences", &kOwners},
                                             {"resourceVersion", &kText},
                                             {"selfLink", &kText},
                                             {"uid", &kText}}};
  Node node = root;
  node.properties.emplace("apiVersion", &kText);
  node.properties.emplace("kind", &kText);
  const Node*& metadata = node.properties["metadata"];
  if (metadata == nullptr || metadata->properties.empty()) metadata = &kMetadata;
  return node;
}

}  // namespace coreflow::patch
