#include "pkg/apiserver/merge_patch.h"

namespace coreflow::apiserver {

json::Value MergePatch(const json::Value& target, const json::Value& patch) {
  if (!patch.IsObject()) return patch;
  json::Object merged = target.Members();
  for (const auto& [name, value] : patch.AsObject()) {
    if (value.IsNull()) {
      merged.erase(name);
    } else {
      json::Value& member = merged[name];
      member = MergePatch(member, value);
    }
  }
  return merged;
}

}  // namespace coreflow::apiserver
