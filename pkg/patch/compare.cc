#include <algorithm>
#include <map>

#include "pkg/patch/fields.h"
#include "pkg/patch/shape.h"
#include "pkg/schema/unchanged.h"

namespace coreflow::patch {

namespace {

using schema::Node;

bool IsEmpty(const json::Value* value) {
  return value == nullptr || (value->Elements().empty() && value->Members().empty());
}

class Comparer {
 public:
  // Either value may be missing (nullptr), not both.
  void Visit(const json::Value* before, const json::Value* after, const Node* node) {
    if (before != nullptr && after != nullptr && schema::IsShared(*before, *after)) return;
    bool leaf = false;
    bool other_kind = before != nullptr && after != nullptr && !SameKind(*before, *after);
    // Of another kind of value, what was there goes and what is there comes.
    if (before != nullptr && (after == nullptr || other_kind)) leaf = VisitAs(*before, before, after, node);
    if (after != nullptr) leaf = VisitAs(*after, before, after, node) || leaf;
    if (leaf) return;
    if (before == nullptr) result_.added.Insert(path_);
    if (after == nullptr) result_.removed.Insert(path_);
  }

  Comparison Take() { return std::move(result_); }

 private:
  static bool SameKind(const json::Value& a, const json::Value& b) {
    return a.IsNull() || b.IsNull() || (a.IsArray() == b.IsArray() && a.IsObject() == b.IsObject());
  }

  // Compares as the kind of value that `shape` is. True when it is a leaf. null stands for any kind.
  bool VisitAs(const json::Value& shape, const json::Value* before, const json::Value* after, const Node* node) {
    const json::Value& like = shape.IsNull() && before != nullptr ? *before : shape;
    Shape how = ShapeOf(node, like);
    if (how == Shape::kLeaf || (IsEmpty(before) && IsEmpty(after))) {
      VisitLeaf(before, after);
      return true;
    }
    if (how == Shape::kMap) VisitMap(before, after, node);
    if (how == Shape::kList) VisitList(before, after, *node);
    return false;
  }

  void VisitLeaf(const json::Value* before, const json::Value* after) {
    if (before == nullptr) {
      result_.added.Insert(path_);
    } else if (after == nullptr) {
      result_.removed.Insert(path_);
    } else if (!schema::Unchanged(*before, *after)) {
      result_.modified.Insert(path_);
    }
  }

  void VisitBelow(PathElement element, const json::Value* before, const json::Value* after, const Node* node) {
    path_.push_back(std::move(element));
    Visit(before, after, node);
    path_.pop_back();
  }

  void VisitMap(const json::Value* before, const json::Value* after, const Node* node) {
    static const json::Object kNone;
    const json::Object& old = before == nullptr ? kNone : before->Members();
    for (const auto& [name, member] : old) {
      VisitBelow(FieldElement(name), &member, after == nullptr ? nullptr : after->Find(name), MemberNode(node, name));
    }
    if (after == nullptr) return;
    for (const auto& [name, member] : after->Members()) {
      if (!old.contains(name)) VisitBelow(FieldElement(name), nullptr, &member, MemberNode(node, name));
    }
  }

  using Items = std::map<PathElement, std::vector<const json::Value*>>;

  static Items Index(const json::Value* list, const Node& node) {
    Items items;
    if (list == nullptr) return items;
    std::vector<PathElement> elements = ElementsOf(node, list->Elements());
    for (size_t i = 0; i < elements.size(); ++i) items[elements[i]].push_back(&list->Elements()[i]);
    return items;
  }

  void VisitList(const json::Value* before, const json::Value* after, const Node& node) {
    Items old = Index(before, node), now = Index(after, node);
    for (const auto& [element, items] : old) VisitItems(element, items, now[element], node.items);
    for (const auto& [element, items] : now) {
      if (!old.contains(element)) VisitItems(element, {}, items, node.items);
    }
  }

  // Elements that stand twice are one field, as a whole.
  void VisitItems(const PathElement& element, const std::vector<const json::Value*>& old,
                  const std::vector<const json::Value*>& now, const Node* node) {
    auto one = [](const std::vector<const json::Value*>& items) { return items.empty() ? nullptr : items[0]; };
    if (old.size() <= 1 && now.size() <= 1) return VisitBelow(element, one(old), one(now), node);
    FieldPath path = path_;
    path.push_back(element);
    if (old.size() >= 2 && now.size() >= 2) {
      auto same = [](const json::Value* a, const json::Value* b) { return schema::Unchanged(*a, *b); };
      if (!std::equal(old.begin(), old.end(), now.begin(), now.end(), same)) result_.modified.Insert(path);
    } else if (old.size() >= 2) {
      if (!now.empty()) VisitBelow(element, nullptr, now[0], node);
      result_.removed.Insert(path);
    } else {
      if (!old.empty()) VisitBelow(element, old[0], nullptr, node);
      result_.added.Insert(path);
    }
  }

  FieldPath path_;
  Comparison result_;
};

}  // namespace

Comparison Compare(const json::Value& before, const json::Value& after, const Node* node) {
  Comparer comparer;
  comparer.Visit(&before, &after, node);
  return comparer.Take();
}

}  // namespace coreflow::patch
