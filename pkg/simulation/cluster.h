#pragma once

#include <memory>
#include <string>

#include "pkg/apiserver/api_server.h"
#include "pkg/apiserver/garbage_collector.h"
#include "pkg/apiserver/namespace_controller.h"
#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/loop.h"
#include "pkg/simulation/faulty_transport.h"
#include "pkg/simulation/kubelet.h"
#include "pkg/simulation/node_controller.h"

namespace coreflow::simulation {

// A whole cluster on one loop, with the namespaces default and kube-system:
//
//   reactor::VirtualLoop loop;
//   Cluster cluster(loop, {.script = [](const json::Value&) { return Behaviour{.end = {.exit_code = 1}}; }});
//   auto transport = cluster.Connect({.user_agent = "coreflow-operator"});
//
// The loop outlives it.
class Cluster {
 public:
  struct Options {
    uint64_t seed = 1;
    // By default every pod runs a second and succeeds.
    PodScript script = [](const json::Value&) { return Behaviour{}; };
    int nodes = 3;
    // Objects are held to their schemas, and it is noted who owns which field. Costs time.
    bool strict = false;
  };

  Cluster(Loop& loop, Options options);
  explicit Cluster(Loop& loop) : Cluster(loop, Options()) {}

  // One more client. `faults` may be null and outlives it.
  std::unique_ptr<FaultyTransport> Connect(const TransportOptions& options = {}, Faults* faults = nullptr) {
    return std::make_unique<FaultyTransport>(loop_, server, options, faults);
  }

  // What a user does with kubectl, at once and without faults.
  apiserver::Outcome<json::Value> Create(const apiserver::Resource& resource, const std::string& name_space,
                                         const json::Value& object);
  apiserver::Outcome<json::Value> MergePatch(const apiserver::Resource& resource, const std::string& name_space,
                                             const std::string& name, const json::Value& patch);
  std::optional<apiserver::Failure> Delete(const apiserver::Resource& resource, const std::string& name_space,
                                           const std::string& name, const apiserver::DeleteOptions& how = {});
  // Null when there is none.
  json::Value Get(const apiserver::Resource& resource, const std::string& name_space, const std::string& name) const;
  // All objects of a namespace, or of all when it is empty.
  std::vector<json::Value> List(const apiserver::Resource& resource, const std::string& name_space) const;

 private:
  Loop& loop_;

 public:
  apiserver::Store store;
  apiserver::Registry registry;
  apiserver::ApiServer server;
  apiserver::GarbageCollector garbage_collector;
  apiserver::NamespaceController namespace_controller;
  Kubelet kubelet;
  NodeController nodes;
};

}  // namespace coreflow::simulation
