#include "pkg/engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "pkg/base/resource_version.h"
#include "pkg/engine/names.h"
#include "pkg/engine/pod_manifest.h"
#include "pkg/engine/retry.h"
#include "pkg/engine/scope.h"

namespace coreflow::engine {

namespace {

using api::Reason;

constexpr int32_t kMaxCreatesInFlight = 256;
constexpr size_t kMaxLookUps = 4096;  // some may wait for as long as another step runs
constexpr Duration kFirstQuotaWait = std::chrono::seconds(2);
constexpr Duration kMaxQuotaWait = std::chrono::seconds(60);

const char* DoneLabel(State state) { return state == State::kSucceeded ? "Succeeded" : "Failed"; }

// The newer of two observations of one pod wins; what can't be compared counts as news.
bool IsOlder(const PodView& pod, const PodView& known) {
  if (pod.uid != known.uid) return false;
  auto order = CompareResourceVersions(pod.resource_version, known.resource_version);
  return order && *order <= 0;
}

}  // namespace

Run::Run(const std::shared_ptr<const graph::Graph>& graph, const RunFacts& facts, Kind kind, int64_t epoch,
         std::shared_ptr<const CourierSetup> courier)
    : kind_(kind),
      epoch_(epoch),
      courier_(std::move(courier)),
      progress_(graph, facts),
      recorder_(facts.name, facts.uid, facts.number),
      run_id_(RunId(facts.uid, facts.number)),
      cleanup_(run_id_, graph->source.pod_cleanup) {}

void Run::SetSettings(const Settings& settings) { settings_ = settings; }

void Run::SetEnding(RunEnding ending) {
  if (ending == RunEnding::kNone || ending == ending_ || !MayBecomeAnother(ending_)) return;
  ending_ = ending;
  ++changes_;
  progress_.Halt(ending == RunEnding::kDeadline     ? Reason::kDeadlineExceeded
                 : ending == RunEnding::kSuperseded ? Reason::kSuperseded
                                                    : Reason::kStopped);
  for (auto& [id, attempt] : attempts_) {
    if (progress_.definition(id.step).in_finally) continue;
    if (ending != RunEnding::kGraceful && attempt.want == Ending::kNone) attempt.want = Ending::kStopped;
    dirty_.insert(id);
  }
}

// An attempt may be left whose step ended as a whole: what it came after was taken away, so nobody could go on with it.
void Run::SetOver(bool succeeded) {
  if (!std::exchange(over_, true) && succeeded) cleanup_.RunSucceeded();
  ForgetLoads();
  for (auto& [id, attempt] : std::exchange(attempts_, {})) {
    for (const HeldPod& pod : attempt.earlier) cleanup_.Remove(pod);
    if (attempt.pod) cleanup_.Remove({.name = attempt.pod_name, .uid = attempt.pod->uid, .done = "Failed"});
    LeaveCache(id, attempt, queued_);
    by_pod_.erase(attempt.pod_name);
  }
}

void Run::Observe(const PodView& pod) {
  if (pod.deletion_time && pod.has_finalizer) cleanup_.Hurry(pod.name);
  if (pod.has_finalizer && cleanup_.Releasing(pod.name)) return;
  if (!pod.has_finalizer) {
    if (cleanup_.Releasing(pod.name) || !by_pod_.contains(pod.name)) return cleanup_.Released(pod);
  }
  auto id = ItemOf(pod);
  if (!id) return;
  auto it = attempts_.find(*id);
  if (it == attempts_.end()) {
    if (!progress_.Ended(*id) && !unshown_.contains(*id)) return Adopt(*id, pod);
    if (recorder_.Holds(pod.name)) return;
    const HeldPod held{.name = pod.name, .uid = pod.uid, .done = DoneLabel(progress_.EndOf(*id, pod.facts->attempt))};
    const bool ended = pod.phase == "Succeeded" || pod.phase == "Failed";
    return ended ? cleanup_.Release(held) : cleanup_.Remove(held);
  }
  Attempt& attempt = it->second;
  if (pod.facts->attempt == attempt.facts.attempt) return See(*id, attempt, pod);
  if (pod.facts->attempt > attempt.facts.attempt) return Adopt(*id, pod);
  // An earlier attempt: it is kept until a later one's pod exists.
  const bool kept = std::ranges::any_of(attempt.earlier, [&](const HeldPod& held) { return held.name == pod.name; });
  if (attempt.pod) cleanup_.Release({.name = pod.name, .uid = pod.uid, .done = "Failed"});
  if (!attempt.pod && !kept) attempt.earlier.push_back({.name = pod.name, .uid = pod.uid, .done = "Failed"});
}

void Run::See(ItemId id, Attempt& attempt, const PodView& pod) {
  if (attempt.asked) --creates_in_flight_;
  attempt.asked = false;
  // Also when it is as it was: it may be missed another time.
  if (attempt.pod && attempt.pod->uid == pod.uid) attempt.lookup_sent = false;
  if (attempt.pod && IsOlder(pod, *attempt.pod)) return;
  for (const HeldPod& earlier : std::exchange(attempt.earlier, {})) cleanup_.Release(earlier);
  const bool starts = pod.started_at && !(attempt.pod && attempt.pod->started_at);
  if (starts && attempt.facts.attempt == 1 && attempt.asked_at != Time{}) {
    start_latencies_.push_back(std::max(Duration(0), *pod.started_at - attempt.asked_at));
  }
  attempt.pod = pod;
  attempt.absent = false;
  attempt.lookup_sent = false;
  attempt.denials = 0;
  ForgetDenial(id);
  dirty_.insert(id);
  ++changes_;
}

void Run::Observe(const PodGone& gone) {
  if (cleanup_.Gone(gone.name, gone.uid)) return;
  auto it = by_pod_.find(gone.name);
  if (it == by_pod_.end()) return;
  Attempt& attempt = attempts_.at(it->second);
  if (!attempt.pod || attempt.pod->uid != gone.uid || attempt.lookup_sent) return;
  // Lost means looked up: a list or watch may be wrong about what is not there.
  attempt.lookup_sent = true;
  queued_.push_back(LookUpPod{.name = gone.name});
}

void Run::Observe(const PodAbsent& absent) {
  cleanup_.Absent(absent.name);
  auto it = by_pod_.find(absent.name);
  if (it == by_pod_.end()) return;
  Attempt& attempt = attempts_.at(it->second);
  if (!attempt.pod) return;  // it was never there; the create's own answer comes
  attempt.absent = true;
  dirty_.insert(it->second);
}

void Run::Observe(const PodRefused& refused) {
  auto it = by_pod_.find(refused.name);
  if (it == by_pod_.end()) return;
  Attempt& attempt = attempts_.at(it->second);
  if (attempt.asked) --creates_in_flight_;
  attempt.asked = false;
  if (attempt.pod) return;
  attempt.refused = refused;
  dirty_.insert(it->second);
  ++changes_;
}

bool Run::AwaitsPod(const std::string& name) const {
  auto it = by_pod_.find(name);
  if (it == by_pod_.end()) return false;
  const Attempt& attempt = attempts_.at(it->second);
  return attempt.asked && !attempt.pod;
}

void Run::ObserveRecord(int32_t index, const json::Value& body) {
  const bool anothers = recorder_.IsAnothers(index, body);
  for (const HeldPod& pod : recorder_.OnStored(index, body)) cleanup_.Release(pod);
  NoteStored(body);
  // Of a former leader, whose request came late: it is the truth, also where we have not come so far.
  if (anothers) LoadRecord(body);
  ++changes_;
}

std::vector<HeldPod> Run::HeldPods() const {
  std::vector<HeldPod> pods = recorder_.Held();
  for (const auto& [id, attempt] : attempts_) {
    pods.insert(pods.end(), attempt.earlier.begin(), attempt.earlier.end());
    if (attempt.pod) pods.push_back({.name = attempt.pod_name, .uid = attempt.pod->uid, .done = "Failed"});
  }
  std::ranges::move(cleanup_.Held(), std::back_inserter(pods));
  return pods;
}

void Run::Decide(Time now, Actions& actions) {
  out_ = &actions;
  for (Action& action : std::exchange(queued_, {})) actions.push_back(std::move(action));
  if (restoring_.empty()) GoOn(now);
  AskForOutputs();
  const bool at_once =
      progress_.AllEnded() || !unshown_.empty() || barrier_.IsWaitedFor() || (!barrier_.Open() && looking_.empty());
  if (auto record = recorder_.Flush(now, at_once)) actions.push_back(std::move(*record));
  for (Action& action : std::exchange(queued_, {})) actions.push_back(std::move(action));
  cleanup_.Decide(now, !over_, actions);
  NoteWaits();
  AskToWake();
  out_ = nullptr;
}

void Run::GoOn(Time now) {
  FireTimers(now);
  dirty_.merge(barrier_.TakeEnds());
  JudgeAttempts(now);
  SettleProgress(now);
  StartItems(now);
  RecordSettledSteps(now);
}

void Run::FireTimers(Time now) {
  while (!timers_.empty() && std::get<Time>(*timers_.begin()) <= now) {
    auto [time, id, kind] = *timers_.begin();
    timers_.erase(timers_.begin());
    auto it = attempts_.find(id);
    if (it == attempts_.end()) continue;
    Attempt& attempt = it->second;
    switch (kind) {
      case Timer::kBackoff: progress_.Due(id); break;
      case Timer::kCreateAgain:
        if (!denied_.contains(id)) break;
        (progress_.MayRetry(id) ? create_again_ : dirty_).insert(id);
        break;
      case Timer::kTimeout: {
        if (!attempt.pod || !attempt.pod->started_at) break;
        const Duration timeout = progress_.definition(id.step).timeout;
        if (*attempt.pod->started_at + timeout > now) break;  // of an earlier attempt
        if (attempt.want == Ending::kNone) attempt.want = Ending::kTimeout;
        dirty_.insert(id);
        break;
      }
    }
  }
}

void Run::JudgeAttempts(Time now) {
  while (!dirty_.empty()) {
    ItemId id = dirty_.extract(dirty_.begin()).value();
    touched_.insert(id);
    if (attempts_.contains(id)) JudgeAttempt(id, now);
  }
}

void Run::JudgeAttempt(ItemId id, Time now) {
  Attempt& attempt = attempts_.at(id);
  if (attempt.answer) return OnCacheAnswer(id, now);
  if (attempt.refused) {
    PodRefused refused = *std::exchange(attempt.refused, std::nullopt);
    if (refused.why == PodRefused::Why::kQuota && !progress_.MayRetry(id)) return FinishCutOff(id, now);
    if (refused.why == PodRefused::Why::kQuota && attempt.want == Ending::kNone) {
      Duration wait = std::min(kFirstQuotaWait * (1 << std::min(attempt.denials, 5)), kMaxQuotaWait);
      ++attempt.denials;
      attempt.denied_because = refused.message;
      denied_.insert(id);
      timers_.emplace(now + wait, id, Timer::kCreateAgain);
      return;
    }
    return OnOutcome(id,
                     {.kind = Outcome::Kind::kRejected,
                      .reason = attempt.want == Ending::kStopped ? Reason::kStopped : Reason::kPodRejected,
                      .message = refused.message},
                     now);
  }
  if (!attempt.pod) {
    // Asked for but not there: a halted run does not ask again.
    const bool not_yet = attempt.denials > 0 || starting_.contains(id);
    if (not_yet && !attempt.asked && !progress_.MayRetry(id)) FinishCutOff(id, now);
    return;
  }
  const graph::Step& step = progress_.definition(id.step);
  auto outcome = Judge(*attempt.pod, step);
  if (outcome && outcome->kind == Outcome::Kind::kSucceeded && AwaitOutputs(id, outcome->artifacts)) return;
  if (outcome) return OnOutcome(id, WithOutputs(id, *std::move(outcome)), now);
  if (attempt.absent) {
    return OnOutcome(id,
                     {.kind = Outcome::Kind::kInfrastructure,
                      .reason = Reason::kPodDeleted,
                      .message = "the pod is gone, finalizer and all; somebody removed it by force"},
                     now);
  }
  WatchTimeout(id, attempt, now);
  EndIfWanted(id);
}

void Run::WatchTimeout(ItemId id, Attempt& attempt, Time now) {
  const Duration timeout = progress_.definition(id.step).timeout;
  if (timeout.count() == 0 || !attempt.pod->started_at) return;
  const Time due = *attempt.pod->started_at + timeout;
  // A timer that is due already would wake us again and again until the pod is gone.
  if (due > now) {
    timers_.emplace(due, id, Timer::kTimeout);
  } else if (attempt.want == Ending::kNone) {
    attempt.want = Ending::kTimeout;
  }
}

void Run::EndIfWanted(ItemId id) {
  Attempt& attempt = attempts_.at(id);
  const PodView& pod = *attempt.pod;
  const bool annotated = pod.ending != Ending::kNone;
  if ((attempt.want == Ending::kNone && !annotated) || pod.deletion_time) return;
  if (attempt.end_sent_at == pod.resource_version) return;
  if (!barrier_.Open()) return barrier_.HoldEnd(id);
  attempt.end_sent_at = pod.resource_version;
  out_->push_back(EndPod{.name = pod.name,
                         .uid = pod.uid,
                         .resource_version = pod.resource_version,
                         .ending = annotated ? pod.ending : attempt.want,
                         .annotated = annotated});
}

ItemResult Run::ResultOf(const Attempt& attempt, const Outcome& outcome, State state) const {
  ItemResult result{.state = state,
                    .reason = outcome.reason,
                    .message = outcome.message,
                    .attempts = attempt.facts.attempt,
                    .exit_code = outcome.exit_code,
                    .outputs = outcome.outputs,
                    .artifacts = outcome.artifacts,
                    .usage = outcome.usage,
                    .pod_name = attempt.pod_name,
                    .cache = attempt.facts.cache};
  if (attempt.pod) {
    result.start_time = attempt.pod->started_at;
    result.completion_time = attempt.pod->finished_at;
    result.node_name = attempt.pod->node;
  }
  return result;
}

void Run::OnOutcome(ItemId id, const Outcome& outcome, Time now) {
  Attempt& attempt = attempts_.at(id);
  const graph::Step& step = progress_.definition(id.step);
  if (outcome.kind == Outcome::Kind::kSucceeded) {
    const ItemResult result = ResultOf(attempt, outcome, State::kSucceeded);
    return Finish(id, result, now, !HasLargeOutputs(result));
  }
  if (outcome.kind == Outcome::Kind::kStopped || outcome.reason == Reason::kStopped) {
    return Finish(id, ResultOf(attempt, outcome, State::kStopped), now, attempt.pod.has_value());
  }
  RetryDecision decision = DecideRetry(step.retry, attempt.facts, outcome, RetryAllowedByWhen(id, attempt, outcome));
  if (outcome.kind == Outcome::Kind::kRejected) decision.retry = false;
  if (decision.retry && progress_.MayRetry(id)) return Retry(id, decision.next, decision.backoff, outcome, now);
  // In a run that is being stopped, a loss to the cluster is nobody's failure, and what would have been tried again is
  // stopped as if it had been waiting for that already.
  const bool stopping =
      progress_.Halted() && !step.in_finally && (decision.retry || outcome.kind == Outcome::Kind::kInfrastructure);
  ItemResult result = ResultOf(attempt, outcome, stopping ? State::kStopped : State::kFailed);
  const bool used_up = attempt.facts.failures > 0 && attempt.facts.failures >= step.retry.limit;
  if (!stopping && used_up && outcome.kind != Outcome::Kind::kRejected && progress_.MayRetry(id)) {
    result.message =
        fmt::format("attempt {}: {}: {}", attempt.facts.attempt, api::Token(result.reason), result.message);
    result.reason = Reason::kRetriesExhausted;
  }
  const bool read = !attempt.outputs || attempt.outputs->problem.empty();
  Finish(id, std::move(result), now,
         read && attempt.pod && !attempt.absent && outcome.kind != Outcome::Kind::kRejected);
}

bool Run::RetryAllowedByWhen(ItemId id, const Attempt& attempt, const Outcome& outcome) const {
  const auto& when = progress_.definition(id.step).retry.when;
  if (!when) return true;
  RetryScope scope(progress_, outcome.exit_code.value_or(-1), std::string(api::Token(outcome.reason)),
                   attempt.facts.attempt);
  auto value = when->Evaluate(scope, kLimits);
  return value && value->AsBool();
}

void Run::Retry(ItemId id, const AttemptFacts& next, Duration backoff, const Outcome& outcome, Time now) {
  Attempt& failed = attempts_.at(id);
  const RunFacts& run = progress_.facts();
  const std::string& step = progress_.definition(id.step).name;
  Attempt attempt{.facts = next, .pod_name = PodName(run.name, run.uid, run.number, step, id.item, next.attempt)};
  attempt.earlier = std::move(failed.earlier);
  attempt.remembered = failed.remembered;
  if (failed.pod && !failed.absent) {
    attempt.earlier.push_back({.name = failed.pod_name, .uid = failed.pod->uid, .done = "Failed"});
  }
  attempt.last_result = ResultOf(failed, outcome, State::kFailed);
  const Time ended = failed.pod && failed.pod->finished_at ? *failed.pod->finished_at : now;
  by_pod_.erase(failed.pod_name);
  by_pod_[attempt.pod_name] = id;
  attempts_[id] = std::move(attempt);
  touched_.insert(id);
  progress_.Retrying(id, outcome.reason, next.attempt - 1);
  if (backoff.count() == 0 || ended + backoff <= now) {
    progress_.Due(id);
  } else {
    timers_.emplace(ended + backoff, id, Timer::kBackoff);
  }
  out_->push_back(EmitEvent{
      .warning = true,
      .reason = "StepRetried",
      .message = fmt::format("step {} item {}: attempt {} ended with {}: {}; attempt {} follows", step, id.item,
                             next.attempt - 1, api::Token(outcome.reason), outcome.message, next.attempt)});
  ++changes_;
}

void Run::Finish(ItemId id, ItemResult result, Time now, bool shown) {
  ForgetDenial(id);
  ForgetStart(id);
  touched_.insert(id);
  std::vector<HeldPod> pods;
  if (auto it = attempts_.find(id); it != attempts_.end()) {
    Attempt& attempt = it->second;
    LeaveOrKeep(id, attempt, result);
    if (!shown) KeepText(id, attempt, result);
    pods = std::move(attempt.earlier);
    if (attempt.pod && !attempt.absent) {
      pods.push_back({.name = attempt.pod_name, .uid = attempt.pod->uid, .done = DoneLabel(result.state)});
    }
    by_pod_.erase(attempt.pod_name);
    attempts_.erase(it);
  }
  if (result.state == State::kFailed) {
    out_->push_back(EmitEvent{.warning = true,
                              .reason = "StepFailed",
                              .message = fmt::format("step {} item {}: {}: {}", progress_.definition(id.step).name,
                                                     id.item, api::Token(result.reason), result.message)});
  }
  const graph::Step& step = progress_.definition(id.step);
  recorder_.Add(step.name, step.HasItems() ? std::optional(id.item) : std::nullopt, result, std::move(pods), now);
  CountCache(result);
  ++changes_;
  if (shown) return progress_.Finish(id, result);
  // After a crash this would be found out anew, and maybe otherwise: nothing may follow from it before it is stored.
  unshown_.insert(id);
}

void Run::FinishCutOff(ItemId id, Time now) {
  const Attempt& attempt = attempts_.at(id);
  if (!attempt.last_result) {  // quota never let it in: it is as if it had not been tried
    ForgetDenial(id);
    ForgetStart(id);
    touched_.insert(id);
    LeaveCache(id, attempts_.at(id), *out_);
    by_pod_.erase(attempt.pod_name);
    attempts_.erase(id);
    ++changes_;
    return progress_.Omit(id);
  }
  ItemResult result = *attempt.last_result;
  if (progress_.Halted() && !progress_.definition(id.step).in_finally) result.state = State::kStopped;
  Finish(id, std::move(result), now, !attempt.earlier.empty());
}

void Run::SettleProgress(Time now) {
  while (true) {
    progress_.Advance();
    std::vector<ItemId> cut = progress_.TakeCutOff();
    if (cut.empty()) return;
    for (ItemId id : cut) {
      auto it = attempts_.find(id);
      if (it == attempts_.end()) continue;
      Attempt& attempt = it->second;
      if (!attempt.pod && !attempt.asked) {
        FinishCutOff(id, now);
      } else if (attempt.want == Ending::kNone) {
        attempt.want = Ending::kStopped;
        if (attempt.pod) EndIfWanted(id);
      }
    }
  }
}

void Run::StartItems(Time now) {
  if (settings_.suspended) GiveUpStarts();
  if (settings_.suspended || settings_.ending_soon) return;
  CreateAgain(now);
  StartHeld(now);
  while (creates_in_flight_ < kMaxCreatesInFlight && looking_.size() < kMaxLookUps) {
    auto id = progress_.TakeStartable(settings_.parallelism);
    if (!id) return;
    ++changes_;
    if (!attempts_.contains(*id)) {
      const RunFacts& run = progress_.facts();
      Attempt attempt{.facts = {.run = run.number, .attempt = 1, .item = id->item}};
      attempt.pod_name = PodName(run.name, run.uid, run.number, progress_.definition(id->step).name, id->item, 1);
      by_pod_[attempt.pod_name] = *id;
      attempts_[*id] = std::move(attempt);
    }
    Start(*id, now);
    SettleProgress(now);
  }
}

void Run::CreateAgain(Time now) {
  while (!create_again_.empty() && !AllRunning()) {
    ItemId id = create_again_.extract(create_again_.begin()).value();
    denied_.erase(id);
    if (progress_.MayRetry(id)) {
      Create(id, now);
    } else {
      FinishCutOff(id, now);
    }
    SettleProgress(now);
  }
}

// What is denied or waits for the step cache counts as started, but takes no place until it is asked for: the limit may
// be lower by then.
bool Run::AllRunning() const {
  const int64_t running = progress_.Count(State::kRunning) - static_cast<int64_t>(denied_.size() + starting_.size());
  return settings_.parallelism > 0 && running >= settings_.parallelism;
}

void Run::ForgetDenial(ItemId id) {
  denied_.erase(id);
  create_again_.erase(id);
}

void Run::Create(ItemId id, Time now) {
  Attempt& attempt = attempts_.at(id);
  auto pod =
      BuildPod(progress_, id, attempt.facts,
               {.kind = KindName(kind_), .pod_name = attempt.pod_name, .epoch = epoch_, .courier = courier_.get()});
  if (!pod) {
    return OnOutcome(
        id, {.kind = Outcome::Kind::kRejected, .reason = Reason::kExpressionFailed, .message = pod.error().message},
        now);
  }
  attempt.asked = true;
  attempt.asked_at = now;
  touched_.insert(id);
  ++creates_in_flight_;
  out_->push_back(CreatePod{.name = attempt.pod_name, .pod = *std::move(pod)});
}

void Run::RecordSettledSteps(Time now) {
  for (int32_t index : progress_.TakeSettled()) {
    const Progress::Step& step = progress_.step(index);
    ItemResult result{.state = step.state, .reason = step.reason, .message = step.message};
    recorder_.Add(progress_.definition(index).name, std::nullopt, result, {}, now);
    ++changes_;
  }
}

void Run::NoteWaits() {
  for (ItemId id : std::exchange(touched_, {})) {
    auto it = attempts_.find(id);
    if (it == attempts_.end()) {
      waits_.Forget(id);
    } else {
      auto waiting = WaitingOf(it->second);
      waits_.Note(id, waiting ? std::optional(waiting->reason) : std::nullopt);
    }
  }
}

void Run::AskToWake() {
  std::optional<Time> next;
  auto consider = [&](std::optional<Time> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (!timers_.empty() && restoring_.empty()) consider(std::get<Time>(*timers_.begin()));
  consider(recorder_.NextFlush());
  consider(cleanup_.NextWake());
  if (next) out_->push_back(WakeAt{.time = *next});
}

}  // namespace coreflow::engine
