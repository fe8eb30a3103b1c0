#include "pkg/engine/cleanup.h"

#include <algorithm>
#include <utility>

namespace coreflow::engine {

namespace {

constexpr Duration kSweepInterval = std::chrono::seconds(1);
constexpr Duration kPatience = std::chrono::seconds(20);

}  // namespace

Cleanup::Cleanup(std::string run_id, api::PodCleanup policy) : run_id_(std::move(run_id)), policy_(policy) {}

void Cleanup::Release(const HeldPod& pod) { Add(pod, false); }

void Cleanup::Remove(const HeldPod& pod) { Add(pod, true); }

void Cleanup::Add(const HeldPod& pod, bool remove) {
  if (!releasing_.emplace(pod.name, pod).second) return;
  ReleasePod action{.name = pod.name, .uid = pod.uid, .done = pod.done};
  if (hurried_.contains(pod.name)) {
    urgent_.push_back(std::move(action));
  } else if (remove) {
    unwanted_.push_back({.name = pod.name, .uid = pod.uid});
    removed_.emplace(pod.name, std::move(action));
  } else {
    waiting_.push_back({.action = std::move(action), .since = {}});
  }
}

void Cleanup::Hurry(const std::string& name) {
  if (!hurried_.insert(name).second || !releasing_.contains(name)) return;
  if (auto node = removed_.extract(name)) return urgent_.push_back(std::move(node.mapped()));
  auto it = std::ranges::find(waiting_, name, [](const Waiting& waiting) { return waiting.action.name; });
  if (it == waiting_.end()) return;
  urgent_.push_back(std::move(it->action));
  waiting_.erase(it);
}

bool Cleanup::Forget(const std::string& name) {
  hurried_.erase(name);
  removed_.erase(name);
  return releasing_.erase(name) > 0;
}

void Cleanup::Released(const PodView& pod) {
  Forget(pod.name);
  if (pod.done.empty() || pod.deletion_time) return;
  // The answer and the watch both show it: it is worth one sweep, not two.
  if (labelled_.emplace(pod.uid, pod.done).second) ++(Sweeps(pod.done) ? unswept_ : kept_);
}

void Cleanup::RunSucceeded() {
  if (policy_ != api::PodCleanup::kOnSuccess) return;
  policy_ = api::PodCleanup::kOnCompletion;
  unswept_ += std::exchange(kept_, 0);
}

bool Cleanup::Gone(const std::string& name, const std::string& uid) {
  labelled_.erase(uid);
  auto it = releasing_.find(name);
  if (it != releasing_.end() && it->second.uid != uid) return false;
  return Forget(name);
}

void Cleanup::Decide(Time now, bool busy, Actions& actions) {
  for (RemovePod& action : std::exchange(unwanted_, {})) actions.push_back(std::move(action));
  for (ReleasePod& action : std::exchange(urgent_, {})) actions.push_back(std::move(action));
  for (auto it = waiting_.rbegin(); it != waiting_.rend() && !it->since; ++it) it->since = now;
  while (!waiting_.empty() && (!busy || *waiting_.front().since + kPatience <= now)) {
    // One that went by itself meanwhile needs nothing more.
    if (releasing_.contains(waiting_.front().action.name)) actions.push_back(std::move(waiting_.front().action));
    waiting_.pop_front();
  }
  Sweep(now, busy, actions);
}

bool Cleanup::Sweeps(const std::string& done) const {
  switch (policy_) {
    case api::PodCleanup::kOnSuccess: return done == "Succeeded";
    case api::PodCleanup::kOnCompletion: return !done.empty();
    case api::PodCleanup::kNever: return false;
  }
  return false;
}

void Cleanup::Sweep(Time now, bool busy, Actions& actions) {
  if (unswept_ == 0) return;
  const bool more = busy || !releasing_.empty();
  if (more && last_sweep_ && now < *last_sweep_ + kSweepInterval) return;
  std::vector<std::string> done = {"Succeeded"};
  if (Sweeps("Failed")) done.push_back("Failed");
  actions.push_back(SweepPods{.run_id = run_id_, .done = std::move(done)});
  unswept_ = 0;
  last_sweep_ = now;
}

std::optional<Time> Cleanup::NextWake() const {
  std::optional<Time> next;
  if (!waiting_.empty()) next = waiting_.front().since.value_or(Time{}) + kPatience;
  if (unswept_ > 0) {
    const Time sweep = last_sweep_.value_or(Time{}) + kSweepInterval;
    if (!next || sweep < *next) next = sweep;
  }
  return next;
}

std::set<std::string> Cleanup::Swept() const {
  std::set<std::string> uids;
  for (const auto& [uid, done] : labelled_) {
    if (Sweeps(done)) uids.insert(uid);
  }
  return uids;
}

std::vector<HeldPod> Cleanup::Held() const {
  std::vector<HeldPod> pods;
  for (const auto& [name, pod] : releasing_) pods.push_back(pod);
  return pods;
}

}  // namespace coreflow::engine
