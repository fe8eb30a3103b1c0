#include "pkg/patch/field_set.h"

#include <ostream>
#include <set>

#include "pkg/json/write.h"
#include "pkg/patch/path_element.h"

namespace coreflow::patch {

namespace {

const FieldSet kNothing;

void Collect(const FieldSet& set, FieldPath& path, std::vector<FieldPath>& paths) {
  for (const auto& [element, entry] : set.entries()) {
    path.push_back(element);
    if (entry.member) paths.push_back(path);
    Collect(entry.below, path, paths);
    path.pop_back();
  }
}

}  // namespace

FieldSet FieldSet::Of(const std::vector<std::vector<std::string>>& paths) {
  FieldSet set;
  for (const auto& names : paths) {
    FieldPath path;
    for (const std::string& name : names) path.push_back(FieldElement(name));
    set.Insert(path);
  }
  return set;
}

Result<FieldSet> FieldSet::FromJson(const json::Value& fields_v1) {
  if (!fields_v1.IsObject())
    return Error{Code::kInvalid, std::string("fields are an object, not ") + fields_v1.TypeName()};
  FieldSet set;
  for (const auto& [name, below] : fields_v1.AsObject()) {
    if (name == ".") continue;  // says that what is around this is a member
    TRY(PathElement element, ReadElement(name));
    if (element.empty()) continue;
    TRY(FieldSet inner, FromJson(below));
    bool member = below.AsObject().contains(".") || inner.empty();
    set.Put(element, member, std::move(inner));
  }
  return set;
}

json::Value FieldSet::ToJson() const {
  json::Object object;
  for (const auto& [element, entry] : entries_) {
    json::Object below = entry.below.ToJson().AsObject();
    if (entry.member && !below.empty()) below.emplace(".", json::Object());
    object.emplace(element, std::move(below));
  }
  return object;
}

void FieldSet::Insert(const FieldPath& path) {
  FieldSet* set = this;
  for (size_t i = 0; i < path.size(); ++i) {
    Entry& entry = set->entries_[path[i]];
    if (i + 1 == path.size()) entry.member = true;
    set = &entry.below;
  }
}

bool FieldSet::Has(const FieldPath& path) const {
  const FieldSet* set = this;
  for (size_t i = 0; i + 1 < path.size() && set != nullptr; ++i) set = set->Below(path[i]);
  return set != nullptr && !path.empty() && set->HasMember(path.back());
}

bool FieldSet::HasMember(const PathElement& element) const {
  auto found = entries_.find(element);
  return found != entries_.end() && found->second.member;
}

const FieldSet* FieldSet::Below(const PathElement& element) const {
  auto found = entries_.find(element);
  return found == entries_.end() || found->second.below.empty() ? nullptr : &found->second.below;
}

std::vector<FieldPath> FieldSet::Paths() const {
  std::vector<FieldPath> paths;
  FieldPath path;
  Collect(*this, path, paths);
  return paths;
}

void FieldSet::Put(const PathElement& element, bool member, FieldSet below) {
  if (member || !below.empty()) entries_.insert_or_assign(element, Entry{.member = member, .below = std::move(below)});
}

FieldSet FieldSet::Union(const FieldSet& other) const {
  FieldSet set = *this;
  for (const auto& [element, theirs] : other.entries_) {
    auto [mine, added] = set.entries_.try_emplace(element, theirs);
    if (added) continue;
    mine->second.member |= theirs.member;
    mine->second.below = mine->second.below.Union(theirs.below);
  }
  return set;
}

FieldSet FieldSet::Intersection(const FieldSet& other) const {
  FieldSet set;
  for (const auto& [element, mine] : entries_) {
    auto theirs = other.entries_.find(element);
    if (theirs == other.entries_.end()) continue;
    set.Put(element, mine.member && theirs->second.member, mine.below.Intersection(theirs->second.below));
  }
  return set;
}

FieldSet FieldSet::Difference(const FieldSet& other) const {
  FieldSet set;
  for (const auto& [element, mine] : entries_) {
    const FieldSet* below = other.Below(element);
    set.Put(element, mine.member && !other.HasMember(element),
            mine.below.Difference(below == nullptr ? kNothing : *below));
  }
  return set;
}

FieldSet FieldSet::RecursiveDifference(const FieldSet& other) const {
  FieldSet set;
  for (const auto& [element, mine] : entries_) {
    if (other.HasMember(element)) continue;
    const FieldSet* below = other.Below(element);
    set.Put(element, mine.member, mine.below.RecursiveDifference(below == nullptr ? kNothing : *below));
  }
  return set;
}

bool FieldSet::operator==(const FieldSet& other) const { return entries_ == other.entries_; }

void PrintTo(const FieldSet& set, std::ostream* out) { *out << json::Write(set.ToJson()); }

}  // namespace coreflow::patch
