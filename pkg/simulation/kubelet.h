#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/apiserver/pod_status.h"
#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"
#include "pkg/simulation/behaviour.h"

namespace coreflow::simulation {

// One start of a pod's containers: what truly ran, whether or not the API server heard of it.
struct PodRun {
  std::string key = {};  // "namespace/name"
  std::string uid = {};
  std::string node = {};
  json::Value pod = {};  // as it was at the start
  Time started = {};
  std::optional<Time> ended = {};
};

// Scheduler, kubelets and containers of all nodes, on the loop: takes every pod from Pending to its end by the script,
// stops it when it is deleted, and shows it in the pod's status as the real ones do. Tests disturb it at any moment.
// The loop and the registry outlive it.
class Kubelet {
 public:
  Kubelet(Loop& loop, apiserver::Registry& registry, PodScript script, int nodes = 3);
  Kubelet(const Kubelet&) = delete;
  Kubelet& operator=(const Kubelet&) = delete;

  // Three that give whether there was anything to disturb: a pod at that stage, on a node that is heard of.
  // Node pressure: the containers are killed, the pod is Failed with reason Evicted.
  bool Evict(const std::string& name_space, const std::string& name);
  // The containers end now, by the kernel's hand.
  bool OutOfMemory(const std::string& name_space, const std::string& name);
  // The containers end now, as if by themselves; whether they ran.
  bool End(const std::string& name_space, const std::string& name, const ContainerEnd& end);
  // The scheduler makes room: DisruptionTarget, then a graceful delete.
  bool Preempt(const std::string& name_space, const std::string& name);

  // The node's kubelet is heard of no more. `containers_live`: cut off, and everything goes on there; otherwise it is
  // down, and its containers are dead.
  void LoseNode(const std::string& node, bool containers_live);
  // It is back, and reports what is true by now; containers that died with it are ContainerStatusUnknown, 137.
  void RecoverNode(const std::string& node);
  // It never comes back; what runs there is dead.
  void RemoveNode(const std::string& node);

  const std::vector<std::string>& nodes() const { return nodes_; }
  const std::vector<PodRun>& runs() const { return runs_; }
  // The node of a pod; empty when it has none.
  std::string NodeOf(const std::string& name_space, const std::string& name) const;

 private:
  enum class Stage { kCreated, kBound, kCreating, kWaiting, kRunning, kStopping, kEnded };

  // A pod as its node knows it.
  struct Pod {
    std::string name_space = {};
    std::string name = {};
    std::string uid = {};
    std::string node = {};
    Behaviour behaviour = {};
    Stage stage = Stage::kCreated;
    int step = 0;           // raised at every turn, so that outdated timers do nothing
    bool deleting = false;  // the kubelet knows that it is to stop
    size_t run = 0;         // its place in runs_ when it runs
    Time started = {};
    std::map<std::string, apiserver::ContainerExit> exits = {};
    std::string reason = {};  // of the pod: Evicted, DeadlineExceeded
    std::string message = {};
  };
  using Edit = std::function<json::Value(const json::Value& pod)>;
  using Step = void (Kubelet::*)(Pod& pod);

  void OnChange(const apiserver::Change& change);
  void Adopt(const json::Value& object);
  void Forget(const std::string& uid);
  void StopUnseen(Pod& pod);
  // Calls `step` after `delay` unless something else has happened to the pod by then.
  void Then(Pod& pod, Duration delay, Step step);
  void Bind(Pod& pod);
  void Create(Pod& pod);
  void Start(Pod& pod);
  void FailToStart(Pod& pod, const InitFailure& failure);
  void ShowTrouble(Pod& pod);
  void Finish(Pod& pod);
  void PassDeadline(Pod& pod);
  void Stop(Pod& pod);
  void Stopped(Pod& pod);
  void Show(Pod& pod);
  void ConfirmDeletion(Pod& pod);
  // All main containers end now: each as the script says, or all in the way given.
  void EndContainers(Pod& pod, const ContainerEnd* all);
  void WaitForEnd(Pod& pod, Duration finish);
  void Resume(Pod& pod);
  void Write(Pod& pod, apiserver::Part part, const Edit& edit, const std::string& agent);
  json::Value Truth(const Pod& pod, const json::Value& object) const;
  Pod* Find(const std::string& name_space, const std::string& name);
  bool Lost(const Pod& pod) const { return lost_.contains(pod.node); }
  const std::string& PickNode();
  std::string AddressOf(const std::string& node) const;

  Loop& loop_;
  apiserver::Registry& registry_;
  PodScript script_;
  std::vector<std::string> nodes_;
  std::set<std::string> lost_;
  size_t next_node_ = 0;
  std::map<std::string, Pod> pods_;  // by UID
  std::vector<PodRun> runs_;
  // What the loop and the store hold looks here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::simulation
