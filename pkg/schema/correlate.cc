#include "pkg/schema/correlate.h"

#include <algorithm>

#include "pkg/json/write.h"

namespace coreflow::schema {

namespace {

bool HasKeys(const Node& list, const json::Value& item) {
  return std::all_of(list.map_keys.begin(), list.map_keys.end(),
                     [&](const std::string& key) { return item.Find(key) != nullptr; });
}

}  // namespace

OldItems::OldItems(const Node& list, const json::Value* old) : list_(list) {
  if (old == nullptr || list.list_type != ListType::kMap) return;
  for (const json::Value& item : old->Elements()) {
    if (HasKeys(list, item)) items_.emplace(KeyText(list, item), &item);
  }
}

const json::Value* OldItems::Find(const json::Value& item) const {
  if (items_.empty() || !HasKeys(list_, item)) return nullptr;
  auto found = items_.find(KeyText(list_, item));
  return found == items_.end() ? nullptr : found->second;
}

std::string KeyText(const Node& list, const json::Value& item) {
  std::string text;
  for (const std::string& key : list.map_keys) {
    const json::Value* value = item.Find(key);
    text += (value == nullptr ? "" : json::Write(*value)) + "\n";
  }
  return text;
}

}  // namespace coreflow::schema
