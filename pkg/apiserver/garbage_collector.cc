#include "pkg/apiserver/garbage_collector.h"

#include <algorithm>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

constexpr const char* kAgent = "generic-garbage-collector";

bool HasFinalizer(const json::Value& object, const char* name) {
  const json::Array& finalizers = object["metadata"]["finalizers"].Elements();
  return std::find(finalizers.begin(), finalizers.end(), json::Value(name)) != finalizers.end();
}

json::Array Without(const json::Array& elements, const std::function<bool(const json::Value&)>& dropped) {
  json::Array kept;
  std::copy_if(elements.begin(), elements.end(), std::back_inserter(kept),
               [&dropped](const json::Value& element) { return !dropped(element); });
  return kept;
}

}  // namespace

GarbageCollector::GarbageCollector(Loop& loop, Registry& registry, Duration delay)
    : loop_(loop), registry_(registry), delay_(delay) {
  registry_.store().Observe([this, alive = std::weak_ptr<bool>(alive_)](const Change& change) {
    if (!alive.expired()) OnChange(change);
  });
  for (const Resource& resource : AllResources()) {
    for (const auto& [key, version] : registry_.store().List(resource)) {
      OnChange({.rv = version->rv(), .resource = &resource, .key = key, .after = version});
    }
  }
}

void GarbageCollector::Later(std::function<void()> work) {
  loop_.After(delay_, [work = std::move(work), alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) work();
  });
}

void GarbageCollector::Index(const Change& change) {
  const Ref ref{change.resource, change.key};
  if (change.before) {
    for (const json::Value& owner : change.before->object()["metadata"]["ownerReferences"].Elements()) {
      auto it = dependents_.find(owner["uid"].StringOr(""));
      if (it == dependents_.end()) continue;
      it->second.erase(ref);
      if (it->second.empty()) dependents_.erase(it);
    }
  }
  if (!change.after) return;
  for (const json::Value& owner : change.after->object()["metadata"]["ownerReferences"].Elements()) {
    dependents_[owner["uid"].StringOr("")].insert(ref);
  }
}

void GarbageCollector::OnChange(const Change& change) {
  const json::Value& body = change.after ? change.after->object() : change.before->object();
  Index(change);
  const Ref ref{change.resource, change.key};
  const std::string uid = UidOf(body);
  if (!change.before && !body["metadata"]["ownerReferences"].Elements().empty()) {
    Later([this, ref, uid] { CheckDependent(ref, uid); });
  }
  if (change.after && IsBeingDeleted(body) &&
      (HasFinalizer(body, "foregroundDeletion") || HasFinalizer(body, "orphan"))) {
    Later([this, ref, uid] { CheckOwner(ref, uid); });
  }
  if (change.after) return;
  if (dependents_.contains(uid)) {
    Later([this, uid] {
      for (const Ref& dependent : DependentsOf(uid)) {
        const VersionPtr found = registry_.store().Get(*dependent.first, dependent.second);
        if (found) CheckDependent(dependent, UidOf(found->object()));
      }
    });
  }
  // The last dependent of an owner that waits for it.
  for (const json::Value& owner : body["metadata"]["ownerReferences"].Elements()) {
    const Resource* resource = FindKind(owner["apiVersion"].StringOr(""), owner["kind"].StringOr(""));
    if (!resource) continue;
    const Ref owner_ref{resource, KeyOf(*resource, NamespaceOf(body), owner["name"].StringOr(""))};
    Later([this, owner_ref, owner_uid = owner["uid"].StringOr("")] { CheckOwner(owner_ref, owner_uid); });
  }
}

bool GarbageCollector::OwnerExists(const json::Value& reference, const std::string& name_space) const {
  const Resource* resource = FindKind(reference["apiVersion"].StringOr(""), reference["kind"].StringOr(""));
  // The real one leaves alone what it cannot look up.
  if (!resource) return true;
  const VersionPtr found =
      registry_.store().Get(*resource, KeyOf(*resource, name_space, reference["name"].StringOr("")));
  return found && UidOf(found->object()) == reference["uid"].StringOr("");
}

