#include "pkg/simulation/cluster.h"

#include "pkg/apiserver/merge_patch.h"
#include "pkg/apiserver/object.h"
#include "pkg/base/check.h"

namespace coreflow::simulation {

namespace {

const apiserver::WriteOptions kUser{.agent = "user"};

// Users leave out kind and apiVersion where the resource says them.
json::Value Typed(const apiserver::Resource& resource, const json::Value& object) {
  return apiserver::Set(apiserver::Set(object, {"kind"}, resource.kind), {"apiVersion"}, resource.ApiVersion());
}

}  // namespace

Cluster::Cluster(Loop& loop, Options options)
    : loop_(loop),
      registry(store, loop, options.seed),
      server(registry, loop),
      garbage_collector(loop, registry),
      namespace_controller(loop, registry),
      kubelet(loop, registry, std::move(options.script), options.nodes),
      nodes(loop, registry, kubelet) {
  if (!options.strict) {
    registry.StopCheckingSchemas();
    registry.StopTrackingFields();
  }
  registry.Admit(apiserver::EpochNeverFalls());
  registry.Admit(apiserver::StoredQuotas(store));
  for (const char* name : {"default", "kube-system"}) {
    const auto made = Create(apiserver::Namespaces(), "", json::Object{{"metadata", json::Object{{"name", name}}}});
    CHECK(made.has_value(), "an empty cluster takes its first namespaces");
  }
}

apiserver::Outcome<json::Value> Cluster::Create(const apiserver::Resource& resource, const std::string& name_space,
                                                const json::Value& object) {
  auto made = registry.Create(resource, name_space, Typed(resource, object), kUser);
  if (!made) return made.failure();
  return (*made)->object();
}

apiserver::Outcome<json::Value> Cluster::MergePatch(const apiserver::Resource& resource, const std::string& name_space,
                                                    const std::string& name, const json::Value& patch) {
  auto written = registry.Update(resource, name_space, name, apiserver::Part::kObject,
                                 [&](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                   return apiserver::MergePatch(object, patch);
                                 },
                                 {.agent = "user", .verb = "patch"});
  if (!written) return written.failure();
  return (*written)->object();
}

std::optional<apiserver::Failure> Cluster::Delete(const apiserver::Resource& resource, const std::string& name_space,
                                                  const std::string& name, const apiserver::DeleteOptions& how) {
  const auto deleted = registry.Delete(resource, name_space, name, how, kUser);
  if (deleted) return std::nullopt;
  return deleted.failure();
}

json::Value Cluster::Get(const apiserver::Resource& resource, const std::string& name_space,
                         const std::string& name) const {
  const apiserver::VersionPtr found = store.Get(resource, apiserver::KeyOf(resource, name_space, name));
  return found ? found->object() : json::Value();
}

std::vector<json::Value> Cluster::List(const apiserver::Resource& resource, const std::string& name_space) const {
  std::vector<json::Value> objects;
  for (const auto& [key, version] : store.List(resource)) {
    if (name_space.empty() || apiserver::NamespaceOf(version->object()) == name_space)
      objects.push_back(version->object());
  }
  return objects;
}

}  // namespace coreflow::simulation
