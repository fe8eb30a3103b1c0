#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/engine/owner.h"
#include "pkg/engine/pretended.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// What the cluster does to a pod instead of letting it end.
enum class Loss {
  kNone,
  kEvicted,   // by the kubelet
  kNodeLost,  // the node is gone and the pod garbage collector ends the pod
  kDeleted,   // by a user, with its grace period
  kForced,    // by a user, with grace period 0; the finalizer keeps the object
  kRemoved,   // by a user, finalizer and all
};

// How a container ends.
struct ContainerEnd {
  int32_t exit_code = 0;
  std::string output = {};      // what it writes to $COREFLOW_OUTPUT
  std::string reason = {};      // "OOMKilled"; empty: Completed or Error
  std::string pod_reason = {};  // "Evicted"
  bool never = false;           // it runs until it is deleted
  Duration after = {};          // from its start
  Loss loss = Loss::kNone;
};

// What happened, in the order in which it did.
struct WorldEvent {
  enum class What {
    kCreated,
    kStarted,
    kEnded,
    kReleased,
    kRemoved,
    kGone,
    kHit,
    kRecorded,
    kStatus,
    kEdited,
    kDeleted
  };
  What what = What::kCreated;
  Time time = {};
  std::string pod = {};  // of the first seven
  std::string step = {};
  AttemptFacts facts = {};
  json::Value value = {};  // the record's body, the status or the spec
};

// The world as an Owner sees it, reduced to one object: what it creates is stored, pods run and end, and everything
// comes back as observations. Deterministic, single-threaded; time is a number. A copy is a world of its own. For tests
// of the engine alone.
class World {
 public:
  // Asked when the container starts and when it ends: it says the same both times.
  using Behaviour = std::function<ContainerEnd(const PodView& pod)>;
  // A pod as it is stored: as JSON, so that reading it is tested too.
  struct Pod {
    json::Object object;
    PodView view;             // the same, read
    std::optional<Time> due;  // when it starts or its container ends by itself
  };

  World(Kind kind, json::Value spec, Behaviour behaviour);

  // Everything that is stored, as an engine is told it after a restart.
  std::vector<Observation> Stored() const;
  std::unique_ptr<Owner> NewOwner(const Term& term = {}) const;

  // One round: decide, do at most `limit` of the actions, then let pods go on. False when there was nothing to do.
  bool Round(Owner& owner, size_t limit = SIZE_MAX);
  // Rounds until nothing happens and nothing is waited for, or `rounds` have passed. Gives whether it came to rest.
  bool Settle(Owner& owner, int rounds = 2000);

  // The parts of a round. Apply does one action.
  void Apply(Owner& owner, const Action& action);
  void LetPodsGoOn();
  // Whether something has changed that Tell() would tell.
  bool HasNews() const { return !changed_.empty() || !gone_.empty() || object_changed_; }
  // When a pod next starts or ends by itself.
  std::optional<Time> NextPodEvent() const;

  // What the user does.
  void Edit(const std::function<void(json::Object& spec)>& edit);
  // Annotations coreflow.dev/run-requested-at, empty takes it away, and retry-from, for this request.
  void RequestRun(const std::string& when, const json::Object& retry_from = {});
  void TrackByGitOps();
  // Annotation coreflow.dev/traceparent.
  void SetTraceparent(const std::string& traceparent);
  void DeletePod(const std::string& name, bool force);
  void DeleteObject();
  // The artifact store has lost the large outputs of all steps.
  void LoseOutputs() { outputs_.clear(); }
  // Tells the owner of everything that changed since the last call.
  void Tell(Owner& owner);

  std::string State() const { return object_.status["state"].StringOr(""); }
  std::string Reason() const;
  const json::Value& status() const { return object_.status; }
  // All items of all records of a run as "step[index] State/Reason", sorted.
  std::vector<std::string> Ends(int32_t run = 1) const;
  const json::Value* RecordItem(const std::string& step, std::optional<int64_t> index = {}) const;
  // Names of all pods that were ever created, in order; a name twice is a duplicate start.
  const std::vector<std::string>& created() const { return created_; }
  const std::map<std::string, Pod>& pods() const { return pods_; }
  const std::map<std::string, json::Value>& records() const { return records_; }
  const ObjectView& object() const { return object_; }
  bool object_gone() const { return object_gone_; }
  const std::vector<WorldEvent>& log() const { return log_; }
  int64_t most_running() const { return most_running_; }
  int64_t writes() const { return writes_; }
  Time now{std::chrono::hours(490000)};
  // Denies creates while it is true.
  std::function<bool(const PodView& pod)> quota_denies;
  // What was in the step cache before.
  std::function<std::optional<ItemResult>(const LookUpCache& look)> warm;
  // Of every owner's term.
  std::shared_ptr<const CourierSetup> courier = PretendedCourier();
  // Told of every event.
  std::function<void(const EmitEvent& event)> said;
  // Everything that owners are told is also appended here.
  std::vector<Observation>* told = nullptr;

 private:
  void Say(Owner& owner, const Observation& observation);
  void SayPod(Owner& owner, const std::string& name, const std::string& uid);
  RunLookedUp FindRun(const api::RunName& asked) const;
  void LookUp(Owner& owner, const LookUpCache& look);
  void Create(Owner& owner, const CreatePod& create);
  void End(Owner& owner, const EndPod& end);
  void Remove(Owner& owner, const RemovePod& remove);
  void Release(Owner& owner, const ReleasePod& release);
  void Sweep(const SweepPods& sweep);
  void Write(Owner& owner, const WriteStatus& write);
  void CollectGarbage();
  void Start(const std::string& name);
  void EndContainer(const std::string& name, const ContainerEnd& end);
  void Lose(const std::string& name, Loss loss);
  void Touch(const std::string& name);
  void Remove(const std::string& name);
  void Note(WorldEvent::What what, const PodView& pod);
  bool Ended(const PodView& pod) const;

  ObjectView object_;
  const Behaviour behaviour_;
  std::map<std::string, Pod> pods_;
  std::map<std::string, json::Value> records_;
  std::vector<std::string> created_;
  std::vector<WorldEvent> log_;
  std::map<std::string, KeepInCache> cache_;    // by the key's digest
  std::map<std::string, std::string> outputs_;  // large ones, by their digest
  std::set<std::string> changed_;
  std::vector<PodGone> gone_;
  bool object_changed_ = false;
  bool object_gone_ = false;
  int64_t version_ = 100;
  int64_t most_running_ = 0;
  int64_t writes_ = 0;
  std::optional<Time> wake_;
};

// Builds a Workflow's spec from JSON text. REQUIRES: it is valid JSON.
json::Value Spec(const std::string& text);

}  // namespace coreflow::engine
