#include "tests/fakes/fake_cluster.h"

#include "pkg/base/check.h"
#include "tests/fakes/merge_patch.h"
#include "tests/fakes/object.h"

namespace coreflow::fakes {

namespace {

const WriteOptions kUser{.agent = "user"};

// Users leave out kind and apiVersion where the resource says them.
json::Value Typed(const Resource& resource, const json::Value& object) {
  return Set(Set(object, {"kind"}, resource.kind), {"apiVersion"}, resource.ApiVersion());
}

}  // namespace

FakeCluster::FakeCluster(Loop& loop, Options options)
    : loop_(loop),
      registry(store, loop, options.seed),
      server(registry, loop),
      garbage_collector(loop, registry),
      namespace_controller(loop, registry),
      kubelet(loop, registry, std::move(options.script), options.nodes),
      nodes(loop, registry, kubelet) {
  registry.Admit(EpochNeverFalls());
  registry.Admit(StoredQuotas(store));
  for (const char* name : {"default", "kube-system"}) {
    const auto made = Create(Namespaces(), "", json::Object{{"metadata", json::Object{{"name", name}}}});
    CHECK(made.has_value(), "an empty cluster takes its first namespaces");
  }
}

Outcome<json::Value> FakeCluster::Create(const Resource& resource, const std::string& name_space,
                                         const json::Value& object) {
  auto made = registry.Create(resource, name_space, Typed(resource, object), kUser);
  if (!made) return made.failure();
  return (*made)->object();
}

Outcome<json::Value> FakeCluster::MergePatch(const Resource& resource, const std::string& name_space,
                                             const std::string& name, const json::Value& patch) {
  auto written = registry.Update(
      resource, name_space, name, Part::kObject,
      [&](const json::Value& object) -> Outcome<json::Value> { return fakes::MergePatch(object, patch); },
      {.agent = "user", .verb = "patch"});
  if (!written) return written.failure();
  return (*written)->object();
}

std::optional<Failure> FakeCluster::Delete(const Resource& resource, const std::string& name_space,
                                           const std::string& name, const DeleteOptions& how) {
  const auto deleted = registry.Delete(resource, name_space, name, how, kUser);
  if (deleted) return std::nullopt;
  return deleted.failure();
}

json::Value FakeCluster::Get(const Resource& resource, const std::string& name_space, const std::string& name) const {
  const VersionPtr found = store.Get(resource, KeyOf(resource, name_space, name));
  return found ? found->object() : json::Value();
}

std::vector<json::Value> FakeCluster::List(const Resource& resource, const std::string& name_space) const {
  std::vector<json::Value> objects;
  for (const auto& [key, version] : store.List(resource)) {
    if (name_space.empty() || NamespaceOf(version->object()) == name_space) objects.push_back(version->object());
  }
  return objects;
}

}  // namespace coreflow::fakes
