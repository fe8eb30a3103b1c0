#pragma once

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
  };
  static const std::vector<Kind>& Kinds();

  struct Picked {
    const fakes::Resource* resource = nullptr;
    json::Value object = {};
  };
  Picked PickObject();
  json::Value PickPod();
  // One whose container runs; null when there is none.
  json::Value PickRunningPod();
  Process& PickProcess();
  std::string PickNode();
  void Patch(const Picked& picked, json::Value spec, const std::string& what);
  void DeleteSomePod(const fakes::DeleteOptions& how);
  // Does that to a pod that runs. Counts only where there was something to disturb.
  void Disturb(bool (fakes::Kubelet::*disturb)(const std::string& name_space, const std::string& name));
  void Did(const std::string& what);

  // Users.
  void Edit();
  void EditToNonsense();
  void Suspend();
  void Resume();
  void Stop();
  void Label();
  void DeleteObject();
  void DeleteAndRecreate();
  void DeletePod();
  void DeletePodNow();
  void LabelPod();
  // Takes the name that an attempt's pod will have.
  void TakeName();
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
  void Quota();
  void CollectTerminated();
  // Processes.
  void Kill();
  void Pause();
  void CutOff();
  void Terminate();

  Simulation& simulation_;
  fakes::FakeCluster& cluster_;
  Dice random_;
  std::vector<Kind> mix_;
  const char* striking_ = "";
  int created_ = 0;
  int removed_nodes_ = 0;
};

}  // namespace coreflow::sim
