// What tests do to pods and nodes while the kubelet goes about its work.
#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/simulation/kubelet.h"

namespace coreflow::simulation {

bool Kubelet::Evict(const std::string& name_space, const std::string& name) {
  Pod* pod = Find(name_space, name);
  if (!pod || pod->stage == Stage::kCreated || pod->stage == Stage::kEnded || Lost(*pod)) return false;
  pod->reason = "Evicted";
  pod->message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. ";
  const ContainerEnd killed{.exit_code = 137};
  EndContainers(*pod, &killed);
  Then(*pod, Duration(0), &Kubelet::Show);
  return true;
}

bool Kubelet::OutOfMemory(const std::string& name_space, const std::string& name) {
  return End(name_space, name, {.out_of_memory = true});
}

bool Kubelet::End(const std::string& name_space, const std::string& name, const ContainerEnd& end) {
  Pod* pod = Find(name_space, name);
  if (!pod || (pod->stage != Stage::kRunning && pod->stage != Stage::kStopping)) return false;
  EndContainers(*pod, &end);
  Then(*pod, pod->behaviour.to_notice, &Kubelet::Show);
  return true;
}

bool Kubelet::Preempt(const std::string& name_space, const std::string& name) {
  Pod* pod = Find(name_space, name);
  if (!pod || pod->stage == Stage::kEnded) return false;
  const std::string uid = pod->uid;
  Write(
      *pod, apiserver::Part::kStatus,
      [this](const json::Value& object) {
        return apiserver::WithCondition(object, "DisruptionTarget", true, "PreemptionByScheduler",
                                        "default-scheduler: preempting to accommodate a higher priority pod",
                                        loop_.Now());
      },
      "kube-scheduler");
  const auto deleted = registry_.Delete(apiserver::Pods(), name_space, name, {.uid = uid}, {.agent = "kube-scheduler"});
  static_cast<void>(deleted);
  return true;
}

void Kubelet::LoseNode(const std::string& node, bool containers_live) {
  lost_.insert(node);
  if (containers_live) return;
  for (auto& [uid, pod] : pods_) {
    if (pod.node != node) continue;
    ++pod.step;
    if (pod.stage != Stage::kRunning && pod.stage != Stage::kStopping) continue;
    runs_[pod.run].ended = loop_.Now();
    pod.exits.clear();
    pod.stage = Stage::kEnded;
  }
}

void Kubelet::RecoverNode(const std::string& node) {
  lost_.erase(node);
  std::vector<std::string> gone;
  for (auto& [uid, pod] : pods_) {
    if (pod.node != node) continue;
    const apiserver::VersionPtr found =
        registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), pod.name_space, pod.name));
    if (found && apiserver::UidOf(found->object()) == uid) {
      pod.deleting = apiserver::IsBeingDeleted(found->object());
      Resume(pod);
    } else {
      StopUnseen(pod);
      gone.push_back(uid);
    }
  }
  for (const std::string& uid : gone) pods_.erase(uid);
}

void Kubelet::Resume(Pod& pod) {
  if (pod.deleting) return Then(pod, std::chrono::milliseconds(5), &Kubelet::Stop);
  switch (pod.stage) {
    case Stage::kCreated:
    case Stage::kWaiting:
    case Stage::kStopping: return;
    case Stage::kBound: return Then(pod, pod.behaviour.to_create, &Kubelet::Create);
    case Stage::kCreating: return Then(pod, pod.behaviour.to_start, &Kubelet::Start);
    case Stage::kRunning: return Show(pod);
    case Stage::kEnded: return Then(pod, pod.behaviour.to_notice, &Kubelet::Show);
  }
}

void Kubelet::RemoveNode(const std::string& node) {
  LoseNode(node, false);
  std::erase(nodes_, node);
}

}  // namespace coreflow::simulation
