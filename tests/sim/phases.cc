#include "tests/sim/phases.h"

#include <vector>

#include "pkg/apiserver/object.h"
#include "tests/sim/facts.h"

namespace coreflow::sim {

const char* PodPhaseName(PodPhase phase) {
  constexpr const char* kNames[kPodPhases] = {"unbound", "creating", "running", "stopping", "ended", "stored"};
  return kNames[IndexOf(phase)];
}

void PodPhases::Follow() {
  for (; followed_ < audit_.entries().size(); ++followed_) {
    const apiserver::AuditEntry& entry = audit_.entries()[followed_];
    if (entry.resource == &apiserver::Pods()) OnPod(entry);
    if (entry.resource == &apiserver::Records() && !entry.before) OnRecord(entry);
  }
}

PodPhase PodPhases::PhaseOf(const json::Value& object, bool stored) {
  const std::string phase = object["status"]["phase"].StringOr("Pending");
  if (phase == "Succeeded" || phase == "Failed") return stored ? PodPhase::kStored : PodPhase::kEnded;
  if (apiserver::IsBeingDeleted(object)) return PodPhase::kStopping;
  if (phase == "Running") return PodPhase::kRunning;
  return object["spec"]["nodeName"].StringOr("").empty() ? PodPhase::kUnbound : PodPhase::kCreating;
}

void PodPhases::Enter(Pod& pod, PodPhase phase) {
  --counts_[IndexOf(pod.phase)];
  ++counts_[IndexOf(phase)];
  pod.phase = phase;
}

void PodPhases::OnPod(const apiserver::AuditEntry& entry) {
  if (!entry.before) return Adopt(entry);
  auto it = pods_.find(entry.uid);
  if (it == pods_.end()) return;
  Pod& pod = it->second;
  if (entry.after) {
    pod.node = entry.after->object()["spec"]["nodeName"].StringOr("");
    return Enter(pod, PhaseOf(entry.after->object(), pod.stored));
  }
  --counts_[IndexOf(pod.phase)];
  by_key_.erase(pod.key);
  by_item_[pod.item].erase(entry.uid);
  pods_.erase(it);
}

void PodPhases::Adopt(const apiserver::AuditEntry& entry) {
  const PodFacts facts = FactsOf(entry.after->object());
  if (!facts.ours) return;
  Pod pod{.key = entry.key,
          .owner = facts.owner_uid,
          .item = {facts.owner_uid, facts.attempt.run, facts.step, facts.attempt.item},
          .attempt = facts.attempt.attempt,
          .phase = PhaseOf(entry.after->object(), false)};
  for (const std::string& uid : by_item_[pod.item]) {
    Pod& earlier = pods_.at(uid);
    if (earlier.attempt >= pod.attempt) continue;
    earlier.stored = true;
    if (earlier.phase == PodPhase::kEnded) Enter(earlier, PodPhase::kStored);
  }
  ++counts_[IndexOf(pod.phase)];
  by_key_[pod.key] = entry.uid;
  by_item_[pod.item].insert(entry.uid);
  pods_[entry.uid] = std::move(pod);
}

void PodPhases::OnRecord(const apiserver::AuditEntry& entry) {
  const std::string ns = apiserver::NamespaceOf(entry.after->object());
  for (const json::Value& result : entry.after->object()["results"].Elements()) {
    auto found = by_key_.find(ns + "/" + result["podName"].StringOr(""));
    if (found == by_key_.end()) continue;
    Pod& pod = pods_.at(found->second);
    pod.stored = true;
    if (pod.phase == PodPhase::kEnded) Enter(pod, PodPhase::kStored);
  }
}

PodPhaseSet PodPhases::Present() const {
  PodPhaseSet phases;
  for (size_t i = 0; i < kPodPhases; ++i) phases[i] = counts_[i] > 0;
  return phases;
}

template <typename Which>
PodPhaseSet PodPhases::Where(const Which& which) const {
  PodPhaseSet phases;
  for (const auto& [uid, pod] : pods_) {
    if (which(pod)) phases.set(IndexOf(pod.phase));
  }
  return phases;
}

PodPhaseSet PodPhases::OfOwner(const std::string& uid) const {
  return Where([&](const Pod& pod) { return pod.owner == uid; });
}

PodPhaseSet PodPhases::OnNode(const std::string& node) const {
  return Where([&](const Pod& pod) { return pod.node == node; });
}

PodPhaseSet PodPhases::OfPod(const std::string& uid) const {
  PodPhaseSet phases;
  if (auto it = pods_.find(uid); it != pods_.end()) phases.set(IndexOf(it->second.phase));
  return phases;
}

std::vector<std::string> PodPhases::In(PodPhase phase) const {
  std::vector<std::string> keys;
  for (const auto& [key, uid] : by_key_) {
    if (pods_.at(uid).phase == phase) keys.push_back(key);
  }
  return keys;
}

}  // namespace coreflow::sim
