#include "pkg/engine/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/cel/json.h"
#include "pkg/engine/scope.h"

namespace coreflow::engine {

namespace {

using api::Reason;

constexpr size_t kMaxFailuresKept = 100;
constexpr int32_t kMaxItems = 1'000'000;

// Most steps have none: then nothing is kept for any item.
template <typename Map>
void PutAt(std::vector<Map>& all, int32_t item, Map one) {
  if (one.empty()) return;
  if (all.size() <= static_cast<size_t>(item)) all.resize(static_cast<size_t>(item) + 1);
  all[static_cast<size_t>(item)] = std::move(one);
}

}  // namespace

Progress::Progress(std::shared_ptr<const graph::Graph> graph, RunFacts facts)
    : graph_(std::move(graph)), facts_(std::move(facts)), steps_(graph_->steps.size()) {
  for (int32_t i = 0; i < steps(); ++i) {
    const graph::Step& definition = this->definition(i);
    at(i).total = definition.completions.value_or(1);
    at(i).waits_for = static_cast<int32_t>(definition.parents.size());
    if (at(i).waits_for == 0 && !definition.in_finally) ready_.insert(i);
  }
  counts_[static_cast<size_t>(State::kPending)] = TotalItems();
  if (graph_->first_finally == 0) BeginFinally();
}

int64_t Progress::TotalItems() const {
  int64_t total = 0;
  for (const Step& step : steps_) total += step.total;
  return total;
}

bool Progress::Exists(ItemId id) const {
  if (id.step < 0 || id.step >= steps() || id.item < 0 || id.item >= kMaxItems) return false;
  const Step& step = this->step(id.step);
  if (step.decided) return id.item < step.total;
  return definition(id.step).HasItems() || id.item == 0;
}

bool Progress::Ended(ItemId id) const {
  const Step& step = this->step(id.step);
  if (HasEnded(step.state)) return true;
  return static_cast<size_t>(id.item) < step.items.size() && HasEnded(step.items[static_cast<size_t>(id.item)].state);
}

State Progress::EndOf(ItemId id, int32_t attempt) const {
  const auto& items = step(id.step).items;
  if (static_cast<size_t>(id.item) >= items.size()) return State::kFailed;
  const Item& item = items[static_cast<size_t>(id.item)];
  return item.attempts == attempt ? item.state : State::kFailed;
}

Progress::Item& Progress::ItemAt(ItemId id) {
  Step& step = at(id.step);
  if (static_cast<size_t>(id.item) >= step.items.size()) step.items.resize(static_cast<size_t>(id.item) + 1);
  return step.items[static_cast<size_t>(id.item)];
}

void Progress::Count(State from, State to, int64_t items) {
  counts_[static_cast<size_t>(from)] -= items;
  counts_[static_cast<size_t>(to)] += items;
}

void Progress::Load(ItemId id, const ItemResult& result) {
  if (!Exists(id) || Ended(id)) return;
  MarkStarted(id.step);
  Finish(id, result);
}

void Progress::MarkStarted(int32_t index) {
  if (std::exchange(at(index).started, true)) return;
  std::vector<int32_t> rest = {index};
  while (!rest.empty()) {
    const graph::Step& definition = this->definition(rest.back());
    rest.pop_back();
    for (int parent : definition.parents) {
      if (this->definition(parent).in_finally != definition.in_finally) continue;
      if (!std::exchange(at(parent).led_on, true)) rest.push_back(parent);
    }
  }
}

void Progress::LoadSettled(int32_t index, const ItemResult& result) {
  if (HasEnded(step(index).state) || step(index).started) return;
  // What it says is the truth: asking the same questions again may have another answer, since the run was halted or
  // failed meanwhile.
  const bool by_rules = result.reason == Reason::kDependencyFailed || result.reason == Reason::kRunAfterNotMet;
  if (result.state == State::kOmitted && !by_rules) cut_ = true;
  if (result.state == State::kFailed) NoteFailure({.step = index}, result.reason, result.message);
  if (result.state == State::kSucceeded) SetTotal(index, 0);
  EndStep(index, result.state, result.reason, result.message);
  std::erase(settled_, index);
}

void Progress::LoadStarted(ItemId id) {
  if (!Exists(id) || Ended(id)) return;
  MarkStarted(id.step);
  Step& step = at(id.step);
  Item& item = ItemAt(id);
  if (item.state != State::kPending) return;
  item.state = State::kRunning;
  ++step.live;
  Count(State::kPending, State::kRunning, 1);
}

void Progress::Retrying(ItemId id, Reason reason, int32_t attempts) {
  Item& item = ItemAt(id);
  if (item.state == State::kRunning) --at(id.step).live;
  Count(item.state, State::kRetrying, 1);
  item = {.state = State::kRetrying, .reason = reason, .attempts = attempts};
}

void Progress::Due(ItemId id) {
  if (ItemAt(id).state != State::kRetrying) return;
  at(id.step).due.insert(id.item);
  if (at(id.step).decided) startable_.insert(id.step);
}

void Progress::Finish(ItemId id, const ItemResult& result) {
  CHECK(HasEnded(result.state), "an item is finished with a final state");
  Step& step = at(id.step);
  Item& item = ItemAt(id);
  CHECK(!HasEnded(item.state), "an item ends once");
  if (item.state == State::kRunning) --step.live;
  step.due.erase(id.item);
  Count(item.state, result.state, 1);
  item = {.state = result.state, .reason = result.reason, .attempts = result.attempts, .exit_code = result.exit_code};
  ++step.by_state[static_cast<size_t>(result.state)];
  ++step.ended;
  if (definition(id.step).outputs_are_read) {
    PutAt(step.outputs, id.item, result.outputs);
    PutAt(step.artifacts, id.item, result.artifacts);
  }
  if (result.state == State::kStopped) cut_ = true;
  if (result.state == State::kFailed) NoteFailure(id, result.reason, result.message);
  EndStepIfDone(id.step);
}

void Progress::LoadOutputs(ItemId id, json::Object outputs, const std::string& problem) {
  PutAt(at(id.step).outputs, id.item, std::move(outputs));
  if (!problem.empty()) at(id.step).lost_outputs[id.item] = problem;
}

void Progress::NoteFailure(ItemId id, Reason reason, const std::string& message) {
  if (failures_.size() < kMaxFailuresKept) failures_.push_back({.id = id, .reason = reason, .message = message});
  const graph::Step& definition = this->definition(id.step);
  Step& step = at(id.step);
  if (definition.completions) {
    const bool doomed = step.by_state[static_cast<size_t>(State::kFailed)] > definition.max_failed_items;
    if (doomed && step.decided) CutStep(id.step, Reason::kTooManyFailedIndexes);
    return;
  }
  if (!definition.in_finally && !definition.continue_on_failure && graph_->source.fail_fast) trip_ = true;
}

void Progress::EndStepIfDone(int32_t index) {
  Step& step = at(index);
  if (!step.decided || HasEnded(step.state) || step.ended < step.total) return;
  const graph::Step& definition = this->definition(index);
  auto count = [&](State state) { return step.by_state[static_cast<size_t>(state)]; };
  if (step.lost_list) {
    EndStep(index, State::kFailed, Reason::kExpressionFailed, std::exchange(step.message, {}));
  } else if (count(State::kOmitted) == step.total) {
    settled_.push_back(index);
    EndStep(index, State::kOmitted, step.items.at(0).reason, "");
  } else if (!definition.HasItems()) {
    const Item& only = step.items.at(0);
    EndStep(index, only.state, only.reason, "");
  } else if (count(State::kFailed) > definition.max_failed_items) {
    EndStep(index, State::kFailed, definition.completions ? Reason::kTooManyFailedIndexes : Reason::kItemsFailed, "");
  } else if (count(State::kStopped) > 0) {
    EndStep(index, State::kStopped, Reason::kStopped, "");
  } else if (count(State::kOmitted) > 0) {
    EndStep(index, State::kOmitted, WhyCut(), "");
  } else {
    EndStep(index, State::kSucceeded, Reason::kSucceeded, "");
  }
}

void Progress::EndStep(int32_t index, State state, Reason reason, std::string message) {
  Step& step = at(index);
  const graph::Step& definition = this->definition(index);
  if (step.ended < step.total) {  // it ends as a whole, without items
    int64_t rest = step.total - step.ended;
    Count(State::kPending, state, rest);
    step.by_state[static_cast<size_t>(state)] += static_cast<int32_t>(rest);
    step.ended = step.total;
    settled_.push_back(index);
  }
  step.state = state;
  step.reason = reason;
  step.message = std::move(message);
  step.decided = true;
  active_.erase(index);
  ready_.erase(index);
  startable_.erase(index);
  ++ended_steps_;
  if (state == State::kFailed && !definition.continue_on_failure) {
    (definition.in_finally ? finally_failed_ : failed_) = true;
  }
  for (int child : definition.children) {
    if (--at(child).waits_for == 0 && !at(child).decided && (!this->definition(child).in_finally || InFinally())) {
      ready_.insert(child);
    }
  }
  if (!definition.in_finally && ++ordinary_ended_ == graph_->first_finally) BeginFinally();
}

void Progress::BeginFinally() {
  for (int32_t i = graph_->first_finally; i < steps(); ++i) {
    if (at(i).waits_for == 0 && !at(i).decided) ready_.insert(i);
  }
}

void Progress::Advance() {
  // What is known to have started, and what it came after, is settled first: it shows what was decided before a
  // restart, so that nothing that failed meanwhile can undo it.
  auto first = [&](auto&& wanted) {
    auto it = std::ranges::find_if(ready_, wanted);
    return it == ready_.end() ? std::nullopt : std::optional(*it);
  };
  while (true) {
    if (auto started = first([&](int32_t i) { return step(i).started || step(i).led_on; })) {
      Decide(*started);
    } else if (halt_ && !cut_done_) {
      cut_done_ = true;
      CutOrdinary(*halt_);
    } else if (trip_ && !cut_done_) {
      cut_done_ = true;
      CutOrdinary(Reason::kFailFast);
    } else if (!ready_.empty()) {
      Decide(*ready_.begin());
    } else {
      return;
    }
  }
}

std::optional<std::pair<State, Reason>> Progress::RunAfterForbids(const graph::Step& definition) const {
  int succeeded = 0, failed = 0, skipped = 0, worse = 0;
  const int parents = static_cast<int>(definition.parents.size());
  for (int parent : definition.parents) {
    State state = step(parent).state;
    if (state == State::kSucceeded) ++succeeded;
    if (state == State::kFailed) ++failed;
    if (state == State::kSkipped) ++skipped;
    const bool tolerated = state == State::kFailed && this->definition(parent).continue_on_failure;
    if (state != State::kSucceeded && state != State::kSkipped && !tolerated) ++worse;
  }
  switch (definition.run_after) {
    case graph::RunAfter::kFinished: return std::nullopt;
    case graph::RunAfter::kSucceeded:
      if (worse > 0) return std::pair(State::kOmitted, Reason::kDependencyFailed);
      if (skipped > 0) return std::pair(State::kSkipped, Reason::kParentSkipped);
      return std::nullopt;
    case graph::RunAfter::kAnySucceeded:
      if (succeeded == 0 && parents > 0) return std::pair(State::kOmitted, Reason::kRunAfterNotMet);
      return std::nullopt;
    case graph::RunAfter::kAllFailed:
      if (failed < parents) return std::pair(State::kSkipped, Reason::kRunAfterNotMet);
      return std::nullopt;
  }
  return std::nullopt;
}

void Progress::Decide(int32_t index) {
  ready_.erase(index);
  Step& step = at(index);
  const graph::Step& definition = this->definition(index);
  if (!step.started) {
    if (auto forbidden = RunAfterForbids(definition)) {
      return EndStep(index, forbidden->first, forbidden->second, "");
    }
    if (definition.when) {
      Scope scope(*this, index, std::nullopt, nullptr);
      auto value = definition.when->Evaluate(scope, kLimits);
      if (!value) {
        NoteFailure({.step = index}, Reason::kExpressionFailed, "when: " + value.error().message);
        return EndStep(index, State::kFailed, Reason::kExpressionFailed, "when: " + value.error().message);
      }
      if (!value->AsBool()) return EndStep(index, State::kSkipped, Reason::kWhenFalse, "");
    }
  }
  if (auto failure = Expand(index)) {
    NoteFailure(failure->id, failure->reason, failure->message);
    if (step.started) return AdoptWithoutList(index, *failure);
    return EndStep(index, State::kFailed, failure->reason, failure->message);
  }
  Activate(index);
}

std::optional<Failure> Progress::Expand(int32_t index) {
  const graph::Step& definition = this->definition(index);
  if (!definition.items) return std::nullopt;
  auto fail = [&](const std::string& message) {
    return Failure{.id = {.step = index}, .reason = Reason::kExpressionFailed, .message = "forEach.items: " + message};
  };
  Scope scope(*this, index, std::nullopt, nullptr);
  auto value = definition.items->Evaluate(scope, kLimits);
  if (!value) return fail(value.error().message);
  auto list = cel::ToJson(*value);
  if (!list) return fail(list.error().message);
  if (list->Elements().size() > static_cast<size_t>(kMaxItems)) {
    return fail(fmt::format("{} items; at most {} are possible", list->Elements().size(), kMaxItems));
  }
  Step& step = at(index);
  step.values = list->Elements();
  SetTotal(index, static_cast<int32_t>(step.values.size()));
  return std::nullopt;
}

void Progress::SetTotal(int32_t index, int32_t total) {
  counts_[static_cast<size_t>(State::kPending)] += total - step(index).total;
  at(index).total = total;
}

void Progress::Activate(int32_t index) {
  Step& step = at(index);
  const graph::Step& definition = this->definition(index);
  step.decided = true;
  step.items.resize(static_cast<size_t>(step.total));
  if (step.total == 0) {
    settled_.push_back(index);
    return EndStep(index, State::kSucceeded, Reason::kSucceeded, "");
  }
  step.state = State::kRunning;
  step.reason = Reason::kRunning;
  active_.insert(index);
  startable_.insert(index);
  if (definition.completions && step.by_state[static_cast<size_t>(State::kFailed)] > definition.max_failed_items) {
    CutStep(index, Reason::kTooManyFailedIndexes);
  }
  EndStepIfDone(index);
}

std::optional<ItemId> Progress::TakeStartable(int32_t parallelism) {
  if (parallelism > 0 && Count(State::kRunning) >= parallelism) return std::nullopt;
  for (auto it = startable_.begin(); it != startable_.end();) {
    const int32_t index = *it;
    Step& step = at(index);
    const int32_t limit = definition(index).parallelism;
    if (limit > 0 && step.live >= limit) {
      ++it;
      continue;
    }
    while (step.next < step.total && step.items[static_cast<size_t>(step.next)].state != State::kPending) ++step.next;
    if (step.due.empty() && step.next >= step.total) {
      it = startable_.erase(it);
      continue;
    }
    int32_t item = step.next;
    if (step.due.empty()) {
      ++step.next;
    } else {
      item = step.due.extract(step.due.begin()).value();
    }
    Item& state = step.items[static_cast<size_t>(item)];
    Count(state.state, State::kRunning, 1);
    state.state = State::kRunning;
    step.started = true;
    ++step.live;
    return ItemId{.step = index, .item = item};
  }
  return std::nullopt;
}

void Progress::Halt(Reason reason) {
  if (!halt_) halt_ = reason;
}

// Decides on a step that has started although something that it came after is open again: a pod's result is lost when
// somebody takes its finalizer off by force. Its own results stand; only items that are known of are its.
void Progress::Adopt(int32_t index) {
  ready_.erase(index);
  if (definition(index).items) SetTotal(index, static_cast<int32_t>(step(index).items.size()));
  Activate(index);
}

// The outputs that its list is made of are lost or damaged since its first items started: those that run end by
// themselves, nothing else of it is started, and then it has failed.
void Progress::AdoptWithoutList(int32_t index, const Failure& failure) {
  at(index).lost_list = true;
  at(index).message = failure.message;
  Adopt(index);
  if (!HasEnded(step(index).state)) CutStep(index, failure.reason);
}

void Progress::CutOrdinary(Reason reason) {
  for (int32_t i = 0; i < graph_->first_finally; ++i) {
    if (HasEnded(step(i).state)) continue;
    if (step(i).started && !step(i).decided) Adopt(i);
    if (HasEnded(step(i).state)) continue;
    if (step(i).decided) {
      CutStep(i, reason);
    } else {
      cut_ = true;
      EndStep(i, State::kOmitted, reason, "");
    }
  }
}

void Progress::Omit(Step& step, Item& item, Reason reason) {
  Count(item.state, State::kOmitted, 1);
  item.state = State::kOmitted;
  item.reason = reason;
  ++step.by_state[static_cast<size_t>(State::kOmitted)];
  ++step.ended;
  cut_ = true;
}

void Progress::PutBack(ItemId id) {
  Step& step = at(id.step);
  Item& item = ItemAt(id);
  CHECK(item.state == State::kRunning, "what is put back was taken");
  Count(State::kRunning, State::kPending, 1);
  item.state = State::kPending;
  --step.live;
  step.next = std::min(step.next, id.item);
  startable_.insert(id.step);
}

void Progress::Omit(ItemId id) {
  Item& item = ItemAt(id);
  if (item.state == State::kRunning) --at(id.step).live;
  Omit(at(id.step), item, WhyCut());
  EndStepIfDone(id.step);
}

void Progress::CutStep(int32_t index, Reason reason) {
  Step& step = at(index);
  for (int32_t i = 0; i < step.total; ++i) {
    Item& item = step.items[static_cast<size_t>(i)];
    const bool doomed = item.state == State::kRunning && reason == Reason::kTooManyFailedIndexes;
    if (doomed || item.state == State::kRetrying) cut_off_.push_back({.step = index, .item = i});
    if (item.state == State::kPending) Omit(step, item, reason);
    if (item.state == State::kRetrying) cut_ = true;
  }
  step.due.clear();
  step.next = step.total;
  EndStepIfDone(index);
}

std::vector<ItemId> Progress::TakeCutOff() { return std::exchange(cut_off_, {}); }
std::vector<int32_t> Progress::TakeSettled() { return std::exchange(settled_, {}); }

bool Progress::MayRetry(ItemId id) const {
  if (step(id.step).lost_list) return false;
  const graph::Step& definition = this->definition(id.step);
  if (definition.completions &&
      step(id.step).by_state[static_cast<size_t>(State::kFailed)] > definition.max_failed_items) {
    return false;
  }
  return definition.in_finally || (!halt_ && !trip_);
}

State Progress::OrdinaryResult() const {
  if (halt_ && cut_) return State::kStopped;
  return failed_ ? State::kFailed : State::kSucceeded;
}

}  // namespace coreflow::engine