void GarbageCollector::CheckDependent(const Ref& ref, const std::string& uid) {
  const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
  if (!found || UidOf(found->object()) != uid || IsBeingDeleted(found->object())) return;
  const json::Value& object = found->object();
  std::set<std::string> gone;
  size_t owners = 0;
  for (const json::Value& owner : object["metadata"]["ownerReferences"].Elements()) {
    ++owners;
    if (!OwnerExists(owner, NamespaceOf(object))) gone.insert(owner["uid"].StringOr(""));
  }
  if (gone.empty()) return;
  if (gone.size() < owners) return DropReferences(ref, gone);
  const auto deleted = registry_.Delete(*ref.first, NamespaceOf(object), NameOf(object),
                                        {.uid = uid, .propagation = "Background"}, {.agent = kAgent});
  static_cast<void>(deleted);
}

std::set<GarbageCollector::Ref> GarbageCollector::DependentsOf(const std::string& owner_uid) const {
  auto it = dependents_.find(owner_uid);
  return it == dependents_.end() ? std::set<Ref>() : it->second;
}

bool GarbageCollector::DeleteDependents(const std::string& owner_uid) {
  for (const Ref& ref : DependentsOf(owner_uid)) {
    const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
    if (!found || IsBeingDeleted(found->object())) continue;
    const auto deleted =
        registry_.Delete(*ref.first, NamespaceOf(found->object()), NameOf(found->object()),
                         {.uid = UidOf(found->object()), .propagation = "Foreground"}, {.agent = kAgent});
    static_cast<void>(deleted);
  }
  for (const Ref& ref : DependentsOf(owner_uid)) {
    const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
    if (!found) continue;
    for (const json::Value& owner : found->object()["metadata"]["ownerReferences"].Elements()) {
      if (owner["uid"] == json::Value(owner_uid) && owner["blockOwnerDeletion"].BoolOr(false)) return false;
    }
  }
  return true;
}

void GarbageCollector::CheckOwner(const Ref& ref, const std::string& uid) {
  const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
  if (!found || UidOf(found->object()) != uid || !IsBeingDeleted(found->object())) return;
  if (HasFinalizer(found->object(), "orphan")) {
    for (const Ref& dependent : DependentsOf(uid)) DropReferences(dependent, {uid});
    return RemoveFinalizer(ref, "orphan");
  }
  if (HasFinalizer(found->object(), "foregroundDeletion") && DeleteDependents(uid)) {
    RemoveFinalizer(ref, "foregroundDeletion");
  }
}

void GarbageCollector::DropReferences(const Ref& ref, const std::set<std::string>& owner_uids) {
  const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
  if (!found) return;
  const auto written = registry_.Update(
      *ref.first, NamespaceOf(found->object()), NameOf(found->object()), Part::kObject,
      [&](const json::Value& object) -> Outcome<json::Value> {
        json::Array kept = Without(object["metadata"]["ownerReferences"].Elements(), [&](const json::Value& owner) {
          return owner_uids.contains(owner["uid"].StringOr(""));
        });
        return kept.empty() ? Unset(object, {"metadata", "ownerReferences"})
                            : Set(object, {"metadata", "ownerReferences"}, json::Value(std::move(kept)));
      },
      {.agent = kAgent, .verb = "patch"});
  static_cast<void>(written);
}

void GarbageCollector::RemoveFinalizer(const Ref& ref, const char* finalizer) {
  const VersionPtr found = registry_.store().Get(*ref.first, ref.second);
  const auto written = registry_.Update(
      *ref.first, NamespaceOf(found->object()), NameOf(found->object()), Part::kObject,
      [&](const json::Value& object) -> Outcome<json::Value> {
        json::Array kept = Without(object["metadata"]["finalizers"].Elements(),
                                   [&](const json::Value& there) { return there == json::Value(finalizer); });
        return kept.empty() ? Unset(object, {"metadata", "finalizers"})
                            : Set(object, {"metadata", "finalizers"}, json::Value(std::move(kept)));
      },
      {.agent = kAgent, .verb = "patch"});
  static_cast<void>(written);
}

}  // namespace coreflow::apiserver
