// How a run that is made anew finds what it had come to: in the records, and in its pods.

#include <utility>

#include "pkg/engine/names.h"
#include "pkg/engine/run.h"

namespace coreflow::engine {

void Run::Restore(const std::map<int32_t, json::Value>& records, std::span<const PodView> pods) {
  for (const auto& [index, body] : records) {
    if (index == 0) continue;
    recorder_.OnStored(index, body);
    LoadRecord(body);
  }
  for (const PodView& pod : pods) Observe(pod);
}

void Run::LoadRecord(const json::Value& body) {
  const auto& steps = progress_.graph().by_name;
  for (const json::Value& item : body["results"].Elements()) {
    auto stored = FromRecordItem(item);
    if (!stored) continue;
    const auto step = steps.find(stored->step);
    if (step == steps.end()) continue;
    if (EndedAsAWhole(*stored, progress_.definition(step->second))) {
      progress_.LoadSettled(step->second, stored->result);
      continue;
    }
    const ItemId id{.step = step->second, .item = stored->index.value_or(0)};
    if (!progress_.Exists(id) || progress_.Ended(id)) continue;
    const auto pod = Drop(id);
    progress_.Load(id, stored->result);
    LoadStored(id, stored->result);
    CountCache(stored->result);
    if (pod) Observe(*pod);
  }
}

// Gives up what we do about an item whose result is stored, and gives the pod that it has.
std::optional<PodView> Run::Drop(ItemId id) {
  const auto it = attempts_.find(id);
  if (it == attempts_.end()) return std::nullopt;
  Attempt& attempt = it->second;
  if (attempt.asked) --creates_in_flight_;
  for (const HeldPod& pod : attempt.earlier) cleanup_.Release(pod);
  auto pod = attempt.absent ? std::nullopt : std::move(attempt.pod);
  LeaveCache(id, attempt, queued_);
  ForgetDenial(id);
  ForgetStart(id);
  touched_.insert(id);
  by_pod_.erase(attempt.pod_name);
  attempts_.erase(it);
  return pod;
}

std::optional<ItemId> Run::ItemOf(const PodView& pod) const {
  const auto& steps = progress_.graph().by_name;
  const auto step = steps.find(pod.step);
  if (pod.run_id != run_id_ || step == steps.end() || !pod.facts) return std::nullopt;
  ItemId id{.step = step->second, .item = pod.facts->item};
  const RunFacts& run = progress_.facts();
  if (!progress_.Exists(id) || pod.facts->run != run.number) return std::nullopt;
  // Anybody may write labels; the name can't be changed after the fact.
  if (pod.name != PodName(run.name, run.uid, run.number, pod.step, id.item, pod.facts->attempt)) return std::nullopt;
  return id;
}

// A pod that this engine has not asked for: it is what an earlier one left.
void Run::Adopt(ItemId id, const PodView& pod) {
  Attempt attempt{.facts = *pod.facts, .pod_name = pod.name};
  bool remembered = false;
  if (auto it = attempts_.find(id); it != attempts_.end()) {
    attempt.earlier = std::move(it->second.earlier);
    if (it->second.pod) {
      attempt.earlier.push_back({.name = it->second.pod_name, .uid = it->second.pod->uid, .done = "Failed"});
    }
    remembered = it->second.remembered;
    if (it->second.asked) --creates_in_flight_;
    by_pod_.erase(it->second.pod_name);
  }
  by_pod_[pod.name] = id;
  progress_.LoadStarted(id);
  if (ending_ != RunEnding::kNone && ending_ != RunEnding::kGraceful && !progress_.definition(id.step).in_finally) {
    attempt.want = Ending::kStopped;
  }
  Attempt& slot = attempts_[id] = std::move(attempt);
  // What was looked up since is not what this pod was given when it began.
  if (!AnnounceToCache(id, slot) && remembered) queued_.push_back(engine::LeaveCache{.of = CacheName(id)});
  See(id, slot, pod);
}

}  // namespace coreflow::engine
