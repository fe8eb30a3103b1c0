// The rules of pods.
#include "tests/sim/checker.h"

#include <algorithm>

#include "pkg/simulation/faulty_transport.h"

namespace coreflow::sim {

void Checker::Follow(const apiserver::Audit& audit) {
  for (; followed_ < audit.entries().size(); ++followed_) {
    const apiserver::AuditEntry& entry = audit.entries()[followed_];
    if (entry.resource == &apiserver::Pods()) OnPod(entry);
    if (entry.resource == &apiserver::Namespaces()) OnNamespace(entry);
    if (entry.resource == &apiserver::Records()) OnRecord(entry);
    if (entry.resource == &apiserver::Workflows() || entry.resource == &apiserver::Jobs()) OnObject(entry);
  }
}

void Checker::Fail(const apiserver::AuditEntry& entry, std::string rule, std::string detail) {
  violations_.push_back({.rule = std::move(rule), .object = entry.key, .detail = std::move(detail), .at = entry.at});
}

void Checker::OnPod(const apiserver::AuditEntry& entry) {
  const PodFacts after = entry.after ? FactsOf(entry.after->object()) : PodFacts{};
  if (!entry.before) {
    if (after.ours && ByOperator(entry)) OnPodCreated(entry, after);
    return;
  }
  auto known = pods_.find(entry.uid);
  if (known == pods_.end()) {
    if (ByOperator(entry)) Fail(entry, "StrangerTouched", "the pod is not of a run");
    return;
  }
  const PodFacts before = known->second;
  CheckSuccessor(entry, before, after);
  NoteWiped(entry, before, after);
  RunFacts& run = runs_[{before.owner_uid, before.attempt.run}];
  if (!before.over && (!entry.after || after.over)) {
    if (run.live.erase(entry.uid) > 0) --run.step_live[before.step];
  }
  if (!entry.after) {
    known->second.over = true;
    known->second.held = false;
    return;
  }
  // A container that is stopped may end with 0 and without its outputs, which is no success.
  const bool complete = (after.wrote || !run.steps[before.step].has_outputs) && !after.unfit;
  if (after.succeeded && !before.succeeded && !after.ending && complete) {
    Item& item = items_[{before.owner_uid, before.attempt.run, before.step, before.attempt.item}];
    // Another pod may put equal ones before they are read.
    const bool lost = OutputsAreLost(after);
    if (before.over || lost) item.may_have_succeeded = true;
    if (after.attempt.cache) computed_.insert(after.attempt.cache->key);
    if (!before.over && !lost) item.succeeded = before.attempt.attempt;
    item.large_outputs = after.large_outputs;
  }
  known->second = after;
}

void Checker::OnPodCreated(const apiserver::AuditEntry& entry, const PodFacts& pod) {
  const RunKey key{pod.owner_uid, pod.attempt.run};
  Item& item = items_[{pod.owner_uid, pod.attempt.run, pod.step, pod.attempt.item}];
  RunFacts& run = runs_[key];
  const ObjectFacts& object = objects_[pod.owner_uid];
  // A former leader's request that nobody knows of: when it comes, the item may have been given up as never started.
  // That pod is removed, and nothing has run twice.
  const bool first = !item.pods.contains(pod.attempt.attempt) || item.wiped;
  const bool late = entry.agent.ends_with(simulation::kLateAgent);
  if (first) item.came_late = late && !fenced_;
  if (!run.pinned) Fail(entry, "StartedUnpinned", "a pod of a run whose record 0 is not stored");
  if (object.run < pod.attempt.run) Fail(entry, "StartedUnannounced", "a pod of a run that no status names");
  if (auto ended = object.results.find(pod.attempt.run); ended != object.results.end() && !item.came_late) {
    Fail(entry, "StartedAfterEnd", "the run has ended: " + ended->second);
  }
  item.forced = item.forced || (late && item.wiped);
  if (item.forced) {
    for (const auto& [attempt, uid] : item.pods) {
      if (run.live.erase(uid) > 0) --run.step_live[pod.step];
    }
  } else {
    CheckAttempt(entry, pod, item);
    CheckRetry(entry, pod, item);
    CheckDependencies(entry, pod, run);
  }
  item.pods[pod.attempt.attempt] = pod.uid;
  pods_[pod.uid] = pod;
  run.pods.insert(pod.uid);
  if (item.came_late && item.wiped) item.stray = pod.uid;
  if (item.came_late || item.forced) return;
  run.live.insert(pod.uid);
  ++run.step_live[pod.step];
  CheckParallelism(entry, pod, run);
}

void Checker::CheckAttempt(const apiserver::AuditEntry& entry, const PodFacts& pod, Item& item) {
  const int32_t attempt = pod.attempt.attempt;
  const std::string number = "attempt " + std::to_string(attempt);
  if (item.pods.contains(attempt) && !item.wiped) Fail(entry, "StartedTwice", number + " was started before");
  if (item.recorded && !item.came_late)
    Fail(entry, "StartedAfterResult", number + " although the item's result is stored");
  if (item.succeeded > 0 && !(item.came_late && item.wiped)) {
    Fail(entry, "SucceededTwice", number + " although attempt " + std::to_string(item.succeeded) + " succeeded");
  }
  if (!item.pods.empty() && item.pods.rbegin()->first > attempt && !item.wiped) Fail(entry, "AttemptWentBack", number);
  for (const auto& [other, uid] : item.pods) {
    if (!pods_[uid].over && uid != item.stray)
      Fail(entry, "TwoLivePods", number + " while attempt " + std::to_string(other) + " runs");
  }
}

// What a pod says of the attempts before it must be what came of them, and within the step's limits.
void Checker::CheckRetry(const apiserver::AuditEntry& entry, const PodFacts& pod, const Item& item) {
  const engine::AttemptFacts& facts = pod.attempt;
  if (item.wiped || facts.attempt == 1) return;
  const std::string counted = "failures " + std::to_string(facts.failures) + ", losses to the cluster " +
                              std::to_string(facts.infrastructure_failures);
  auto before = item.pods.find(facts.attempt - 1);
  if (before == item.pods.end()) {
    return Fail(entry, "AttemptSkipped", "attempt " + std::to_string(facts.attempt) + " without one before it");
  }
  const PodFacts& last = pods_.at(before->second);
  const int32_t failed = facts.failures - last.attempt.failures;
  const int32_t lost = facts.infrastructure_failures - last.attempt.infrastructure_failures;
  const bool wrong = (last.evicted && lost != 1) || (last.failed && failed != 1);
  if (failed + lost != 1 || wrong) Fail(entry, "WronglyCounted", counted + "; the last pod was " + last.key);
  const StepRules& rules = runs_[{pod.owner_uid, facts.run}].steps[pod.step];
  if (facts.failures > rules.limit || facts.infrastructure_failures > rules.infrastructure_limit) {
    Fail(entry, "RetriedTooOften",
         counted + "; at most " + std::to_string(rules.limit) + ", " + std::to_string(rules.infrastructure_limit));
  }
}

std::vector<const Checker::Item*> Checker::ItemsOf(const RunKey& run, const std::string& step) const {
  std::vector<const Item*> found;
  for (auto it = items_.lower_bound({run.first, run.second, step, INT32_MIN}); it != items_.end(); ++it) {
    const auto& [uid, number, name, index] = it->first;
    if (uid != run.first || number != run.second || name != step) break;
    found.push_back(&it->second);
  }
  return found;
}

void Checker::CheckDependencies(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run) {
  auto rules = run.steps.find(pod.step);
  if (rules == run.steps.end()) {
    if (run.pinned) Fail(entry, "UnknownStep", pod.step);
    return;
  }
  for (const std::string& parent : rules->second.parents) {
    CheckParent(entry, pod, run, parent, rules->second.parents_must_succeed);
  }
  const Item& own = items_.at({pod.owner_uid, pod.attempt.run, pod.step, pod.attempt.item});
  const bool excused = run.wiped || own.wiped || own.came_late;
  for (const std::string& child : rules->second.children) {
    for (const Item* item : ItemsOf({pod.owner_uid, pod.attempt.run}, child)) {
      if (!item->pods.empty() && !excused)
        Fail(entry, "StartedAfterDependent", "step " + child + " has started already");
    }
  }
}

void Checker::CheckParent(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run,
                          const std::string& parent, bool must_succeed) {
  const StepRules& rules = run.steps.at(parent);
  must_succeed = must_succeed && !rules.may_fail;
  bool started = false;
  for (const Item* item : ItemsOf({pod.owner_uid, pod.attempt.run}, parent)) {
    started = started || item->reused || !item->pods.empty();
    if (item->reused || item->pods.empty()) continue;
    for (const auto& [attempt, uid] : item->pods) {
      const bool live = !pods_.at(uid).over && !item->came_late && !item->forced;
      if (live) Fail(entry, "StartedTooEarly", "a pod of step " + parent + " still runs");
    }
    if (must_succeed && item->succeeded == 0 && !item->may_have_succeeded) {
      Fail(entry, "StartedWithoutSuccess", "an item of step " + parent + " has not succeeded");
    }
  }
  if (must_succeed && !started && !rules.has_items) {
    Fail(entry, "StartedTooEarly", "step " + parent + " never started");
  }
}

void Checker::CheckParallelism(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run) {
  const ObjectFacts& object = objects_[pod.owner_uid];
  if (object.limited && static_cast<int64_t>(run.live.size()) > object.parallelism) {
    Fail(entry, "TooManyAtOnce",
         std::to_string(run.live.size()) + " pods; parallelism was never over " + std::to_string(object.parallelism));
  }
  auto rules = run.steps.find(pod.step);
  if (rules == run.steps.end() || rules->second.parallelism == 0) return;
  const int live = run.step_live.at(pod.step);
  if (live > rules->second.parallelism) {
    Fail(entry, "TooManyItemsAtOnce", std::to_string(live) + " of step " + pod.step);
  }
}

void Checker::NoteWiped(const apiserver::AuditEntry& entry, const PodFacts& before, const PodFacts& after) {
  if (ByOperator(entry) || !before.held || after.held) return;
  Item& item = items_[{before.owner_uid, before.attempt.run, before.step, before.attempt.item}];
  item.wiped = true;
  if (!item.recorded) runs_[{before.owner_uid, before.attempt.run}].wiped = true;
  if (item.succeeded == before.attempt.attempt && !item.recorded) {
    item.succeeded = 0;
    item.may_have_succeeded = true;
  }
}

// A pod is what is known of its attempt until its successor fact is durable.
void Checker::CheckSuccessor(const apiserver::AuditEntry& entry, const PodFacts& before, const PodFacts& after) {
  if (!ByOperator(entry)) return;
  const bool let_go = before.held && !after.held;
  const bool deleted = !entry.after || (after.deleting && !before.deleting && !before.ending);
  if ((!let_go && !deleted) || !before.held) return;
  if (Gone(before.owner_uid) || runs_[{before.owner_uid, before.attempt.run}].wiped) return;
  const Item& item = items_[{before.owner_uid, before.attempt.run, before.step, before.attempt.item}];
  if (item.recorded || item.came_late || item.pods.rbegin()->first > before.attempt.attempt) return;
  Fail(entry, let_go ? "LetGoTooEarly" : "DeletedTooEarly",
       "neither the item's record nor a later attempt's pod is stored");
}

}  // namespace coreflow::sim
