#pragma once

#include <optional>
#include <string>

#include "pkg/json/value.h"
#include "pkg/patch/field_set.h"
#include "pkg/schema/node.h"

// What structured-merge-diff does with values: each function walks values beside their schema (nullptr: none).
namespace coreflow::patch {

// The fields of a value: leaves, elements of lists, and members that the schema does not name.
FieldSet FieldsOf(const json::Value& value, const schema::Node* node);

// What became of the fields of an object. No field is in more than one of the sets.
struct Comparison {
  FieldSet removed{};
  FieldSet modified{};
  FieldSet added{};

  bool same() const { return removed.empty() && modified.empty() && added.empty(); }
};
Comparison Compare(const json::Value& before, const json::Value& after, const schema::Node* node);

// `live` with the fields of `applied` put in. Lists keep the order of the live one where the applied one does not say
// otherwise. Parts that the applied one does not have are shared.
json::Value MergeApplied(const json::Value& live, const json::Value& applied, const schema::Node* node);

// The value without some of its fields; null when nothing is left of a list or map.
json::Value Remove(const json::Value& value, const FieldSet& fields, const schema::Node* node);

// The set with the fields around its members that the schema names.
FieldSet WithNamedParents(const FieldSet& set, const schema::Node* node);

// What keeps a value from being applied, in the words of structured-merge-diff: fields that the schema does not have,
// elements of lists without keys or with the keys of another one. Empty when nothing does.
std::string CannotApply(const json::Value& value, const schema::Node* node);

}  // namespace coreflow::patch
