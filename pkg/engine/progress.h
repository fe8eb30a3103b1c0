#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/cel/program.h"
#include "pkg/engine/item.h"
#include "pkg/graph/graph.h"
#include "pkg/telemetry/trace_context.h"

namespace coreflow::engine {

// Which run this is. Constant for the run.
struct RunFacts {
  std::string name;
  std::string namespace_name;
  std::string uid;
  int32_t number = 0;
  Time creation_time;  // of the object
  Time start_time;     // of the run
  // The trace that the run is part of, its span_id that of the run's parent; nullopt: it is part of none.
  std::optional<telemetry::TraceContext> trace = {};

  bool operator==(const RunFacts&) const = default;
};

// A step or item that failed, for conditions, events and workflow.failures.
struct Failure {
  ItemId id;
  api::Reason reason = api::Reason::kStepFailed;
  std::string message = {};
};

// How far the steps of a graph have come, and what follows from it: which steps and items may start, are skipped or
// can't run any more. Knows nothing of pods. Work is proportional to what changes.
class Progress {
 public:
  struct Item {
    State state = State::kPending;
    api::Reason reason = api::Reason::kPendingEvaluation;
    int32_t attempts = 0;
    std::optional<int32_t> exit_code = {};
  };
  struct Step {
    State state = State::kPending;
    api::Reason reason = api::Reason::kDependenciesRunning;
    std::string message = {};  // of one that ended as a whole
    bool lost_list = false;    // that of its items can't be had any more, though some have started
    bool decided = false;      // it was ready, and it was settled what becomes of it
    bool started = false;      // an attempt of it is known
    bool led_on = false;       // so is one of a step that depends on it: it ended by itself, whatever was cut since
    int32_t waits_for = 0;     // parents that have not ended
    int32_t total = 1;         // items, once decided
    int32_t next = 0;          // the first item that was never started
    int32_t live = 0;          // items in Running
    int32_t ended = 0;
    std::array<int32_t, kStates> by_state = {};  // of ended items
    std::set<int32_t> due = {};                  // items whose next attempt may start now
    json::Array values = {};                     // of forEach
    std::vector<Item> items = {};
    // By item, where an expression reads them.
    std::vector<json::Object> outputs = {};
    std::vector<artifact::Artifacts> artifacts = {};
    std::map<int32_t, std::string> lost_outputs = {};  // why they can't be had
  };

  Progress(std::shared_ptr<const graph::Graph> graph, RunFacts facts);
  Progress(const Progress&) = delete;  // scopes point here
  Progress& operator=(const Progress&) = delete;

  // Restoring, before the first Advance(): a stored result; an item that has an attempt.
  void Load(ItemId id, const ItemResult& result);
  void LoadStarted(ItemId id);
  // The stored result of a step that ended as a whole.
  void LoadSettled(int32_t index, const ItemResult& result);
  // The outputs of an item that has ended, which came later than its result, or why there are none.
  void LoadOutputs(ItemId id, json::Object outputs, const std::string& problem);

  // Settles everything that follows from what has happened: steps that became ready, were skipped or ended.
  void Advance();

  // The next item that may start, in the order of list and index; at most `parallelism` items run at once
  // (0: no limit). It counts as running from then on. nullopt: none now.
  std::optional<ItemId> TakeStartable(int32_t parallelism);

  // The item waits for its next attempt; it is due; it has ended.
  void Retrying(ItemId id, api::Reason reason, int32_t attempts);
  void Due(ItemId id);
  void Finish(ItemId id, const ItemResult& result);
  // An item that was taken but never had an attempt is as if it had not been taken.
  void PutBack(ItemId id);
  // An item that was taken but never had an attempt can't have one any more.
  void Omit(ItemId id);

  // Ordinary steps are not to start anything new any more. What never started is Omitted, what waits for another
  // attempt Stopped. `finally` still runs.
  void Halt(api::Reason reason);

