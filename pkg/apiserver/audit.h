#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/apiserver/store.h"
#include "pkg/base/time.h"

namespace coreflow::apiserver {

// One accepted write.
struct AuditEntry {
  Time at = {};
  uint64_t rv = 0;
  std::string verb = {};  // "create", "update", "patch", "delete"; what actors write has the same verbs
  const Resource* resource = nullptr;
  bool status = false;   // of the status subresource
  std::string key = {};  // "namespace/name"
  std::string uid = {};
  std::string agent = {};  // the User-Agent, or the actor's name
  VersionPtr before = {};  // null for a create
  VersionPtr after = {};   // null when the object is gone
};

void PrintTo(const AuditEntry& entry, std::ostream* out);

// Every accepted write of a run, in order, so that invariants can be checked over the whole history. Bodies are shared
// with the store, so that keeping them costs little.
class Audit {
 public:
  void Record(AuditEntry entry) { entries_.push_back(std::move(entry)); }

  const std::vector<AuditEntry>& entries() const { return entries_; }

  // Those for which `wanted` holds, in order.
  std::vector<AuditEntry> Where(const std::function<bool(const AuditEntry&)>& wanted) const;

  // How often a pod of that name was created. More than once is a name used twice.
  int PodCreations(std::string_view name_space, std::string_view name) const;
  // How many pods with all these labels were created.
  int PodCreations(std::string_view name_space, const std::vector<std::pair<std::string, std::string>>& labels) const;
  // How many writes of this agent there were since a time.
  int WritesBy(std::string_view agent, Time since = {}) const;
  // Every state one object had, oldest first, over all its lives.
  std::vector<VersionPtr> StatesOf(const Resource& resource, std::string_view key) const;

 private:
  std::vector<AuditEntry> entries_;
};

}  // namespace coreflow::apiserver
