#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/engine/owner.h"

namespace coreflow::reactor {

// Which Workflow or Job; the UID is what tells.
struct OwnerKey {
  engine::Kind kind = engine::Kind::kWorkflow;
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
};

// Owns the engines of all objects of a shard: hands them what is observed, asks each that has news what to do, and has
// it done. The one thread that runs the loop; no locks. The same in the operator and in the simulator.
class Reactor {
 public:
  struct Hooks {
    // Does an action, or begins to; its answer comes back through Observe. Never calls Observe itself, but posts.
    std::function<void(const OwnerKey& key, const engine::Action& action)> apply = {};
    // Whether that object is ours to act on. Asked before every decision; when it is not, the engine is asked again
    // after Admit() of its namespace. Empty: all are.
    std::function<bool(const OwnerKey& key)> may_decide = {};
    // The first time that it was not; until Admit().
    std::function<void(const OwnerKey& key)> on_held = {};
    // An engine threw, and its object is left alone from now on. For logs and metrics.
    std::function<void(const OwnerKey& key, const std::string& what)> on_quarantined = {};
    // After an engine has decided, which took so long. For metrics.
    std::function<void(const OwnerKey& key, engine::Owner& owner, std::chrono::duration<double> took)> on_decided = {};
    // Nothing is left to do for that object, and its engine is dropped.
    std::function<void(const std::string& uid)> on_gone = {};
  };

  Reactor(Loop& loop, Hooks hooks);
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // What was watched: tells the engine of that object, which is made if it is new. It decides soon, once for all that
  // came meanwhile. An engine stays for as long as its object was seen and not seen to go: the watch may be behind what
  // answers say, and an engine made of an outdated object would run it again.
  void Observe(const OwnerKey& key, const engine::Observation& observation);

  // What was answered to an action: the same, but to nobody when the engine that asked is gone.
  void Answer(const OwnerKey& key, const engine::Observation& observation);

  // Whether that object's engine has asked for this pod and has not heard of it.
  bool AwaitsPod(const std::string& uid, const std::string& pod) const;

  // Whether there is an engine for that object, and its object is there as far as it knows.
  bool Lives(const std::string& uid) const;

  // The epoch in the status of the object of that UID; 0 for none, and beyond 2^30, which nobody can have come to.
  int64_t EpochOf(const std::string& uid) const;

  // The highest of all objects.
  int64_t HighestEpoch() const;

  // The first lists are complete: engines may decide, in this term. Nothing is decided before.
  void Start(const engine::Term& term);

  // What may_decide has denied in that namespace may be decided on.
  void Admit(const std::string& ns);

  bool HasOwnersIn(const std::string& ns) const;

  // The object of that UID as last seen; null: there is none, or it is gone.
  const engine::ObjectView* Object(const std::string& uid) const;

  // Decides nothing more. What was asked for before may still be answered.
  void Stop();

  bool started() const { return started_; }
  const std::map<std::string, std::unique_ptr<engine::Owner>>& owners() const { return owners_; }
  size_t quarantined() const { return quarantined_.size(); }

 private:
  engine::Owner& OwnerOf(const OwnerKey& key, bool is_new);
  void Tell(const OwnerKey& key, const engine::Observation& observation);
  void Mark(const std::string& uid);
  void DecideAll();
  void Decide(const std::string& uid);
  void Hold(const OwnerKey& key, const engine::Owner& owner);
  // Drops the engine when nothing is left for it to do; `owner` is no more then.
  bool DropIfDone(const OwnerKey& key, const engine::Owner& owner);
  void WakeAt(const std::string& uid, Time time);

  Loop& loop_;
  const Hooks hooks_;
  bool started_ = false;
  bool stopped_ = false;
  engine::Term term_;
  std::map<std::string, std::unique_ptr<engine::Owner>> owners_;  // by UID
  std::set<std::string> watched_;                                 // objects that the watch has shown, and not their end
  std::set<std::string> dirty_;
  std::map<std::string, std::set<std::string>> held_;  // UIDs by namespace
  std::set<std::string> quarantined_;
  std::map<std::string, std::set<Time>> wakes_;  // the timers that are set, which can't be taken back
  bool posted_ = false;
  std::shared_ptr<Reactor*> self_;  // null once destroyed: work that is still in the loop looks
};

}  // namespace coreflow::reactor
