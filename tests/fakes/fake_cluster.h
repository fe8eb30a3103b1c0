#pragma once

#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "tests/fakes/api_server.h"
#include "tests/fakes/fake_transport.h"
#include "tests/fakes/garbage_collector.h"
#include "tests/fakes/kubelet.h"
#include "tests/fakes/namespace_controller.h"
#include "tests/fakes/node_controller.h"
#include "tests/fakes/registry.h"
#include "tests/fakes/store.h"

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
  };

  FakeCluster(Loop& loop, Options options);
  explicit FakeCluster(Loop& loop) : FakeCluster(loop, Options()) {}

  // One more client. `faults` may be null and outlives it.
  std::unique_ptr<FakeTransport> Connect(const TransportOptions& options = {}, Faults* faults = nullptr) {
    return std::make_unique<FakeTransport>(loop_, server, options, faults);
  }

  // What a user does with kubectl, at once and without faults.
  Outcome<json::Value> Create(const Resource& resource, const std::string& name_space, const json::Value& object);
  Outcome<json::Value> MergePatch(const Resource& resource, const std::string& name_space, const std::string& name,
                                  const json::Value& patch);
  std::optional<Failure> Delete(const Resource& resource, const std::string& name_space, const std::string& name,
                                const DeleteOptions& how = {});
  // Null when there is none.
  json::Value Get(const Resource& resource, const std::string& name_space, const std::string& name) const;
  // All objects of a namespace, or of all when it is empty.
  std::vector<json::Value> List(const Resource& resource, const std::string& name_space) const;

 private:
  Loop& loop_;

 public:
  Store store;
  Registry registry;
  ApiServer server;
  GarbageCollector garbage_collector;
  NamespaceController namespace_controller;
  Kubelet kubelet;
  NodeController nodes;
};

}  // namespace coreflow::fakes
