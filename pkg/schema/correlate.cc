#include "pkg/schema/correlate.h"

#include "pkg/json/write.h"

namespace coreflow::schema {

OldItems::OldItems(const Node& list, const json::Value* old) : list_(list) {
  if (old == nullptr || list.list_type != ListType::kMap) return;
  for (const json::Value& item : old->Elements()) items_.emplace(KeyText(list, item), &item);
}

const json::Value* OldItems::Find(const json::Value& item) const {
  if (items_.empty()) return nullptr;
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
