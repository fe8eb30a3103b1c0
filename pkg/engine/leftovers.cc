#include "pkg/engine/leftovers.h"

#include <optional>
#include <utility>

#include "pkg/base/resource_version.h"

namespace coreflow::engine {

namespace {

bool HasEnded(const PodView& pod) { return pod.phase == "Succeeded" || pod.phase == "Failed"; }

}  // namespace

void Leftovers::Observe(const PodView& pod) {
  if (auto known = pods_.find(pod.name); known != pods_.end()) {
    auto order = CompareResourceVersions(pod.resource_version, known->second.resource_version);
    if (known->second.uid == pod.uid && order && *order <= 0) return;
    Erase(pod.name);
  }
  pods_.emplace(pod.name, pod);
  news_.insert(pod.name);
  if (pod.has_finalizer) ++held_;
}

void Leftovers::ObserveGone(const std::string& name, const std::string& uid) {
  removed_.erase(uid);
  let_go_.erase(uid);
  swept_.erase(uid);
  if (auto it = pods_.find(name); it != pods_.end() && it->second.uid == uid) Erase(name);
}

void Leftovers::Erase(const std::string& name) {
  auto it = pods_.find(name);
  if (it == pods_.end()) return;
  if (it->second.has_finalizer) --held_;
  pods_.erase(it);
  news_.erase(name);
}

std::vector<PodView> Leftovers::Take(const std::string& run_id) {
  std::vector<PodView> taken;
  for (const auto& [name, pod] : pods_) {
    if (pod.run_id == run_id) taken.push_back(pod);
  }
  for (const PodView& pod : taken) Erase(pod.name);
  return taken;
}

bool Leftovers::Ended(const PodView& pod) const {
  return rule_.object_gone || !pod.facts || pod.facts->run <= rule_.last_run;
}

// Pods that were let go and not swept, because the engine that did the one did not come to the other.
bool Leftovers::IsToBeSwept(const PodView& pod) const {
  if (rule_.object_gone || rule_.cleanup == api::PodCleanup::kNever) return false;
  if (pod.has_finalizer || pod.deletion_time || !pod.facts) return false;
  const bool of_success = pod.facts->run == rule_.last_run && rule_.last_succeeded;
  const bool failed_too = rule_.cleanup == api::PodCleanup::kOnCompletion || of_success;
  return pod.done == "Succeeded" || (failed_too && pod.done == "Failed");
}

// One that runs is deleted first, and let go when that was seen: cut in between, nothing is left running.
void Leftovers::LetGo(const PodView& pod, bool succeeded, Actions& actions) {
  const bool unwanted = rule_.object_gone || !HasEnded(pod);
  if (unwanted && !pod.deletion_time) {
    if (removed_.insert(pod.uid).second) actions.push_back(RemovePod{.name = pod.name, .uid = pod.uid});
  } else if (let_go_.insert(pod.uid).second) {
    actions.push_back(
        ReleasePod{.name = pod.name, .uid = pod.uid, .done = succeeded && !rule_.object_gone ? "Succeeded" : "Failed"});
  }
}

void Leftovers::Decide(const Rule& rule, const std::function<std::set<std::string>()>& succeeded, Actions& actions) {
  std::set<std::string> names = std::exchange(news_, {});
  if (rule != rule_) {
    rule_ = rule;
    for (const auto& [name, pod] : pods_) names.insert(name);
  }
  std::optional<std::set<std::string>> good;
  std::map<std::string, std::set<std::string>> runs;  // what is swept of each
  for (const std::string& name : names) {
    const PodView& pod = pods_.at(name);
    if (!Ended(pod)) continue;
    if (pod.has_finalizer) {
      const bool of_last = pod.facts && pod.facts->run == rule.last_run;
      if (of_last && !good) good = succeeded();
      LetGo(pod, of_last ? good->contains(name) : pod.phase == "Succeeded", actions);
    }
    if (IsToBeSwept(pod) && swept_.insert(pod.uid).second) runs[pod.run_id].insert(pod.done);
  }
  for (const auto& [run, done] : runs) {
    actions.push_back(SweepPods{.run_id = run, .done = {done.begin(), done.end()}});
  }
}

}  // namespace coreflow::engine
