#include "pkg/engine/overrides.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;

std::string_view MergeKeyOf(std::string_view list) {
  if (list == "volumeMounts") return "mountPath";
  if (list == "volumeDevices") return "devicePath";
  if (list == "hostAliases") return "ip";
  if (list == "topologySpreadConstraints") return "topologyKey";
  return "name";
}

// Whether all elements have the key, and none has another's.
bool IsKeyed(const Array& list, std::string_view key) {
  for (auto one = list.begin(); one != list.end(); ++one) {
    const Value& id = (*one)[key];
    if (!id.IsString()) return false;
    if (std::any_of(list.begin(), one, [&](const Value& other) { return other[key] == id; })) return false;
  }
  return true;
}

Value Merged(std::string_view name, const Value& under, const Value& over);

Value MergedLists(const Array& under, const Array& over, std::string_view key) {
  Array out = under;
  for (const Value& element : over) {
    const auto same = std::ranges::find_if(out, [&](const Value& other) { return other[key] == element[key]; });
    if (same == out.end()) {
      out.push_back(element);
    } else {
      *same = Merged("", *same, element);
    }
  }
  return out;
}

Value Merged(std::string_view name, const Value& under, const Value& over) {
  if (under.IsArray() && over.IsArray()) {
    const std::string_view key = MergeKeyOf(name);
    const bool keyed = IsKeyed(under.AsArray(), key) && IsKeyed(over.AsArray(), key);
    return keyed ? MergedLists(under.AsArray(), over.AsArray(), key) : over;
  }
  if (!under.IsObject() || !over.IsObject()) return over;
  Object out = under.AsObject();
  for (const auto& [member, value] : over.AsObject()) {
    const Value before = out[member];
    out[member] = Merged(member, before, value);
  }
  return out;
}

}  // namespace

Value WithOverrides(const Value& spec, const Value& overrides) {
  return overrides.IsObject() ? Merged("", spec, overrides) : spec;
}

}  // namespace coreflow::engine
