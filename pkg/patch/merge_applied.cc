#include <deque>
#include <map>
#include <set>

#include "pkg/patch/fields.h"
#include "pkg/patch/shape.h"

namespace coreflow::patch {

namespace {

using schema::Node;

json::Value MergeMap(const json::Object& live, const json::Object& applied, const Node* node) {
  json::Object merged = live;
  for (const auto& [name, member] : applied) {
    auto [mine, added] = merged.try_emplace(name, member);
    if (!added) mine->second = MergeApplied(mine->second, member, MemberNode(node, name));
  }
  return merged;
}

// Two lists become one: what both have is in the order of the applied one, what only the live one has stays between
// the same neighbours as far as that goes.
class ListMerger {
 public:
  ListMerger(const json::Array& live, const json::Array& applied, const Node& node)
      : live_(live), applied_(applied), node_(node), left_(ElementsOf(node, live)), right_(ElementsOf(node, applied)) {
    for (size_t i = 0; i < live.size(); ++i) {
      if (!live_at_.emplace(left_[i], &live[i]).second) live_at_[left_[i]] = nullptr;  // twice: not merged
    }
    applied_names_.insert(right_.begin(), right_.end());
    for (const PathElement& element : right_) {
      if (live_at_.contains(element)) shared_.push_back(element);
    }
  }

  json::Value Merge() {
    size_t l = 0, r = 0;
    while (l < left_.size() || r < right_.size()) {
      if (l < left_.size() && r < right_.size()) {
        if (left_[l] == right_[r]) {
          TakeApplied(r++);
          ++l;
          PassShared();
          continue;
        }
        bool shared = applied_names_.contains(left_[l]);
        if (shared && !shared_.empty() && shared_.front() != left_[l]) {
          ++l;  // its turn comes where the applied list has it
          continue;
        }
      }
      if (l < left_.size()) {
        if (!applied_names_.contains(left_[l])) {
          merged_.push_back(live_[l++]);
          continue;
        }
        if (taken_.contains(left_[l])) ++l;
      }
      if (r < right_.size()) {
        bool next = !shared_.empty() && shared_.front() == right_[r];
        TakeApplied(r++);
        if (next) PassShared();
      }
    }
    return std::move(merged_);
  }

 private:
  void TakeApplied(size_t r) {
    taken_.insert(right_[r]);
    auto mine = live_at_.find(right_[r]);
    bool both = mine != live_at_.end() && mine->second != nullptr;
    merged_.push_back(both ? MergeApplied(*mine->second, applied_[r], node_.items) : applied_[r]);
  }

  void PassShared() {
    if (!shared_.empty()) shared_.pop_front();
  }

  const json::Array& live_;
  const json::Array& applied_;
  const Node& node_;
  const std::vector<PathElement> left_, right_;
  std::map<PathElement, const json::Value*> live_at_;
  std::set<PathElement> applied_names_;
  std::set<PathElement> taken_;
  std::deque<PathElement> shared_;  // in both, in the order of the applied list, not passed yet
  json::Array merged_;
};

bool IsEmpty(const json::Value& value) { return value.Elements().empty() && value.Members().empty(); }

}  // namespace

json::Value MergeApplied(const json::Value& live, const json::Value& applied, const Node* node) {
  // null takes nothing out of a list or map.
  if (applied.IsNull() && !IsEmpty(live) && ShapeOf(node, live) != Shape::kLeaf) return live;
  Shape shape = ShapeOf(node, applied);
  if (shape == Shape::kMap && live.IsObject() && !IsEmpty(live)) {
    return IsEmpty(applied) ? live : MergeMap(live.AsObject(), applied.AsObject(), node);
  }
  if (shape == Shape::kList && live.IsArray() && !IsEmpty(live)) {
    return ListMerger(live.AsArray(), applied.AsArray(), *node).Merge();
  }
  return applied;
}

}  // namespace coreflow::patch
