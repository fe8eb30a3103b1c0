#include "pkg/patch/strategic_merge.h"

#include <algorithm>
#include <optional>

#include "pkg/json/write.h"
#include "pkg/patch/element_order.h"
#include "pkg/schema/unchanged.h"

namespace coreflow::patch {

namespace {

using schema::Node;

constexpr const char* kDirective = "$patch";
constexpr const char* kRetainKeys = "$retainKeys";
constexpr std::string_view kDeleteFrom = "$deleteFromPrimitiveList/";
constexpr std::string_view kSetOrder = "$setElementOrder/";

Error Wrong(const std::string& what) { return Error{Code::kInvalid, what}; }
Error BadOrder() { return Wrong("invalid patch format of setElementOrder list"); }
Error BadRetainKeys() { return Wrong("invalid patch format of retainKeys"); }
Error NoMergeKey(const json::Value& item, const std::string& key) {
  return Wrong("map: " + json::Write(item) + " does not contain declared merge key: " + key);
}
Error BadDirective(const json::Value& item) {
  return Wrong("unknown patch type: " + item[kDirective].StringOr(json::Write(item[kDirective])) +
               " in map: " + json::Write(item));
}

bool HasStrategy(const Node* node, std::string_view strategy) {
  if (node == nullptr) return false;
  return std::find(node->patch_strategies.begin(), node->patch_strategies.end(), strategy) !=
         node->patch_strategies.end();
}

const std::string& MergeKey(const Node* node) {
  static const std::string kNone;
  return node == nullptr ? kNone : node->patch_merge_key;
}

// A part of the patch that takes the place of nothing: without null members and directives. nullopt: nothing at all.
std::optional<json::Value> Plain(const json::Value& patch) {
  if (patch.IsArray()) {
    json::Array list;
    for (const json::Value& item : patch.AsArray()) {
      if (auto plain = Plain(item)) list.push_back(*std::move(plain));
    }
    return json::Value(std::move(list));
  }
  if (!patch.IsObject()) return patch;
  if (patch.Find(kDirective) != nullptr) return std::nullopt;
  json::Object object;
  for (const auto& [name, member] : patch.AsObject()) {
    if (member.IsNull() || name.starts_with(kSetOrder) || name.starts_with(kDeleteFrom) || name == kRetainKeys)
      continue;
    if (auto plain = Plain(member)) object.emplace(name, *std::move(plain));
  }
  return json::Value(std::move(object));
}

Result<json::Value> MergeMap(const json::Value& target, const json::Value& patch, const Node* node);

Result<json::Array> MergeItems(json::Array list, const json::Array& patch, const Node& node) {
  const std::string& key = node.patch_merge_key;
  for (const json::Value& item : patch) {
    if (item.Find(key) == nullptr) return NoMergeKey(item, key);
    size_t at = IndexOf(list, item[key], key);
    if (at == std::string::npos) {
      if (auto plain = Plain(item)) list.push_back(*std::move(plain));
    } else {
      TRY(list[at], MergeMap(list[at], item, node.items));
    }
  }
  return list;
}

// Does what elements with $patch say, and takes them out of the patch.
Result<void> DoDirectives(json::Array& list, json::Array& patch, const std::string& key) {
  json::Array rest;
  bool replace = false;
  for (const json::Value& item : patch) {
    const json::Value* directive = item.Find(kDirective);
    if (directive == nullptr) {
      rest.push_back(item);
    } else if (*directive == json::Value("delete")) {
      if (item.Find(key) == nullptr) return NoMergeKey(item, key);
      auto same = [&](const json::Value& other) { return schema::Unchanged(other[key], item[key]); };
      list.erase(std::remove_if(list.begin(), list.end(), same), list.end());
    } else if (*directive == json::Value("replace")) {
      replace = true;
    } else if (*directive == json::Value("merge")) {
      return Wrong("merging lists cannot yet be specified in the patch");
    } else {
      return BadDirective(item);
    }
  }
  patch = std::move(rest);
  if (replace) {
    list = std::move(patch);
    patch.clear();
  }
  return {};
}

Result<json::Array> MergeList(json::Array list, json::Array patch, const Node* node) {
  if (!HasStrategy(node, "merge")) return patch;
  const std::string& key = node->patch_merge_key;
  const json::Array& sample = list.empty() ? patch : list;
  if (!sample.empty() && sample[0].IsArray()) return Wrong("lists of lists are not supported");
  if (!sample.empty() && sample[0].IsObject()) {
    if (key.empty()) return Wrong("cannot merge lists without merge key");
    TRY_VOID(DoDirectives(list, patch, key));
    TRY(json::Array merged, MergeItems(list, patch, *node));
    return InOrder(merged, patch, list, key);
  }
  json::Array merged;
  for (const json::Array* one : {&list, &patch}) {
    for (const json::Value& item : *one) {
      if (IndexOf(merged, item, "") == std::string::npos) merged.push_back(item);
    }
  }
  return InOrder(merged, patch, list, "");
}

// The elements of a patch must be among those of the order, and in that order.
bool FollowsOrder(const json::Array& patch, const json::Array& order, const std::string& key) {
  size_t at = 0;
  for (const json::Value& item : patch) {
    if (item.Find(kDirective) != nullptr) continue;
    while (at < order.size() && !schema::Unchanged(Identity(order[at], key), Identity(item, key))) ++at;
    if (at++ >= order.size()) return order.empty();
  }
  return true;
}

class MapMerger {
 public:
  MapMerger(const json::Value& target, const json::Value& patch, const Node* node)
      : object_(target.Members()), patch_(patch.AsObject()), node_(node) {}

