#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/patch/field_set.h"
#include "pkg/schema/node.h"

namespace coreflow::patch {

// How fields of a value are owned.
enum class Shape {
  kLeaf,  // as a whole: scalars, null, atomic lists and maps
  kMap,   // each member by itself
  kList,  // each element by itself: sets, and lists with keys
};

// By the schema; where there is none (nullptr) maps are granular and lists atomic.
Shape ShapeOf(const schema::Node* node, const json::Value& value);

// The schema of a member. nullptr: none.
const schema::Node* MemberNode(const schema::Node* node, const std::string& name);
// Whether the schema names the member, rather than allowing any name.
bool IsNamed(const schema::Node* node, std::string_view name);

// The keys of a list of objects; empty for a set.
std::vector<std::string> KeysOf(const schema::Node& list);

// The path element of an element of a kList. Keys that are not there have their defaults. kInvalid, in the words of
// structured-merge-diff, for elements that have none.
Result<PathElement> ElementOf(const schema::Node& list, const json::Value& item);

// The elements of a list with their path elements; those that have none go by their index.
std::vector<PathElement> ElementsOf(const schema::Node& list, const json::Array& items);

// The schema of an object of the API with what its metadata is owned by, which the schemas of custom resources do not
// say. Not needed where the schema of metadata says more than that it is an object.
schema::Node WithMetadata(const schema::Node& root);

}  // namespace coreflow::patch
