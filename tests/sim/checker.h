#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pkg/apiserver/audit.h"
#include "tests/sim/facts.h"
#include "tests/sim/simulated_store.h"

namespace coreflow::sim {

// One broken promise.
struct Violation {
  std::string rule = {};    // "SucceededTwice"
  std::string object = {};  // "namespace/name"
  std::string detail = {};
  Time at = {};
};

// Holds every accepted write against what CoreFlow promises. It knows nothing of the operator's memory: only what any
// client of the API server could have seen, and what the store has, in order. The rules are in checker.cc (pods),
// checker_objects.cc (workflows, jobs and records) and checker_blobs.cc (what is in the store).
class Checker {
 public:
  // `fenced`: what a former leader sent can't come late, for the API server refuses it at once.
  explicit Checker(bool fenced) : fenced_(fenced) {}

  // Takes the writes that have come since the last call.
  void Follow(const apiserver::Audit& audit);

  const std::vector<Violation>& violations() const { return violations_; }

  using BlobName = SimulatedStore::BlobName;
  // What happens in the store. REQUIRES: all writes before it were taken by Follow().
  void OnBlobPut(const BlobName& blob);
  // Who has computed large outputs that are lost may have to do so again. `name`: its namespace may not have it any
  // more.
  void OnBlobLost(const BlobName& blob, bool name, Time at);
  // A sweep deletes the name of a blob, or where the namespace is empty the blob. `kept`: a kept result has it;
  // `named`: some namespace may have it.
  void OnBlobSwept(const BlobName& blob, bool kept, bool named, Time at);

 private:
  using RunKey = std::pair<std::string, int32_t>;  // UID of the owner, number of the run
  // An item of a step as pods name it; 0 for a step without items.
  using ItemKey = std::tuple<std::string, int32_t, std::string, int32_t>;

  struct Item {
    std::map<int32_t, std::string> pods = {};  // UIDs, by attempt
    int32_t succeeded = 0;                     // the attempt that did, by its pod
    std::string large_outputs = {};            // of that, in the artifact store
    bool may_have_succeeded = false;           // so did one that had been deleted by force: who looks later sees it
    bool recorded = false;
    bool good = false;    // so its record says
    bool reused = false;  // taken from an earlier run: it has no pods
    // Somebody took one of its pods away with its finalizer: nothing tells any more what it did, nor that there was
    // one.
    bool wiped = false;
    // After that a request of ours came late and found its name free: what it starts nobody could have known of, and
    // which attempt is the last one is anybody's guess.
    bool forced = false;
    bool came_late = false;  // its last pod, the first of its attempt: nobody need have known of it
    std::string stray =
        {};  // the last of those whose name somebody had freed so: it is removed, and counts for nothing
  };
  struct StepRules {
    std::vector<std::string> parents = {};
    std::vector<std::string> children = {};
    bool parents_must_succeed = false;
    bool may_fail = false;
    bool has_items = false;
    bool has_outputs = false;
    bool in_finally = false;
    int64_t limit = 0;  // of retries after failures of the step's own, and after losses to the cluster
    int64_t infrastructure_limit = 0;
    int64_t parallelism = 0;  // 0: none
  };
  // The artifacts that one record names.
  struct RecordBlobs {
    std::string owner = {};  // UID
    int32_t run = 0;
    std::set<std::string> digests = {};
  };
  struct RunFacts {
    bool pinned = false;
    Time pinned_at = {};  // nothing of it was looked up in the step cache before
    // Of one of its items nothing tells any more what it did: what came after it may seem never to have been.
    bool wiped = false;
    std::map<std::string, StepRules> steps = {};
    int32_t next_record = 0;
    int32_t continues = 0;            // the number of the run that it takes results from; 0: none
    std::set<std::string> pods = {};  // UIDs, all there ever were
    std::set<std::string> live = {};  // of those, the ones that are not over and did not come late
    std::map<std::string, int> step_live = {};
    std::set<std::string> failed_steps = {};  // by the records
    std::set<std::string> done_steps = {};    // of which anything was done, or skipped by their own condition
  };
  struct ObjectFacts {
    std::string key = {};
    bool gone = false;  // or on its way
    int32_t run = 0;
    std::map<int32_t, std::string> results = {};
    int64_t observed = 0;
    int64_t parallelism = 0;  // the most there ever was; 0: no limit
    bool limited = true;      // there was always one
  };

  void OnPod(const apiserver::AuditEntry& entry);
  void OnPodCreated(const apiserver::AuditEntry& entry, const PodFacts& pod);
  void CheckAttempt(const apiserver::AuditEntry& entry, const PodFacts& pod, Item& item);
  void CheckRetry(const apiserver::AuditEntry& entry, const PodFacts& pod, const Item& item);
  void CheckDependencies(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run);
  void CheckParent(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run,
                   const std::string& parent, bool must_succeed);
  void CheckParallelism(const apiserver::AuditEntry& entry, const PodFacts& pod, const RunFacts& run);
  void NoteWiped(const apiserver::AuditEntry& entry, const PodFacts& before, const PodFacts& after);
  void CheckSuccessor(const apiserver::AuditEntry& entry, const PodFacts& before, const PodFacts& after);
  std::vector<const Item*> ItemsOf(const RunKey& run, const std::string& step) const;

  void OnRecord(const apiserver::AuditEntry& entry);
  void OnRecordCreated(const apiserver::AuditEntry& entry);
  void OnReused(const apiserver::AuditEntry& entry, const RunKey& key, const std::string& step, Item& item);
  void OnCacheHit(const apiserver::AuditEntry& entry, const json::Value& result, Item& item);
  void OnResult(const apiserver::AuditEntry& entry, const RunKey& key, const json::Value& result);
  void Pin(RunFacts& run, const json::Value& spec);
  void OnObject(const apiserver::AuditEntry& entry);
  void CheckStatus(const apiserver::AuditEntry& entry, ObjectFacts& object);
  void CheckResult(const apiserver::AuditEntry& entry, const ObjectFacts& object, const std::string& result);

  void OnArtifacts(const apiserver::AuditEntry& entry, const RunKey& key);
  void OnArtifact(const apiserver::AuditEntry& entry, const RunFacts& run, const json::Value& result,
                  const std::string& name, const BlobName& blob);
  // Whether its large outputs could not be had at this moment.
  bool OutputsAreLost(const PodFacts& pod) const;
  // Whether status or records have so many runs after that one that its artifacts may go.
  bool IsLongPast(const RecordBlobs& record) const;

  void OnNamespace(const apiserver::AuditEntry& entry);
  // Whether the object is gone or going, by itself or with its namespace.
  bool Gone(const std::string& uid) const;
  void Fail(const apiserver::AuditEntry& entry, std::string rule, std::string detail);

  const bool fenced_;
  size_t followed_ = 0;
  std::map<std::string, PodFacts> pods_;  // by UID, as last seen
  std::map<ItemKey, Item> items_;
  std::map<RunKey, RunFacts> runs_;
  std::map<std::string, ObjectFacts> objects_;       // by UID
  std::set<std::string> ended_namespaces_;           // or ending
  std::map<std::string, RecordBlobs> record_blobs_;  // by "namespace/name"
  std::set<BlobName> swept_;                         // and not put again
  std::map<BlobName, Time> nameless_;                // since when their names are lost, and not put again
  std::set<std::string> lost_;                       // digests of blobs that are lost, and not put again
  std::set<std::string> computed_;  // keys of the step cache that some pod has computed; empty: it did not know its key
  std::vector<Violation> violations_;
};

}  // namespace coreflow::sim
