#include "pkg/apiserver/audit.h"

#include <algorithm>
#include <ostream>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

bool CreatesPod(const AuditEntry& entry) { return entry.verb == "create" && entry.resource == &Pods(); }

}  // namespace

void PrintTo(const AuditEntry& entry, std::ostream* out) {
  *out << FormatMicroTime(entry.at) << " rv " << entry.rv << " " << entry.agent << ": " << entry.verb << " "
       << entry.resource->Qualified() << (entry.status ? "/status " : " ") << entry.key << " uid " << entry.uid;
}

std::vector<AuditEntry> Audit::Where(const std::function<bool(const AuditEntry&)>& wanted) const {
  std::vector<AuditEntry> found;
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(found), wanted);
  return found;
}

int Audit::PodCreations(std::string_view name_space, std::string_view name) const {
  const std::string key = KeyOf(Pods(), name_space, name);
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [&](const AuditEntry& entry) {
    return CreatesPod(entry) && entry.key == key;
  }));
}

int Audit::PodCreations(std::string_view name_space,
                        const std::vector<std::pair<std::string, std::string>>& labels) const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [&](const AuditEntry& entry) {
    if (!CreatesPod(entry) || NamespaceOf(entry.after->object()) != name_space) return false;
    const json::Value& there = entry.after->object()["metadata"]["labels"];
    return std::all_of(labels.begin(), labels.end(),
                       [&](const auto& label) { return there[label.first] == json::Value(label.second); });
  }));
}

int Audit::WritesBy(std::string_view agent, Time since) const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [&](const AuditEntry& entry) {
    return entry.agent == agent && entry.at >= since;
  }));
}

std::vector<VersionPtr> Audit::StatesOf(const Resource& resource, std::string_view key) const {
  std::vector<VersionPtr> states;
  for (const AuditEntry& entry : entries_) {
    if (entry.resource == &resource && entry.key == key && entry.after) states.push_back(entry.after);
  }
  return states;
}

}  // namespace coreflow::apiserver
