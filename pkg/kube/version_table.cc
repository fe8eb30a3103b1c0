#include "pkg/kube/version_table.h"

namespace coreflow::kube {

VersionTable::Change VersionTable::Upsert(const ObjectKey& key, const ObjectVersion& version) {
  auto [at, inserted] = entries_.try_emplace(key);
  Entry& entry = at->second;
  entry.list = list_;
  Change change{.news = inserted || entry.version != version};
  if (!inserted && entry.version.uid != version.uid) change.gone = std::move(entry.version);
  entry.version = version;
  return change;
}

std::optional<ObjectVersion> VersionTable::Erase(const ObjectKey& key) {
  auto entry = entries_.extract(key);
  if (entry.empty()) return std::nullopt;
  return std::move(entry.mapped().version);
}

std::vector<std::pair<ObjectKey, ObjectVersion>> VersionTable::EndList() {
  std::vector<std::pair<ObjectKey, ObjectVersion>> gone;
  for (auto at = entries_.begin(); at != entries_.end();) {
    if (at->second.list == list_) {
      ++at;
    } else {
      gone.emplace_back(at->first, std::move(at->second.version));
      at = entries_.erase(at);
    }
  }
  return gone;
}

}  // namespace coreflow::kube
