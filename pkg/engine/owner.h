#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/api/resolve.h"
#include "pkg/engine/accept.h"
#include "pkg/engine/action.h"
#include "pkg/engine/continuation.h"
#include "pkg/engine/leftovers.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/run.h"
#include "pkg/engine/status.h"
#include "pkg/engine/term.h"
#include "pkg/engine/tombstones.h"

namespace coreflow::engine {

// A Workflow or Job and the runs that it owns, one after another: when a run starts, what it pins, how it ends, what
// becomes of its pods when the object goes. This is the whole engine to its caller: observe, then decide. One thread.
//
// What must be durable before a run's first pod: record 0, which pins what the run does, and status.run.
class Owner {
 public:
  Owner(Kind kind, std::string namespace_name, std::string name, std::string uid, const Term& term);

  // Before the first Decide: of the leadership that has begun.
  void SetTerm(const Term& term);

  void Observe(const Observation& observation);
  // What to do about everything observed; empty when there is nothing to do. Deterministic.
  Actions Decide(Time now);

  // Whether this pod is asked for and nothing was heard of it: asking again can't start it twice.
  bool AwaitsPod(const std::string& name) const { return run_ && run_->AwaitsPod(name); }

  // The epoch in the object's status: its status can't be written with a lower one. 0: there is none.
  int64_t StoredEpoch() const;
  // As last seen; null: never.
  const ObjectView* object() const { return object_ ? &*object_ : nullptr; }
  bool ObjectIsGone() const { return gone_; }
  // The object is gone and nothing of it is left to do: this can be dropped.
  bool Gone() const { return gone_ && !leftovers_.HoldsAny(); }

  const std::string& uid() const { return uid_; }
  const std::string& name() const { return name_; }
  const std::string& namespace_name() const { return namespace_; }
  Kind kind() const { return kind_; }
  const Run* run() const { return run_.get(); }
  std::vector<Duration> TakeStartLatencies() { return run_ ? run_->TakeStartLatencies() : std::vector<Duration>{}; }
  const RunInfo& info() const { return info_; }
  // How it stands, as last decided: for metrics.
  const Standing& standing() const { return standing_; }

 private:
  void See(const ObjectSeen& seen);
  void See(const ObjectGone&);
  void See(const RecordSeen& seen);
  void See(const PodSeen& seen);
  void See(const PodGone& gone);
  void See(const PodAbsent& absent);
  void See(const PodRefused& refused);
  void See(const CreateUnsure&) { tombstones_.CreateIsUnsure(); }
  void See(const StatusRefused& refused);
  void See(const RunLookedUp& found) { continuation_.Observe(found); }
  void See(const CacheAnswered& answered);
  void See(const OutputsLoaded& loaded);
  void See(const Synced&);

  void DecideAll(Time now, Actions& actions);
  void DecideLive(Time now, Actions& actions);
  void GoOn(Time now, Actions& actions);
  void ApplyControls(Time now, Actions& actions);
  RunEnding WantedEnding(Time now, const api::RunControls& controls) const;
  const Accepted& AcceptedSpec();
  void ConsiderStart(Time now, Actions& actions);
  // What is wrong with the spec, or with the run that the next one is to continue; nullopt: that is not known yet.
  std::optional<std::vector<json::Problem>> ProblemsOfNext(Actions& actions);
  std::optional<std::vector<json::Problem>> FindContinued(api::RetryFrom from, const std::string& path,
                                                          Actions& actions);
  void PinRun(int32_t number, Time now, Actions& actions);
  void StoreRecordZero(int32_t number, Actions& actions);
  std::string IncomingTrace(Actions& actions) const;
  RunFacts FactsOf(int32_t number) const;
  void MakeRun();
  void SweepOldRecords(Actions& actions);
  void LeaveAlone(api::Reason reason, std::string message);
  void ExpireFinished(Time now, Actions& actions);
  void ShowLastRun(Time now, Actions& actions);
  bool StatusIsDue(Time now, bool urgent, Actions& actions) const;
  void WriteWhole(json::Object status, Time now, Actions& actions, bool urgent);
  json::Object StatusOfRun(const Standing& standing, Time now) const;
  void SayEnd(const Standing& standing, Actions& actions) const;
  json::Value PreviousRuns() const;
  std::set<std::string> SucceededPods() const;
  bool SpecChanged() const;
  bool RunWanted() const;

  const Kind kind_;
  const std::string namespace_;
  const std::string name_;
  const std::string uid_;
  int64_t epoch_ = 0;
  std::shared_ptr<const CourierSetup> courier_;
  bool traced_ = false;
  bool fenced_ = true;
  Tombstones tombstones_;

  bool synced_ = false;
  bool gone_ = false;
  bool lookup_sent_ = false;
  std::optional<ObjectView> object_;
  std::optional<json::Value> digest_of_;  // the spec that digest_ was taken of
  std::string digest_;
  api::RunControls controls_;  // this, the next and digest_ are of the spec in digest_of_
  api::OnChange on_change_ = api::OnChange::kRunAfter;
  std::optional<Accepted> accepted_;  // of the same spec, while a start is considered
  RunInfo info_;
  RunEnding durable_ending_ = RunEnding::kNone;  // as stored; info_ has what is to be stored
  Standing standing_;
  std::unique_ptr<Run> run_;
  std::map<int32_t, std::map<int32_t, json::Value>> records_;  // by run and index, until the run is made
  std::vector<int32_t> recorded_runs_;                         // those that were seen to have records, sorted
  Leftovers leftovers_;
  std::set<std::string> released_;  // UIDs of pods that were let go and still exist
  bool pin_sent_ = false;
  Continuation continuation_;                // of the run that is to start
  std::optional<api::RetryFrom> continues_;  // by number, once it is known that it can be
  std::optional<Standing> left_alone_;       // the run can't be gone on with
  std::string status_sent_at_;               // resourceVersion of the status write that is on its way
  std::optional<json::Value> written_;       // the status as last written or read
  std::optional<Time> last_write_;
  bool urgent_ = false;
};

}  // namespace coreflow::engine
