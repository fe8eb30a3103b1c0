#include "pkg/patch/element_order.h"

#include <algorithm>

#include "pkg/schema/unchanged.h"

namespace coreflow::patch {

namespace {

// The place of an element in an order; those that are not in it come last.
json::Array SortedBy(json::Array items, const json::Array& order, const std::string& merge_key) {
  auto place = [&](const json::Value& item) { return IndexOf(order, Identity(item, merge_key), merge_key); };
  std::stable_sort(items.begin(), items.end(),
                   [&](const json::Value& a, const json::Value& b) { return place(a) < place(b); });
  return items;
}

}  // namespace

const json::Value& Identity(const json::Value& item, const std::string& merge_key) {
  return merge_key.empty() ? item : item[merge_key];
}

size_t IndexOf(const json::Array& list, const json::Value& identity, const std::string& merge_key) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (schema::Unchanged(Identity(list[i], merge_key), identity)) return i;
  }
  return std::string::npos;
}

json::Array InOrder(const json::Array& merged, const json::Array& wanted, const json::Array& before,
                    const std::string& merge_key) {
  json::Array ordered, others;
  for (const json::Value& item : merged) {
    bool is_wanted = IndexOf(wanted, Identity(item, merge_key), merge_key) != std::string::npos;
    (is_wanted ? ordered : others).push_back(item);
  }
  ordered = SortedBy(std::move(ordered), wanted, merge_key);
  others = SortedBy(std::move(others), before, merge_key);
  json::Array result;
  size_t next = 0;
  auto place = [&](const json::Value& item) { return IndexOf(before, Identity(item, merge_key), merge_key); };
  for (const json::Value& item : ordered) {
    for (; next < others.size(); ++next) {
      size_t other = place(others[next]), mine = place(item);
      if (other == std::string::npos || mine == std::string::npos || other > mine) break;
      result.push_back(others[next]);
    }
    result.push_back(item);
  }
  result.insert(result.end(), others.begin() + static_cast<ptrdiff_t>(next), others.end());
  return result;
}

}  // namespace coreflow::patch
