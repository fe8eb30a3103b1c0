#pragma once

#include <memory>
#include <set>
#include <string>

#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"
#include "pkg/simulation/kubelet.h"

namespace coreflow::simulation {

// What kube-controller-manager does about nodes that are gone and about pods that nobody cleans up: node life cycle,
// eviction by taints, pod garbage collection. The loop, the registry and the kubelet outlive it.
class NodeController {
 public:
  NodeController(Loop& loop, apiserver::Registry& registry, Kubelet& kubelet)
      : loop_(loop), registry_(registry), kubelet_(kubelet) {}
  NodeController(const NodeController&) = delete;
  NodeController& operator=(const NodeController&) = delete;

  // The node falls silent. After 40 s its pods are unready, after another 300 s they are deleted, and stay Terminating:
  // nobody confirms it.
  void LoseNode(const std::string& node, bool containers_live);
  // It is back before or after that.
  void RecoverNode(const std::string& node);
  // The Node object is deleted: 60 s later pod garbage collection marks its pods Failed (DisruptionTarget,
  // DeletionByPodGC) and deletes them without grace.
  void RemoveNode(const std::string& node);

  // terminated-pod-gc-threshold: of the pods that have ended all but so many are deleted, the oldest first.
  void CollectTerminated(size_t threshold);

 private:
  void MarkUnready(const std::string& node);
  void EvictByTaint(const std::string& node);
  void CollectOrphaned(const std::string& node);
  void ForceDelete(const json::Value& pod);
  void Later(Duration delay, const std::string& node, void (NodeController::*work)(const std::string&));

  Loop& loop_;
  apiserver::Registry& registry_;
  Kubelet& kubelet_;
  std::set<std::string> silent_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::simulation
