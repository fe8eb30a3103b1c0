#include <map>

#include "pkg/json/write.h"
#include "pkg/schema/correlate.h"
#include "pkg/schema/unchanged.h"
#include "pkg/schema/validate.h"

namespace coreflow::schema {

namespace {

// The keys of an element, those that it has.
json::Value KeysOf(const Node& list, const json::Value& item) {
  json::Object keys;
  for (const std::string& key : list.map_keys) {
    if (const json::Value* value = item.Find(key)) keys.emplace(key, *value);
  }
  return keys;
}

void CheckUnique(const json::Array& array, const Node& node, const ValuePath& path, std::vector<Cause>& causes) {
  bool map = node.list_type == ListType::kMap;
  for (size_t i = 0; map && i < array.size(); ++i) {
    if (array[i].IsObject() || array[i].IsNull()) continue;
    causes.push_back(
        InvalidValue(ValuePath(path, i).Bracketed(), array[i], "must be an object for an array of list-type map"));
    return;
  }
  std::map<std::string, int> seen;
  for (size_t i = 0; i < array.size(); ++i) {
    int times = ++seen[map ? KeyText(node, array[i]) : json::Write(array[i])];
    if (times != 2) continue;  // each is reported once
    causes.push_back(DuplicateValue(ValuePath(path, i).Bracketed(), map ? KeysOf(node, array[i]) : array[i]));
  }
}

}  // namespace

void ValidateLists(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path,
                   std::vector<Cause>& causes) {
  if (old != nullptr && IsShared(value, *old)) return;
  if (value.IsArray() && node.list_type != ListType::kAtomic) CheckUnique(value.AsArray(), node, path, causes);
  for (size_t i = 0; node.items != nullptr && i < value.Elements().size(); ++i) {
    ValidateLists(value.Elements()[i], nullptr, *node.items, ValuePath(path, i), causes);
  }
  for (const auto& [name, member] : value.Members()) {
    const json::Value* before = old == nullptr ? nullptr : old->Find(name);
    auto property = node.properties.find(name);
    if (property != node.properties.end()) {
      ValidateLists(member, before, *property->second, ValuePath(path, ValuePath::Field{name}), causes);
    } else if (node.additional != nullptr) {
      ValidateLists(member, before, *node.additional, ValuePath(path, ValuePath::Key{name}), causes);
    }
  }
}

}  // namespace coreflow::schema
