#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"

namespace coreflow::apiserver {

// The garbage collector of kube-controller-manager: deletes what has lost all its owners, a while later; lets a
// foreground delete go through when its dependents are gone, and an orphaning one when they are let go. The loop and
// the registry outlive it.
class GarbageCollector {
 public:
  GarbageCollector(Loop& loop, Registry& registry, Duration delay = std::chrono::milliseconds(500));
  GarbageCollector(const GarbageCollector&) = delete;
  GarbageCollector& operator=(const GarbageCollector&) = delete;

 private:
  using Ref = std::pair<const Resource*, std::string>;  // an object by its key

  void OnChange(const Change& change);
  void Index(const Change& change);
  void Later(std::function<void()> work);
  // Deletes a dependent whose owners are all gone, or drops the references to those that are.
  void CheckDependent(const Ref& ref, const std::string& uid);
  void CheckOwner(const Ref& ref, const std::string& uid);
  bool OwnerExists(const json::Value& reference, const std::string& name_space) const;
  bool DeleteDependents(const std::string& owner_uid);
  void DropReferences(const Ref& ref, const std::set<std::string>& owner_uids);
  void RemoveFinalizer(const Ref& ref, const char* finalizer);
  std::set<Ref> DependentsOf(const std::string& owner_uid) const;

  Loop& loop_;
  Registry& registry_;
  Duration delay_;
  std::map<std::string, std::set<Ref>> dependents_;  // by the owner's UID
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::apiserver
