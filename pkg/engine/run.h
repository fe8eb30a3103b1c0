#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pkg/engine/action.h"
#include "pkg/engine/attempt.h"
#include "pkg/engine/cleanup.h"
#include "pkg/engine/courier_setup.h"
#include "pkg/engine/hit_barrier.h"
#include "pkg/engine/item.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/outcome.h"
#include "pkg/engine/progress.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/run_ending.h"
#include "pkg/engine/waits.h"

namespace coreflow::engine {

// One run of a graph: starts attempts, judges pods, retries, records. Everything it decides follows from what it
// observed; made anew from the stored records and pods it goes on as if nothing had happened. One thread.
class Run {
 public:
  struct Settings {
    int32_t parallelism = 0;  // 0: no limit
    bool suspended = false;
    bool ending_soon = false;  // an ending is being stored: nothing is started that would be cut at once

    bool operator==(const Settings&) const = default;
  };

  Run(const std::shared_ptr<const graph::Graph>& graph, const RunFacts& facts, Kind kind, int64_t epoch,
      std::shared_ptr<const CourierSetup> courier = {});

  // Before the first Decide: what is stored of this run. Records in any order, without record 0.
  void Restore(const std::map<int32_t, json::Value>& records, std::span<const PodView> pods);

  void SetSettings(const Settings& settings);
  void SetEnding(RunEnding ending);
  // The result stands in the status: nobody waits any more, and all is cleaned up.
  void SetOver(bool succeeded);

  void Observe(const PodView& pod);
  void Observe(const PodGone& gone);
  void Observe(const PodAbsent& absent);
  void Observe(const PodRefused& refused);
  void Observe(const CacheAnswered& answered);
  void Observe(const OutputsLoaded& loaded);
  void ObserveRecord(int32_t index, const json::Value& body);

  // Appends what is to be done now. Appends WakeAt when something is to be done later without an observation.
  void Decide(Time now, Actions& actions);

  // Whether this pod is asked for and nothing was heard of it.
  bool AwaitsPod(const std::string& name) const;
  // All steps have ended and all results are stored.
  bool Finished() const { return progress_.AllEnded() && recorder_.AllStored() && restoring_.empty(); }
  // Nothing more is to be done for its pods.
  bool CleanedUp() const { return Finished() && cleanup_.Idle(); }

  // UIDs of pods that were swept and may still be seen.
  std::set<std::string> Swept() const { return cleanup_.Swept(); }

  // All pods that are not let go yet, whatever for.
  std::vector<HeldPod> HeldPods() const;

  const std::string& id() const { return run_id_; }  // RunId()
  const Progress& progress() const { return progress_; }
  const std::map<ItemId, Attempt>& attempts() const { return attempts_; }
  // What the attempts wait for, as of the last Decide.
  const Waits& waits() const { return waits_; }
  RunEnding ending() const { return ending_; }
  const Settings& settings() const { return settings_; }
  int32_t records() const { return recorder_.records(); }
  // What the step cache has done for it.
  struct CacheCounts {
    int64_t hits = 0;
    int64_t misses = 0;
    int64_t seconds_saved = 0;
  };
  const CacheCounts& cache_counts() const { return cache_counts_; }
  // Its progress has results that may be lost, so that it must not be shown yet; a record is on its way.
  bool ProgressMayFall() const { return !barrier_.Open(); }
  // How long first attempts took from being asked for to the start of their containers, since the last call.
  std::vector<Duration> TakeStartLatencies() { return std::exchange(start_latencies_, {}); }
  // Counts up with every change that a status would show.
  uint64_t changes() const { return changes_; }

 private:
  enum class Timer : uint8_t { kTimeout, kBackoff, kCreateAgain };

