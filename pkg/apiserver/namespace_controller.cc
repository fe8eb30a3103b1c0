#include "pkg/apiserver/namespace_controller.h"

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {
constexpr const char* kAgent = "namespace-controller";
}

NamespaceController::NamespaceController(Loop& loop, Registry& registry, Duration delay)
    : loop_(loop), registry_(registry), delay_(delay) {
  registry_.store().Observe([this, alive = std::weak_ptr<bool>(alive_)](const Change& change) {
    if (alive.expired() || change.resource != &Namespaces() || !change.after) return;
    const bool before = change.before && IsBeingDeleted(change.before->object());
    if (!before && IsBeingDeleted(change.after->object())) Later(change.key);
  });
  for (const auto& [name, version] : registry_.store().List(Namespaces())) {
    if (IsBeingDeleted(version->object())) Later(name);
  }
}

void NamespaceController::Later(const std::string& name) {
  loop_.After(delay_, [this, name, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) Empty(name);
  });
}

void NamespaceController::Empty(const std::string& name) {
  bool empty = true;
  const std::string prefix = name + "/";
  for (const Resource& resource : AllResources()) {
    if (!resource.namespaced) continue;
    const Store::Objects objects = registry_.store().List(resource);
    for (auto it = objects.lower_bound(prefix); it != objects.end(); ++it) {
      if (it->first.compare(0, prefix.size(), prefix) != 0) break;
      const auto deleted = registry_.Delete(resource, name, NameOf(it->second->object()), {}, {.agent = kAgent});
      if (!deleted || !deleted->gone) empty = false;
    }
  }
  if (!empty) return Later(name);
  registry_.FinalizeNamespace(name, kAgent);
}

}  // namespace coreflow::apiserver
