#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/simulation.h"

namespace coreflow::sim {

// What users, nodes, the API server and the kernel do to workflows at random. Each seed has its own mix: only some
// kinds of trouble, so that rare ones are not drowned by the others.
class Trouble {
 public:
  // The simulation outlives it, and runs no more once it is gone.
  Trouble(Simulation& simulation, uint64_t seed);

  // A user makes a Workflow or Job in one of two namespaces.
  void CreateObject();
  // One thing of this seed's mix happens.
  void StrikeOnce();

 private:
  using Act = void (Trouble::*)();
  struct Kind {
    const char* name;
    Act act;
    int weight = 1;  // for what seldom finds something to strike
  };
  static const std::vector<Kind>& Kinds();

  struct Picked {
    const apiserver::Resource* resource = nullptr;
    json::Value object = {};
  };
  // Waits until some pod is in a phase chosen at random, and lets what strikes next hit that pod, its object or its
  // node.
  void Aim();
  // A pod that is aimed at; null when there is none.
  json::Value Target();
  Picked Create(const apiserver::Resource& resource, json::Value spec);
  Picked PickObject();
  // A pod in one of these phases, each phase as likely as another, however rare it is; null when there is none.
  json::Value PickPod(std::initializer_list<PodPhase> phases);
  json::Value PickPod();
  Process& PickProcess();
  std::string PickNode();
  void Patch(const Picked& picked, json::Value spec, const std::string& what);
  void DeleteSomePod(const apiserver::DeleteOptions& how);
  // Does that to a pod in one of these phases. Counts only where there was something to disturb.
  void Disturb(bool (simulation::Kubelet::*disturb)(const std::string& name_space, const std::string& name),
               std::initializer_list<PodPhase> phases);
  void Did(const std::string& what) { simulation_.Strike(striking_, what); }
  // To an object: counts by its pods.
  void DidTo(const json::Value& object, const std::string& what);
  void DidTo(const PodPhaseSet& phases, const std::string& what) { simulation_.Strike(striking_, what, phases); }

  // Users.
  void Edit();
  void EditToNonsense();
  void Suspend();
  void Resume();
  void Stop();
  void Label();
  void Retry();
  void DeleteObject();
  void DeleteAndRecreate();
  void DeletePod();
  void DeletePodNow();
  void LabelPod();
  // Takes off its finalizers and deletes it: somebody wanted it gone by all means.
  void WipePod();
  // Takes the name that an attempt's pod will have.
  void TakeName();
  void DeleteClaim();
  void DeleteNamespace();
  // The cluster.
  void Evict();
  void OutOfMemory();
  void Preempt();
  void LoseNode();
  void RestartKubelet();
  void RemoveNode();
  void RestartServer();
  void Compact();
  void ConflictStorm();
  void Quota();
  void CollectTerminated();
  // A blob is gone, with the name that lets its namespace have it or without.
  void LoseBlob();
  // Processes.
  void Kill();
  void Pause();
  // Longer than the Lease lasts, where another can take over: two that believe, or have believed, that they lead.
  void PauseLeader();
  void CutOff();
  void Terminate();
  // At one of its next writes.
  void CrashSoon();
  // A leader dies, and the first pod that it made for a new object comes late.
  void CreateLate();
  // Lets one that was stopped in its `life` go on, when some pod is in that phase or after so many tries.
  void WakeFormer(Process& process, int life, size_t phase, int tries);

  Simulation& simulation_;
  simulation::Cluster& cluster_;
  Dice random_;
  std::vector<Kind> mix_;
  std::optional<PodPhase> aim_;
  const char* striking_ = "";
  int created_ = 0;
  int removed_nodes_ = 0;
};

}  // namespace coreflow::sim