  // Items that were cut off: a running attempt is to be ended because its step can't succeed any more; one that waits
  // for another attempt is to be finished with the outcome of its last one. Handed out once.
  std::vector<ItemId> TakeCutOff();

  bool MayRetry(ItemId id) const;  // nothing forbids a further attempt of it
  bool Halted() const { return halt_.has_value(); }
  bool InFinally() const { return ordinary_ended_ == graph_->first_finally; }
  bool AllEnded() const { return ended_steps_ == static_cast<int32_t>(steps_.size()); }
  bool WasCut() const { return cut_; }     // a halt kept something from running or ended it
  bool Failed() const { return failed_; }  // an ordinary step failed that may not
  bool FinallyFailed() const { return finally_failed_; }
  // The state of the ordinary steps as workflow.status gives it: Succeeded, Failed or Stopped.
  State OrdinaryResult() const;

  const graph::Graph& graph() const { return *graph_; }
  const RunFacts& facts() const { return facts_; }
  const Step& step(int32_t index) const { return steps_[static_cast<size_t>(index)]; }
  const graph::Step& definition(int32_t index) const { return graph_->steps[static_cast<size_t>(index)]; }
  int32_t steps() const { return static_cast<int32_t>(steps_.size()); }
  // Whether the item exists and has ended. Any index is allowed.
  bool Ended(ItemId id) const;
  bool Exists(ItemId id) const;
  // How an attempt of an ended item went: as the item if it was the last one, else it failed.
  State EndOf(ItemId id, int32_t attempt) const;
  int64_t Count(State state) const { return counts_[static_cast<size_t>(state)]; }
  int64_t TotalItems() const;
  // The first failures, at most 100, in the order they happened.
  const std::vector<Failure>& failures() const { return failures_; }
  // Steps that ended without any item having run, since the last call: for the records.
  std::vector<int32_t> TakeSettled();
  // Steps that are running, in list order.
  const std::set<int32_t>& active() const { return active_; }

 private:
  Step& at(int32_t index) { return steps_[static_cast<size_t>(index)]; }
  Item& ItemAt(ItemId id);
  void Count(State from, State to, int64_t items);
  void Decide(int32_t index);
  std::optional<Failure> Expand(int32_t index);
  void SetTotal(int32_t index, int32_t total);
  void Activate(int32_t index);
  // Why a step may not start although its parents have ended, by runAfter; nullopt: it may.
  std::optional<std::pair<State, api::Reason>> RunAfterForbids(const graph::Step& step) const;
  void MarkStarted(int32_t index);
  void EndStep(int32_t index, State state, api::Reason reason, std::string message);
  void EndStepIfDone(int32_t index);
  void CutStep(int32_t index, api::Reason reason);
  void Adopt(int32_t index);
  void AdoptWithoutList(int32_t index, const Failure& failure);
  void CutOrdinary(api::Reason reason);
  void Omit(Step& step, Item& item, api::Reason reason);
  api::Reason WhyCut() const { return halt_.value_or(api::Reason::kFailFast); }
  void NoteFailure(ItemId id, api::Reason reason, const std::string& message);
  void BeginFinally();

  const std::shared_ptr<const graph::Graph> graph_;
  const RunFacts facts_;
  std::vector<Step> steps_;
  std::set<int32_t> ready_;      // parents have ended, not decided
  std::set<int32_t> active_;     // decided, not ended
  std::set<int32_t> startable_;  // active steps with an item that may start, as far as they themselves know
  std::vector<ItemId> cut_off_;
  std::vector<int32_t> settled_;
  std::vector<Failure> failures_;
  std::array<int64_t, kStates> counts_ = {};
  int32_t ended_steps_ = 0;
  int32_t ordinary_ended_ = 0;
  std::optional<api::Reason> halt_;  // asked for, of ordinary steps
  bool trip_ = false;                // failFast was set off
  bool cut_done_ = false;
  bool cut_ = false;
  bool failed_ = false;
  bool finally_failed_ = false;
};

}  // namespace coreflow::engine
