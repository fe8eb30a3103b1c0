#include "pkg/engine/owner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/api/digest.h"
#include "pkg/api/limits.h"
#include "pkg/base/overloaded.h"
#include "pkg/base/resource_version.h"
#include "pkg/engine/names.h"
#include "pkg/engine/run_trace.h"
#include "pkg/json/bind.h"

namespace coreflow::engine {

namespace {

using api::Reason;
using json::Array;
using json::Object;
using json::Value;

// Status writes that only show progress are at least this far apart.
constexpr Duration kStatusInterval = std::chrono::seconds(2);
constexpr char kRetryFromPath[] = ".metadata.annotations[coreflow.dev/retry-from]";

api::RunKind RunKindOf(Kind kind) { return kind == Kind::kJob ? api::RunKind::kJob : api::RunKind::kWorkflow; }

}  // namespace

Owner::Owner(Kind kind, std::string namespace_name, std::string name, std::string uid, const Term& term)
    : kind_(kind), namespace_(std::move(namespace_name)), name_(std::move(name)), uid_(std::move(uid)) {
  SetTerm(term);
}

int64_t Owner::StoredEpoch() const { return object_ ? object_->status["epoch"].IntOr(0) : 0; }

void Owner::SetTerm(const Term& term) {
  epoch_ = term.epoch;
  courier_ = term.courier;
  traced_ = term.traced;
  fenced_ = term.fenced;
  tombstones_.KeepUntil(term.settled_at);
}

void Owner::Observe(const Observation& observation) {
  std::visit([this](const auto& seen) { See(seen); }, observation);
}

void Owner::See(const ObjectSeen& seen) {
  if (gone_ || seen.object.uid != uid_) return;
  lookup_sent_ = false;
  if (object_) {
    auto order = CompareResourceVersions(seen.object.resource_version, object_->resource_version);
    // The same again may be the answer to a write that changed nothing.
    if (order && *order == 0) status_sent_at_.clear();
    if (order && *order <= 0) return;
  }
  // Nothing of ours is on its way: what is there is what somebody wrote, perhaps a former leader.
  if (status_sent_at_.empty()) written_ = seen.object.status;
  object_ = seen.object;
  status_sent_at_.clear();
  RunInfo stored = ParseRunInfo(object_->status);
  durable_ending_ = stored.ending;
  // Numbers of runs that were stored never fall: somebody has emptied the status, and what it had is written again.
  if (stored.number >= info_.number) info_ = std::move(stored);
  if (!digest_of_ || !(*digest_of_ == object_->spec)) {
    digest_of_ = object_->spec;
    controls_ = ControlsOf(kind_, object_->spec);
    accepted_.reset();
    on_change_ = OnChangeOf(kind_, object_->spec);
    digest_ = api::RunDigest(RunKindOf(kind_), object_->spec);
  }
  if (object_->deleting) See(ObjectGone{});
}

void Owner::See(const ObjectGone&) {
  if (gone_) return;
  gone_ = true;
  if (run_) {
    for (const HeldPod& pod : run_->HeldPods()) {
      leftovers_.Observe({.name = pod.name, .uid = pod.uid, .has_finalizer = true});
    }
    run_.reset();
  }
}

void Owner::See(const RecordSeen& seen) {
  const auto at = std::ranges::lower_bound(recorded_runs_, seen.run);
  if (at == recorded_runs_.end() || *at != seen.run) recorded_runs_.insert(at, seen.run);
  if (run_ && seen.run == run_->progress().facts().number) {
    if (seen.index > 0) run_->ObserveRecord(seen.index, seen.body);
    return;
  }
  if (seen.run < info_.number) return;
  records_[seen.run][seen.index] = seen.body;
}

void Owner::See(const PodSeen& seen) {
  const PodView& pod = seen.pod;
  if (pod.owner_uid != uid_) return;
  // A pod that was let go never takes its finalizer back: this was seen before.
  if (pod.has_finalizer && released_.contains(pod.uid)) return;
  if (!pod.has_finalizer) released_.insert(pod.uid);
  if (run_ && pod.run_id == run_->id()) return run_->Observe(pod);
  leftovers_.Observe(pod);
}

void Owner::See(const PodGone& gone) {
  released_.erase(gone.uid);
  if (run_) run_->Observe(gone);
  leftovers_.ObserveGone(gone.name, gone.uid);
}

void Owner::See(const PodAbsent& absent) {
  if (run_) run_->Observe(absent);
  leftovers_.ObserveAbsent(absent.name);
}

void Owner::See(const PodRefused& refused) {
  if (run_) run_->Observe(refused);
}

void Owner::See(const CacheAnswered& answered) {
  if (run_) run_->Observe(answered);
}

void Owner::See(const OutputsLoaded& loaded) {
  if (run_) run_->Observe(loaded);
}

void Owner::See(const StatusRefused& refused) {
  status_sent_at_.clear();
  if (!refused.conflict) return;
  // What we sent is not what is there: the same status may have to be written again.
  urgent_ = true;
  written_ = object_ ? std::optional(object_->status) : std::nullopt;
}

void Owner::See(const Synced&) { synced_ = true; }

Actions Owner::Decide(Time now) {
  Actions actions;
  if (!synced_) return actions;
  DecideAll(now, actions);
  tombstones_.Pass(now, actions);
  return actions;
}

void Owner::DecideAll(Time now, Actions& actions) {
  if (gone_) {
    return leftovers_.Decide(
        {.object_gone = true}, [] { return std::set<std::string>(); }, actions);
  }
  if (!object_) {
    if (!std::exchange(lookup_sent_, true)) actions.push_back(LookUpObject{});
    return;
  }
  DecideLive(now, actions);
}

void Owner::DecideLive(Time now, Actions& actions) {
  if (run_ && run_->progress().facts().number < info_.number) run_.reset();
  if (info_.number > 0 && info_.result.empty()) {
    GoOn(now, actions);
    return;
  }
  if (run_) {
    run_->SetOver(info_.result == "Succeeded");
    run_->Decide(now, actions);
    if (!run_->CleanedUp()) return;
    leftovers_.NoteSwept(run_->Swept());
    run_.reset();
  }
  leftovers_.Decide(
      {.last_run = info_.number, .last_succeeded = info_.result == "Succeeded", .cleanup = controls_.pod_cleanup},
      [this] { return SucceededPods(); }, actions);
  ConsiderStart(now, actions);
  ExpireFinished(now, actions);
}

std::set<std::string> Owner::SucceededPods() const {
  std::set<std::string> names;
  auto records = records_.find(info_.number);
  if (records == records_.end()) return names;
  for (const auto& [index, body] : records->second) {
    for (const Value& item : body["results"].Elements()) {
      if (item["state"].StringOr("") == "Succeeded") names.insert(item["podName"].StringOr(""));
    }
  }
  return names;
}

bool Owner::SpecChanged() const {
  if (info_.number == 0) return true;
  return object_->generation != object_->status["observedGeneration"].IntOr(0) && !api::SameRun(info_.digest, digest_);
}

bool Owner::RunWanted() const {
  const std::string& requested = object_->run_requested_at;
  return SpecChanged() || (!requested.empty() && requested != info_.requested_at);
}

const Accepted& Owner::AcceptedSpec() {
  if (!accepted_) accepted_ = Accept(kind_, object_->spec, name_, namespace_);
  return *accepted_;
}

void Owner::ConsiderStart(Time now, Actions& actions) {
  const int64_t observed = object_->status["observedGeneration"].IntOr(0);
  if (!RunWanted()) return ShowLastRun(now, actions);
  const auto problems = ProblemsOfNext(actions);
  if (!problems) return;
  Object status = object_->status.Members();
  status["observedGeneration"] = object_->generation;
  if (!problems->empty()) {
    standing_ = {.state = "Failed", .reason = Reason::kInvalidSpec, .message = DescribeProblems(*problems)};
  } else if (controls_.suspend) {
    standing_ = {.state = "Suspended",
                 .reason = Reason::kSuspended,
                 .message = "spec.suspend is true; set it to false to start"};
    // The generation stays unobserved: the run is still to start.
    status["observedGeneration"] = observed;
  } else {
    return PinRun(info_.number + 1, now, actions);
  }
  const bool news = object_->status["state"].StringOr("") != standing_.state || observed != object_->generation;
  if (problems->empty() && !news) return;
  status["state"] = standing_.state;
  status["conditions"] = Conditions(standing_, object_->generation, object_->status["conditions"], now);
  if (!problems->empty() && observed != object_->generation) {
    actions.push_back(EmitEvent{.warning = true, .reason = "InvalidSpec", .message = standing_.message});
  }
  WriteWhole(std::move(status), now, actions, true);
}

std::optional<std::vector<json::Problem>> Owner::ProblemsOfNext(Actions& actions) {
  const Accepted& accepted = AcceptedSpec();
  const bool pinned = records_[info_.number + 1].contains(0);
  if (!accepted.problems.empty() || controls_.suspend || pinned) return accepted.problems;
  continues_.reset();
  auto requested = RequestedRetryFrom(*object_);
  if (!requested) return std::vector{json::Problem{.path = kRetryFromPath, .message = requested.error().message}};
  if (*requested) return FindContinued(**std::move(requested), kRetryFromPath, actions);
  const Value& from = object_->spec["retryFrom"];
  if (from.IsNull() || !SpecChanged()) return accepted.problems;
  return FindContinued(json::Bind<api::RetryFrom>(from).value, ".spec.retryFrom", actions);
}

std::optional<std::vector<json::Problem>> Owner::FindContinued(api::RetryFrom from, const std::string& path,
                                                               Actions& actions) {
  std::vector<json::Problem> problems;
  for (const std::string& name : from.steps) {
    if (!AcceptedSpec().graph->by_name.contains(name))
      problems.push_back({.path = path + ".steps", .message = "there is no step " + name});
  }
  const auto run = api::ParseRunName(from.run);
  if (!problems.empty() || !run) return problems;
  const auto found = continuation_.LookUp(*run, actions);
  if (!found) return std::nullopt;
  if (!found->problem.empty()) return std::vector{json::Problem{.path = path + ".run", .message = found->problem}};
  from.run = api::ToText(found->run);
  continues_ = std::move(from);
  return problems;
}

void Owner::StoreRecordZero(int32_t number, Actions& actions) {
  if (pin_sent_) return;
  const Accepted& accepted = AcceptedSpec();
  if (!accepted.graph) {
    return LeaveAlone(Reason::kInvalidSpec, "the spec of the run was lost and the present one has problems: " +
                                                DescribeProblems(accepted.problems));
  }
  pin_sent_ = true;
  actions.push_back(
      WriteRecord{.run = number,
                  .index = 0,
                  .name = RecordName(name_, uid_, number, 0),
                  .body = PinnedBody(number, digest_, accepted.graph->source,
                                     number > info_.number ? continues_ : std::nullopt, IncomingTrace(actions))});
}

// Pinned, so that an edit of the annotation does not tear the trace of a run.
std::string Owner::IncomingTrace(Actions& actions) const {
  const std::string& given = object_->traceparent;
  if (!traced_ || given.empty()) return "";
  if (telemetry::ParseTraceparent(given)) return given;
  actions.push_back(EmitEvent{.warning = true,
                              .reason = "TraceparentIgnored",
                              .message = "the annotation coreflow.dev/traceparent is no traceparent of version 00 (W3C "
                                         "Trace Context): the run begins a trace of its own"});
  return "";
}

// Record 0 first, then what is taken from an earlier run, then status.run: whoever finds the one without the other goes
// on from there.
void Owner::PinRun(int32_t number, Time now, Actions& actions) {
  const auto& records = records_[number];
  if (!records.contains(0)) return StoreRecordZero(number, actions);
  const Value& pinned = records.at(0);
  if (number > info_.number && !continuation_.Store(records, FactsOf(number), now, actions)) return;
  const std::string& requested = object_->run_requested_at;
  RunInfo next{.number = number,
               .digest = pinned["digest"].StringOr(digest_),
               .start_time = now,
               .requested_at = requested.empty() ? info_.requested_at : requested,
               .retry_from = pinned["retryFrom"]["run"].StringOr("")};
  for (const auto& [index, body] : records) next.reused += static_cast<int64_t>(body["results"].Elements().size());
  Object status{{"observedGeneration", object_->generation}, {"run", ToJson(next)}, {"startTime", FormatTime(now)}};
  if (Value previous = PreviousRuns(); !previous.Elements().empty()) status["previousRuns"] = previous;
  standing_ = {.state = "Running", .reason = Reason::kPendingEvaluation};
  status["state"] = standing_.state;
  status["conditions"] = Conditions(standing_, object_->generation, {}, now);
  WriteWhole(std::move(status), now, actions, true);
}

RunFacts Owner::FactsOf(int32_t number) const {
  return {.name = name_,
          .namespace_name = namespace_,
          .uid = uid_,
          .number = number,
          .creation_time = object_->creation_time,
          .start_time = info_.start_time};
}

Value Owner::PreviousRuns() const {
  Array runs = object_->status["previousRuns"].Elements();
  if (info_.number > 0) {
    Value last = ToJson(info_);
    Object run = last.Members();
    run.erase("ending");
    for (const char* field : {"requestedAt", "retryFrom", "reused"}) run.erase(field);
    runs.insert(runs.begin(), std::move(run));
  }
  if (runs.size() > api::limits::kPreviousRuns) runs.resize(api::limits::kPreviousRuns);
  return runs;
}

void Owner::LeaveAlone(Reason reason, std::string message) {
  left_alone_ = Standing{.state = "Failed", .reason = reason, .message = std::move(message)};
}

void Owner::MakeRun() {
  const auto graph = CompilePinned(records_[info_.number]);
  if (!graph) {
    return LeaveAlone(graph.error().code == Code::kForbidden ? Reason::kNewerFormat : Reason::kInternalError,
                      graph.error().message);
  }
  RunFacts facts = FactsOf(info_.number);
  if (traced_) {
    facts.trace = TraceOf(uid_, info_.number, records_[info_.number][0]["spec"]["traceparent"].StringOr(""));
  }
  run_ = std::make_unique<Run>(*graph, facts, kind_, epoch_, courier_);
  std::vector<PodView> pods = leftovers_.Take(run_->id());
  // The latest attempt of an item speaks for it; what it was preceded by is only let go.
  std::ranges::stable_sort(pods, std::ranges::greater{},
                           [](const PodView& pod) { return pod.facts ? pod.facts->attempt : 0; });
  run_->Restore(records_[info_.number], pods);
  records_.clear();
  accepted_.reset();
  pin_sent_ = false;
  continuation_ = {};
}

// Two with each run: what a thousand runs have left must not all go at once when we start.
void Owner::SweepOldRecords(Actions& actions) {
  constexpr int kAtOnce = 2;
  constexpr int64_t kRunsBefore = api::limits::kPreviousRuns;
  for (int i = 0; i < kAtOnce && !recorded_runs_.empty(); ++i) {
    const int32_t oldest = recorded_runs_.front();
    if (oldest + kRunsBefore >= info_.number) return;
    recorded_runs_.erase(recorded_runs_.begin());
    actions.push_back(SweepRecords{.run_id = RunId(uid_, oldest)});
  }
}

void Owner::GoOn(Time now, Actions& actions) {
  if (!run_) {
    if (!records_[info_.number].contains(0)) return PinRun(info_.number, now, actions);
    MakeRun();
    SweepOldRecords(actions);
  }
  if (!run_) {
    standing_ = *left_alone_;
    Object status = object_->status.Members();
    status["conditions"] = Conditions(standing_, object_->generation, object_->status["conditions"], now);
    return WriteWhole(std::move(status), now, actions, true);
  }
  ApplyControls(now, actions);
  run_->Decide(now, actions);
  if (!run_->Finished()) {
    if (run_->ProgressMayFall()) return;
    Standing standing = StandingOf(*run_);
    const bool urgent = standing.state != standing_.state;
    standing_ = std::move(standing);
    // Making it costs more than all else that the news of a pod brings about.
    if (!StatusIsDue(now, urgent, actions)) return;
    return WriteWhole(StatusOfRun(standing_, now), now, actions, urgent);
  }
  standing_ = engine::ResultOf(*run_);
  Object status = StatusOfRun(standing_, now);
  RunInfo done = info_;
  done.result = standing_.state;
  done.reason = api::Token(standing_.reason);
  done.completion_time = now;
  status["run"] = ToJson(done);
  status["completionTime"] = FormatTime(now);
  status["duration"] =
      fmt::format("{}s", std::chrono::duration_cast<std::chrono::seconds>(now - info_.start_time).count());
  if (auto outputs = RunOutputs(run_->progress()); outputs && !outputs->Elements().empty())
    status["outputs"] = *outputs;
  if (status_sent_at_.empty()) SayEnd(standing_, actions);
  WriteWhole(std::move(status), now, actions, true);
}

void Owner::SayEnd(const Standing& standing, Actions& actions) const {
  actions.push_back(
      EmitEvent{.warning = standing.state == "Failed",
                .reason = "Run" + standing.state,
                .message = fmt::format("run {}: {} {}", info_.number, api::Token(standing.reason), standing.message)});
  if (!object_->tracked_by_gitops || !controls_.ttl_seconds_after_finished) return;
  actions.push_back(EmitEvent{.warning = true,
                              .reason = "TTLIgnored",
                              .message = "spec.ttlSecondsAfterFinished is ignored: Argo CD, Flux or Helm manage this "
                                         "object, and would make it again"});
}

RunEnding Owner::WantedEnding(Time now, const api::RunControls& controls) const {
  if (controls.stop == api::Stop::kImmediate) return RunEnding::kImmediate;
  if (controls.timeout_seconds && !run_->progress().InFinally() &&
      now >= info_.start_time + std::chrono::seconds(*controls.timeout_seconds)) {
    return RunEnding::kDeadline;
  }
  if (controls.stop == api::Stop::kGraceful) return RunEnding::kGraceful;
  if (SpecChanged() && on_change_ == api::OnChange::kRestart) return RunEnding::kSuperseded;
  return RunEnding::kNone;
}

void Owner::ApplyControls(Time now, Actions& actions) {
  run_->SetEnding(durable_ending_);
  if (MayBecomeAnother(info_.ending)) {
    const RunEnding wanted = WantedEnding(now, controls_);
    if (wanted != RunEnding::kNone && wanted != info_.ending && !run_->progress().AllEnded()) {
      // Durable before it acts: an edit that takes it away again must not resume the run.
      info_.ending = wanted;
      urgent_ = true;
    } else if (controls_.timeout_seconds && !run_->progress().InFinally()) {
      actions.push_back(WakeAt{.time = info_.start_time + std::chrono::seconds(*controls_.timeout_seconds)});
    }
  }
  run_->SetSettings(
      {.parallelism = static_cast<int32_t>(std::clamp<int64_t>(controls_.parallelism.value_or(0), 0, 1 << 30)),
       .suspended = controls_.suspend,
       .ending_soon = info_.ending != durable_ending_});
}

Object Owner::StatusOfRun(const Standing& standing, Time now) const {
  Object status;
  // What the conditions speak of: the generation whose spec this run does. A later one that changes what would be run
  // is observed when its own run starts.
  const int64_t observed = object_->status["observedGeneration"].IntOr(0);
  const int64_t generation = api::SameRun(info_.digest, digest_) ? object_->generation : observed;
  status["observedGeneration"] = generation;
  status["run"] = ToJson(info_);
  status["startTime"] = FormatTime(info_.start_time);
  if (const Value* previous = object_->status.Find("previousRuns")) status["previousRuns"] = *previous;
  status["state"] = standing.state;
  status["conditions"] = Conditions(standing, generation, object_->status["conditions"], now);
  AddProgress(*run_, status);
  return status;
}

// The spec says what the last run did: its results stand for this generation too, whatever was tried in between.
void Owner::ShowLastRun(Time now, Actions& actions) {
  standing_ = {.state = info_.result, .reason = api::ParseReason(info_.reason).value_or(Reason::kInternalError)};
  if (!api::SameRun(info_.digest, digest_)) return;  // what is wrong with the present spec is shown
  if (info_.result != "Succeeded") standing_.message = fmt::format("run {} ended so", info_.number);
  const bool stored = ParseRunInfo(object_->status).number == info_.number;
  const bool shown = stored && object_->status["state"].StringOr("") == info_.result;
  const bool observed = object_->status["observedGeneration"].IntOr(0) == object_->generation;
  if (shown && observed) return;
  const Value& before = object_->status["conditions"];
  for (const Value& condition : before.Elements()) {
    if (shown && condition["reason"].StringOr("") == info_.reason)
      standing_.message = condition["message"].StringOr("");
  }
  Object status = object_->status.Members();
  status["observedGeneration"] = object_->generation;
  status["state"] = standing_.state;
  if (!stored) status["run"] = ToJson(info_);
  status["conditions"] = Conditions(standing_, object_->generation, before, now);
  WriteWhole(std::move(status), now, actions, true);
}

// Whether a status may be written now; asks to be woken when it may.
bool Owner::StatusIsDue(Time now, bool urgent, Actions& actions) const {
  if (!status_sent_at_.empty()) return false;  // its answer brings us here again
  if (urgent || urgent_ || !last_write_ || now >= *last_write_ + kStatusInterval) return true;
  actions.push_back(WakeAt{.time = *last_write_ + kStatusInterval});
  return false;
}

void Owner::WriteWhole(Object status, Time now, Actions& actions, bool urgent) {
  // Alone we have none, and leave what a leader wrote.
  if (const int64_t epoch = epoch_ > 0 ? epoch_ : StoredEpoch(); epoch > 0) status["epoch"] = epoch;
  if (!fenced_) AddNotFenced(object_->status["conditions"], object_->generation, now, status);
  Value wanted = std::move(status);
  if (written_ && *written_ == wanted) return;
  if (!StatusIsDue(now, urgent, actions)) return;
  urgent_ = false;
  last_write_ = now;
  status_sent_at_ = object_->resource_version;
  written_ = wanted;
  actions.push_back(WriteStatus{.resource_version = object_->resource_version, .status = std::move(wanted)});
}

void Owner::ExpireFinished(Time now, Actions& actions) {
  if (info_.result.empty() || !info_.completion_time || !controls_.ttl_seconds_after_finished) return;
  if (object_->tracked_by_gitops || RunWanted()) return;
  const Time due = *info_.completion_time + std::chrono::seconds(*controls_.ttl_seconds_after_finished);
  if (now < due) {
    actions.push_back(WakeAt{.time = due});
  } else {
    actions.push_back(DeleteObject{.resource_version = object_->resource_version});
  }
}

}  // namespace coreflow::engine
