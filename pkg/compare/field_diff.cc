#include "pkg/compare/field_diff.h"

#include <set>
#include <utility>

#include "pkg/json/write.h"

namespace coreflow::compare {

namespace {

using json::Value;

// By name; nullopt when the list has elements without one, or two of the same.
std::optional<json::Object> ByName(const Value& list) {
  json::Object named;
  for (const Value& element : list.Elements()) {
    const Value& name = element["name"];
    if (!name.IsString() || !named.emplace(name.AsString(), element).second) return std::nullopt;
  }
  return named;
}

Value NamesOf(const Value& list) {
  json::Array names;
  for (const Value& element : list.Elements()) names.push_back(element["name"]);
  return names;
}

class Differ {
 public:
  void Compare(const std::string& path, const Value& before, const Value& after) {
    if (json::WriteCanonical(before) == json::WriteCanonical(after)) return;
    if (before.IsObject() && after.IsObject()) {
      return Members(path, before.AsObject(), after.AsObject(), [](const std::string& whole, const std::string& name) {
        return whole.empty() ? name : whole + "." + name;
      });
    }
    const auto old = before.IsArray() ? ByName(before) : std::nullopt;
    const auto now = after.IsArray() ? ByName(after) : std::nullopt;
    if (old && now) {
      Members(path, *old, *now,
              [](const std::string& whole, const std::string& name) { return whole + "[" + name + "]"; });
      if (*old == *now) changes_.push_back({.path = path, .before = NamesOf(before), .after = NamesOf(after)});
      return;
    }
    changes_.push_back({.path = path, .before = before, .after = after});
  }
  std::vector<FieldChange> Take() { return std::move(changes_); }

 private:
  template <typename Join>
  void Members(const std::string& path, const json::Object& before, const json::Object& after, const Join& join) {
    std::set<std::string> names;
    for (const auto& [name, value] : before) names.insert(name);
    for (const auto& [name, value] : after) names.insert(name);
    for (const std::string& name : names) {
      const auto old = before.find(name);
      const auto now = after.find(name);
      if (old == before.end()) {
        changes_.push_back({.path = join(path, name), .after = now->second});
      } else if (now == after.end()) {
        changes_.push_back({.path = join(path, name), .before = old->second});
      } else {
        Compare(join(path, name), old->second, now->second);
      }
    }
  }

  std::vector<FieldChange> changes_;
};

}  // namespace

std::vector<FieldChange> DiffFields(const Value& before, const Value& after) {
  Differ differ;
  differ.Compare("", before, after);
  return differ.Take();
}

}  // namespace coreflow::compare
