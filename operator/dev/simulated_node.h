#pragma once

#include <string>

#include "operator/dev/pod_chance.h"
#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"
#include "pkg/runner/local_node.h"
#include "pkg/simulation/kubelet.h"

namespace coreflow::dev {

// A node whose pods run nowhere: they take their time, and come to what chance says. Those that are there when it
// starts have failed, as after the loss of a node. On the loop's thread; loop and registry outlive it.
class SimulatedNode {
 public:
  static constexpr char kName[] = "node-1";  // as its kubelet has it

  // `folder` is made if it is not there.
  SimulatedNode(Loop& loop, apiserver::Registry& registry, const std::string& folder, PodChance chance);

  // One line that says so, for every container that has started.
  runner::LocalNode::Log LogOf(const json::Value& pod, const std::string& container) const;

 private:
  void LoseWhatIsThere(Time now);
  json::Value OwnerOf(const json::Value& pod) const;

  apiserver::Registry& registry_;
  const std::string log_;  // a file
  simulation::Kubelet kubelet_;
};

}  // namespace coreflow::dev
