#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::compare {

// A field that differs.
struct FieldChange {
  std::string path = {};                   // "steps[train].retryPolicy.limit"
  std::optional<json::Value> before = {};  // nullopt: it is not there
  std::optional<json::Value> after = {};

  bool operator==(const FieldChange&) const = default;
};

// The least fields in which two values differ, in the order of their names. Elements of lists that all have a name of
// their own are found by it, wherever they stand; of such a list in another order the change is that of the names.
// Other lists are compared as a whole.
std::vector<FieldChange> DiffFields(const json::Value& before, const json::Value& after);

}  // namespace coreflow::compare
