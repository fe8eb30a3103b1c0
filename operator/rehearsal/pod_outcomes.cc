#include "operator/rehearsal/pod_outcomes.h"

#include <chrono>
#include <functional>
#include <string>

#include "pkg/apiserver/object.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/pretended.h"
#include "pkg/json/write.h"

namespace coreflow::rehearsal {

namespace {

using scenario::Outcome;
using scenario::Rule;
using simulation::Behaviour;
using simulation::Cluster;
using simulation::StartTrouble;

constexpr Duration kForEver = std::chrono::hours(24 * 365 * 100);

bool Names(const Rule& rule, const engine::PodView& pod) {
  return (rule.step.empty() || rule.step == pod.step) && pod.facts && (!rule.item || rule.item == pod.facts->item) &&
         (!rule.attempt || rule.attempt == pod.facts->attempt);
}

// What the step's program leaves in $COREFLOW_OUTPUT.
std::string OutputOf(const Rule& rule) {
  if (rule.outputs.empty()) return "";
  return json::Write(json::Object(rule.outputs.begin(), rule.outputs.end()));
}

StartTrouble TroubleOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnschedulable: return StartTrouble::kUnschedulable;
    case Outcome::kImagePullBackOff: return StartTrouble::kImagePull;
    case Outcome::kCreateContainerConfigError: return StartTrouble::kConfig;
    default: return StartTrouble::kNone;
  }
}

// Nothing that its program does: the cluster takes the pod away while it runs.
using Blow = void (*)(Cluster& cluster, const std::string& name_space, const std::string& name);
Blow BlowOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kEvicted:
      return [](Cluster& cluster, const auto& ns, const auto& name) { cluster.kubelet.Evict(ns, name); };
    case Outcome::kPreempted:
      return [](Cluster& cluster, const auto& ns, const auto& name) { cluster.kubelet.Preempt(ns, name); };
    case Outcome::kNodeLost:
      return [](Cluster& cluster, const auto& ns, const auto& name) {
        cluster.nodes.RemoveNode(cluster.kubelet.NodeOf(ns, name));
      };
    default: return nullptr;
  }
}

}  // namespace

Behaviour PodOutcomes::BehaviourOf(const json::Value& pod, Cluster& cluster) {
  const engine::PodView view = engine::ParsePod(pod);
  Behaviour behaviour;
  for (size_t i = 0; i < rules_.size(); ++i) {
    const Rule& rule = rules_[i];
    if (!Names(rule, view)) continue;
    met_[i] = true;
    const Duration after = FromSeconds(rule.after_seconds);
    const Blow blow = BlowOf(rule.outcome);
    behaviour.trouble = TroubleOf(rule.outcome);
    behaviour.runs_for = blow || rule.outcome == Outcome::kRunning ? kForEver : after;
    behaviour.end = {.exit_code = rule.outcome == Outcome::kFailed ? static_cast<int>(rule.exit_code.value_or(1)) : 0,
                     .output = OutputOf(rule),
                     .out_of_memory = rule.outcome == Outcome::kOomKilled};
    if (blow) {
      loop_.After(behaviour.to_bind + behaviour.to_create + behaviour.to_start + after,
                  [&cluster, blow, ns = view.namespace_name, name = view.name] { blow(cluster, ns, name); });
    }
    break;
  }
  behaviour.end.output =
      engine::PretendedMessage(pod, behaviour.end.output, [this](const std::string& text) { blobs_.Put(text); });
  return behaviour;
}

}  // namespace coreflow::rehearsal