  std::optional<ItemId> ItemOf(const PodView& pod) const;
  void Adopt(ItemId id, const PodView& pod);
  void LoadRecord(const json::Value& body);
  std::optional<PodView> Drop(ItemId id);
  void See(ItemId id, Attempt& attempt, const PodView& pod);
  void GoOn(Time now);
  void FireTimers(Time now);
  void JudgeAttempts(Time now);
  void JudgeAttempt(ItemId id, Time now);
  void OnOutcome(ItemId id, const Outcome& outcome, Time now);
  bool RetryAllowedByWhen(ItemId id, const Attempt& attempt, const Outcome& outcome) const;
  void Retry(ItemId id, const AttemptFacts& next, Duration backoff, const Outcome& outcome, Time now);
  // `shown`: the pods that are there lead to the same result after a restart.
  void Finish(ItemId id, ItemResult result, Time now, bool shown);
  void NoteStored(const json::Value& body);
  void SettleProgress(Time now);
  void FinishCutOff(ItemId id, Time now);
  void CreateAgain(Time now);
  bool AllRunning() const;
  void ForgetDenial(ItemId id);
  void StartItems(Time now);
  void Start(ItemId id, Time now);
  void StartHeld(Time now);
  void GiveUpStarts();
  void GiveUpStart(ItemId id);
  bool LookUpInCache(ItemId id);
  void OnCacheAnswer(ItemId id, Time now);
  std::string CacheName(ItemId id) const;
  // Whether there was something to announce.
  bool AnnounceToCache(ItemId id, const Attempt& attempt);
  void LeaveCache(ItemId id, Attempt& attempt, Actions& actions);
  void ForgetStart(ItemId id);
  void LeaveOrKeep(ItemId id, Attempt& attempt, const ItemResult& result);
  void CountCache(const ItemResult& result);
  // Whether the outputs that these artifacts name are still to come.
  bool AwaitOutputs(ItemId id, const artifact::Artifacts& artifacts);
  void Load(const std::string& digest, ItemId id);
  void AskForOutputs();
  void ForgetLoads();
  // The outcome with the outputs that it names. REQUIRES: they are not awaited.
  Outcome WithOutputs(ItemId id, Outcome outcome);
  bool OutputsOfHit(CacheAnswered& answer, const Attempt& attempt, const graph::Step& step) const;
  bool HasLargeOutputs(const ItemResult& result) const;
  void KeepText(ItemId id, const Attempt& attempt, const ItemResult& result);
  void LoadStored(ItemId id, const ItemResult& result);
  void TakeStored(ItemId id, const OutputsLoaded& loaded);
  void Create(ItemId id, Time now);
  void EndIfWanted(ItemId id);
  void WatchTimeout(ItemId id, Attempt& attempt, Time now);
  void RecordSettledSteps(Time now);
  void AskToWake();
  void NoteWaits();
  ItemResult ResultOf(const Attempt& attempt, const Outcome& outcome, State state) const;

  const Kind kind_;
  const int64_t epoch_;
  const std::shared_ptr<const CourierSetup> courier_;
  Progress progress_;
  Recorder recorder_;
  const std::string run_id_;
  Cleanup cleanup_;
  Settings settings_;
  RunEnding ending_ = RunEnding::kNone;
  std::map<ItemId, Attempt> attempts_;
  std::map<std::string, ItemId> by_pod_;
  std::set<ItemId> unshown_;  // ended, but not for others before their result is stored
  bool over_ = false;
  HitBarrier barrier_;
  std::set<ItemId> starting_;  // they may run, but their pods are not asked for yet; of these:
  std::set<ItemId> looking_;   // the step cache was asked
  CacheCounts cache_counts_;
  std::map<std::string, std::set<ItemId>> loads_;  // by digest: large outputs that are on their way
  std::vector<std::string> to_load_;               // of these, the ones that are not asked for yet
  std::set<ItemId> restoring_;                     // have ended; their outputs are on their way
  std::map<ItemId, OutputsLoaded> texts_;          // of items that are not shown yet
  int64_t large_bytes_ = 0;                        // of all that progress_ has
  std::set<ItemId> dirty_;
  std::set<ItemId> touched_;  // may wait for something else than waits_ has
  Waits waits_;
  std::set<ItemId> denied_;        // by quota, to be asked for again
  std::set<ItemId> create_again_;  // of these, the ones whose wait is over
  std::set<std::tuple<Time, ItemId, Timer>> timers_;
  int32_t creates_in_flight_ = 0;
  uint64_t changes_ = 0;
  std::vector<Duration> start_latencies_;
  Actions* out_ = nullptr;  // of the Decide that is running
  Actions queued_;          // decided while observing
};

}  // namespace coreflow::engine
