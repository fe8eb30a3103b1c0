#pragma once

#include <map>
#include <optional>
#include <string>

#include "pkg/json/value.h"
#include "pkg/schema/node.h"

namespace coreflow::schema {

// The elements of a list before an update, by their keys. Only lists of type map have any. Refers to the list.
class OldItems {
 public:
  // `old`: the list before, nullptr or another value when there was none.
  OldItems(const Node& list, const json::Value* old);

  // The element with the same keys, or nullptr. Elements that lack a key are like no other.
  const json::Value* Find(const json::Value& item) const;

 private:
  const Node& list_;
  std::map<std::string, const json::Value*, std::less<>> items_;
};

// The keys of an element of a list of type map, as text that is equal when they are.
std::string KeyText(const Node& list, const json::Value& item);

}  // namespace coreflow::schema
