#include "pkg/reactor/reactor.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace coreflow::reactor {

Reactor::Reactor(Loop& loop, Hooks hooks)
    : loop_(loop), hooks_(std::move(hooks)), self_(std::make_shared<Reactor*>(this)) {}

Reactor::~Reactor() { *self_ = nullptr; }

engine::Owner& Reactor::OwnerOf(const OwnerKey& key, bool is_new) {
  auto it = owners_.find(key.uid);
  if (it == owners_.end()) {
    engine::Term term = term_;
    if (is_new) term.settled_at = {};
    it = owners_.emplace(key.uid, std::make_unique<engine::Owner>(key.kind, key.ns, key.name, key.uid, term)).first;
    if (started_) it->second->Observe(engine::Synced{});
  }
  return *it->second;
}

void Reactor::Observe(const OwnerKey& key, const engine::Observation& observation) {
  if (key.uid.empty()) return;
  if (std::holds_alternative<engine::ObjectSeen>(observation)) watched_.insert(key.uid);
  if (std::holds_alternative<engine::ObjectGone>(observation)) watched_.erase(key.uid);
  Tell(key, observation);
}

void Reactor::Answer(const OwnerKey& key, const engine::Observation& observation) {
  if (owners_.contains(key.uid)) Tell(key, observation);
}

bool Reactor::AwaitsPod(const std::string& uid, const std::string& pod) const {
  auto it = owners_.find(uid);
  return it != owners_.end() && it->second->AwaitsPod(pod);
}

bool Reactor::Lives(const std::string& uid) const {
  auto it = owners_.find(uid);
  return it != owners_.end() && !it->second->ObjectIsGone();
}

int64_t Reactor::EpochOf(const std::string& uid) const {
  constexpr int64_t kMost = int64_t{1} << 30;
  auto it = owners_.find(uid);
  const int64_t epoch = it == owners_.end() ? 0 : it->second->StoredEpoch();
  return epoch <= kMost ? epoch : 0;
}

int64_t Reactor::HighestEpoch() const {
  int64_t highest = 0;
  for (const auto& [uid, owner] : owners_) highest = std::max(highest, EpochOf(uid));
  return highest;
}

void Reactor::Tell(const OwnerKey& key, const engine::Observation& observation) {
  if (quarantined_.contains(key.uid)) return;
  // No former leader can have sent anything about an object that the first lists did not have.
  const bool is_new = started_ && std::holds_alternative<engine::ObjectSeen>(observation);
  try {
    OwnerOf(key, is_new).Observe(observation);
  } catch (const std::exception& error) {
    quarantined_.insert(key.uid);
    hooks_.on_quarantined(key, error.what());
    return;
  }
  Mark(key.uid);
}

void Reactor::Start(const engine::Term& term) {
  if (started_) return;
  started_ = true;
  term_ = term;
  for (auto& [uid, owner] : owners_) {
    owner->SetTerm(term);
    owner->Observe(engine::Synced{});
    Mark(uid);
  }
}

void Reactor::Admit(const std::string& ns) {
  auto held = held_.extract(ns);
  if (held.empty()) return;
  for (const std::string& uid : held.mapped()) Mark(uid);
}

bool Reactor::HasOwnersIn(const std::string& ns) const {
  return std::ranges::any_of(owners_, [&](const auto& owner) { return owner.second->namespace_name() == ns; });
}

const engine::ObjectView* Reactor::Object(const std::string& uid) const {
  auto it = owners_.find(uid);
  return it == owners_.end() || it->second->ObjectIsGone() ? nullptr : it->second->object();
}

void Reactor::Stop() { stopped_ = true; }

void Reactor::Mark(const std::string& uid) {
  dirty_.insert(uid);
  if (posted_ || !started_) return;
  posted_ = true;
  loop_.Post([self = self_] {
    if (*self) (*self)->DecideAll();
  });
}

void Reactor::DecideAll() {
  posted_ = false;
  for (const std::string& uid : std::exchange(dirty_, {})) {
    if (!stopped_ && !quarantined_.contains(uid)) Decide(uid);
  }
}

void Reactor::Decide(const std::string& uid) {
  auto it = owners_.find(uid);
  if (it == owners_.end()) return;
  engine::Owner& owner = *it->second;
  const OwnerKey key{.kind = owner.kind(), .ns = owner.namespace_name(), .name = owner.name(), .uid = uid};
  if (hooks_.may_decide && !hooks_.may_decide(key)) return Hold(key, owner);
  engine::Actions actions;
  const Duration before = loop_.Monotonic();
  try {
    actions = owner.Decide(loop_.Now());
  } catch (const std::exception& error) {
    quarantined_.insert(uid);
    hooks_.on_quarantined(key, error.what());
    return;
  }
  for (const engine::Action& action : actions) {
    if (const auto* wake = std::get_if<engine::WakeAt>(&action)) {
      WakeAt(uid, wake->time);
    } else {
      hooks_.apply(key, action);
    }
  }
  if (hooks_.on_decided) hooks_.on_decided(key, owner, loop_.Monotonic() - before);
  DropIfDone(key, owner);
}

void Reactor::Hold(const OwnerKey& key, const engine::Owner& owner) {
  if (DropIfDone(key, owner)) return;
  if (held_[key.ns].insert(key.uid).second && hooks_.on_held) hooks_.on_held(key);
}

bool Reactor::DropIfDone(const OwnerKey& key, const engine::Owner& owner) {
  if (!owner.Gone() || watched_.contains(key.uid)) return false;
  owners_.erase(key.uid);
  wakes_.erase(key.uid);
  if (auto held = held_.find(key.ns); held != held_.end()) held->second.erase(key.uid);
  if (hooks_.on_gone) hooks_.on_gone(key.uid);
  return true;
}

void Reactor::WakeAt(const std::string& uid, Time time) {
  // One that is set already, be it for an earlier question, does: an engine that is woken in vain asks again.
  std::set<Time>& wakes = wakes_[uid];
  if (!wakes.empty() && *wakes.begin() <= time) return;
  wakes.insert(time);
  loop_.After(std::max(Duration(0), time - loop_.Now()), [self = self_, uid, time] {
    if (!*self) return;
    Reactor& reactor = **self;
    auto it = reactor.wakes_.find(uid);
    if (it != reactor.wakes_.end() && it->second.erase(time) > 0) reactor.Mark(uid);
  });
}

}  // namespace coreflow::reactor
