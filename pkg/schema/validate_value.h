#pragma once

#include <string>
#include <vector>

#include "pkg/json/value.h"
#include "pkg/schema/cause.h"
#include "pkg/schema/node.h"
#include "pkg/schema/value_path.h"

namespace coreflow::schema {

// What was found in a value and all below it.
struct Findings {
  std::vector<Cause> causes{};
  // How many checks had something to look at. Where no alternative of anyOf or oneOf fits, the one with the most is
  // taken to be the one that was meant.
  int matches = 0;

  bool ok() const { return causes.empty(); }
  // A cause that stands there already is not added again.
  void Add(Cause cause);
  void Add(const Findings& other);
};

// A value against its schema. With `old`, the value before an update: nothing is said of what did not change.
Findings CheckValue(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path);

// The parts of it that have files of their own.
bool TypeApplies(const Node& node);
Findings CheckType(const json::Value& value, const Node& node, const ValuePath& path);
Findings CheckAlternatives(const json::Value& value, const Node& node, const ValuePath& path);
Findings CheckNumber(const json::Value& value, const Node& node, const ValuePath& path);

// "spec.steps in body".
std::string InBody(const ValuePath& path);
// The field of a cause of these checks: Dotted(), "<nil>" for the top.
std::string FieldOf(const ValuePath& path);

}  // namespace coreflow::schema
