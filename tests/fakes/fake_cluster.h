#pragma once

#include <memory>
#include <string>

#include "pkg/apiserver/api_server.h"
#include "pkg/apiserver/garbage_collector.h"
#include "pkg/apiserver/namespace_controller.h"
#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/loop.h"
#include "tests/fakes/fake_transport.h"
#include "tests/fakes/kubelet.h"
#include "tests/fakes/node_controller.h"

namespace coreflow::fakes {

// A whole cluster on one loop, with the namespaces default and kube-system:
//
//   reactor::VirtualLoop loop;
//   FakeCluster cluster(loop, {.script = [](const json::Value&) { return Behaviour{.end = {.exit_code = 1}}; }});
//   auto transport = cluster.Connect({.user_agent = "coreflow-operator"});
//
// The loop outlives it.
class FakeCluster {
 public:
  struct Options {
    uint64_t seed = 1;
    // By default every pod runs a second and succeeds.
    PodScript script = [](const json::Value&) { return Behaviour{}; };
    int nodes = 3;
    // Objects are held to their schemas, and it is noted who owns which field. Costs time.
    bool strict = false;
  };

  FakeCluster(Loop& loop, Options options);
  explicit FakeCluster(Loop& loop) : FakeCluster(loop, Options()) {}

  // One more client. `faults` may be null and outlives it.
  std::unique_ptr<FakeTransport> Connect(const TransportOptions& options = {}, Faults* faults = nullptr) {
    return std::make_unique<FakeTransport>(loop_, server, options, faults);
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

}  // namespace coreflow::fakes