  Result<json::Value> Merge() {
    TRY_VOID(RetainKeys());
    for (const auto& [name, value] : json::Object(patch_)) {
      if (name.starts_with(kSetOrder)) TRY_VOID(SetOrder(name, value));
    }
    for (const auto& [name, value] : patch_) {
      if (name.starts_with(kDeleteFrom)) {
        TRY_VOID(DeleteFrom(name.substr(kDeleteFrom.size()), value));
      } else {
        TRY_VOID(MergeMember(name, value));
      }
    }
    return json::Value(std::move(object_));
  }

 private:
  Result<void> RetainKeys() {
    auto said = patch_.find(kRetainKeys);
    if (said == patch_.end()) return {};
    const json::Value keys = said->second;
    patch_.erase(said);
    if (!keys.IsArray()) return BadRetainKeys();
    auto retained = [&](const std::string& name) {
      return std::find(keys.AsArray().begin(), keys.AsArray().end(), json::Value(name)) != keys.AsArray().end();
    };
    for (const auto& [name, value] : patch_) {
      bool directive = name.starts_with(kDeleteFrom) || name.starts_with(kSetOrder);
      if (!value.IsNull() && !directive && !retained(name)) return BadRetainKeys();
    }
    std::erase_if(object_, [&](const auto& member) { return !retained(member.first); });
    return {};
  }

  // Merges the list that an order is given for.
  Result<void> SetOrder(const std::string& directive, const json::Value& order) {
    patch_.erase(directive);
    std::string name = directive.substr(kSetOrder.size());
    const Node* node = schema::MemberOf(node_, name);
    auto change = patch_.find(name);
    auto mine = object_.find(name);
    const json::Value old = mine == object_.end() ? json::Value() : mine->second;
    const json::Value wanted = change == patch_.end() ? json::Value() : change->second;
    if (!order.IsArray() || !(old.IsNull() || old.IsArray()) || !(wanted.IsNull() || wanted.IsArray()))
      return BadOrder();
    if (!FollowsOrder(wanted.Elements(), order.AsArray(), MergeKey(node))) {
      return Wrong("The order in patch list:\n" + json::Write(wanted) + "\n doesn't match $setElementOrder list:\n" +
                   json::Write(order) + "\n");
    }
    if (mine == object_.end() && change == patch_.end()) return {};
    json::Array merged = old.Elements();
    if (change != patch_.end()) {
      if (wanted.IsNull()) return {};  // removed below
      if (mine == object_.end()) {
        merged = Plain(wanted)->AsArray();
      } else {
        TRY(merged, MergeList(old.Elements(), wanted.AsArray(), node));
      }
      patch_.erase(change);
    }
    object_[name] = InOrder(merged, order.AsArray(), old.Elements(), MergeKey(node));
    return {};
  }

  Result<void> DeleteFrom(const std::string& name, const json::Value& gone) {
    auto mine = object_.find(name);
    if (mine == object_.end() || !mine->second.IsArray()) return {};
    if (!gone.IsArray()) return Wrong("invalid patch format of primitive list");
    json::Array left;
    for (const json::Value& item : mine->second.AsArray()) {
      if (IndexOf(gone.AsArray(), item, "") == std::string::npos) left.push_back(item);
    }
    mine->second = std::move(left);
    return {};
  }

  Result<void> MergeMember(const std::string& name, const json::Value& value) {
    auto mine = object_.find(name);
    if (value.IsNull()) {
      if (mine != object_.end()) object_.erase(mine);
      return {};
    }
    const Node* node = schema::MemberOf(node_, name);
    if (mine != object_.end() && mine->second.IsObject() && value.IsObject()) {
      if (HasStrategy(node, "replace")) {
        mine->second = value;
        return {};
      }
      TRY(mine->second, MergeMap(mine->second, value, node));
    } else if (mine != object_.end() && mine->second.IsArray() && value.IsArray()) {
      TRY(mine->second, MergeList(mine->second.AsArray(), value.AsArray(), node));
    } else if (auto plain = Plain(value)) {
      object_[name] = *std::move(plain);
    } else {
      object_.erase(name);
    }
    return {};
  }

  json::Object object_;
  json::Object patch_;
  const Node* node_;
};

Result<json::Value> MergeMap(const json::Value& target, const json::Value& patch, const Node* node) {
  const json::Value* directive = patch.Find(kDirective);
  if (directive == nullptr) return MapMerger(target, patch, node).Merge();
  if (*directive == json::Value("delete")) return json::Value(json::Object());
  if (*directive != json::Value("replace")) return BadDirective(patch);
  json::Object replaced = patch.AsObject();
  replaced.erase(kDirective);
  return json::Value(std::move(replaced));
}

}  // namespace

Result<json::Value> StrategicMerge(const json::Value& target, const json::Value& patch, const Node* schema) {
  if (!patch.IsObject()) return Wrong("invalid JSON document");
  return MergeMap(target, patch, schema);
}

}  // namespace coreflow::patch
