#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::patch {

// One step of the way to a field, as fieldsV1 writes it: f:name, k:{"name":"a"} (an element of a list, by its keys),
// v:"x" (an element of a set), i:0.
using PathElement = std::string;
using FieldPath = std::vector<PathElement>;

PathElement FieldElement(std::string_view name);
// The JSON of keys is compact, with sorted names.
PathElement KeyElement(const json::Value& keys);
PathElement ValueElement(const json::Value& value);
PathElement IndexElement(size_t index);

// The name in a FieldElement; false for any other element.
bool IsField(const PathElement& element);
std::string_view FieldName(const PathElement& element);

// As conflicts show it: .spec.steps[name="a"].image
std::string ShowPath(const FieldPath& path);

// A set of fields of an object: a tree in which each node may be a member itself. A plain value.
class FieldSet {
 public:
  struct Entry;
  using Entries = std::map<PathElement, Entry, std::less<>>;

  FieldSet() = default;
  // Of plain names: FieldSet::Of({{"metadata", "name"}, {"spec"}}).
  static FieldSet Of(const std::vector<std::vector<std::string>>& paths);
  // Reads fieldsV1. Elements of a kind that is not known are left out. kInvalid for what is none.
  static Result<FieldSet> FromJson(const json::Value& fields_v1);
  json::Value ToJson() const;

  bool empty() const { return entries_.empty(); }
  // An empty path is no field and changes nothing.
  void Insert(const FieldPath& path);
  bool Has(const FieldPath& path) const;
  bool HasMember(const PathElement& element) const;
  // What is below an element; nullptr when there is nothing.
  const FieldSet* Below(const PathElement& element) const;
  const Entries& entries() const { return entries_; }
  // All members, parents before what is below them.
  std::vector<FieldPath> Paths() const;

  FieldSet Union(const FieldSet& other) const;
  FieldSet Intersection(const FieldSet& other) const;
  // Without the members of the other. Fields below a member of the other stay.
  FieldSet Difference(const FieldSet& other) const;
  // The same, and they go too.
  FieldSet RecursiveDifference(const FieldSet& other) const;

  bool operator==(const FieldSet& other) const;

  // For walks that build a set: the entry, made when there is none.
  Entry& At(const PathElement& element) { return entries_[element]; }

 private:
  void Put(const PathElement& element, bool member, FieldSet below);

  Entries entries_;
};

struct FieldSet::Entry {
  bool member = false;
  FieldSet below{};

  bool operator==(const Entry&) const = default;
};

// As fieldsV1; GoogleTest shows sets with it.
void PrintTo(const FieldSet& set, std::ostream* out);

}  // namespace coreflow::patch
