#include "pkg/engine/testing/world.h"

#include <algorithm>
#include <utility>

#include "pkg/base/hash.h"
#include "pkg/base/overloaded.h"
#include "pkg/engine/names.h"
#include "pkg/engine/pretended.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr char kUid[] = "11111111-2222-3333-4444-555555555555";

// `object` with the member at the path replaced.
void SetAt(Object& object, std::initializer_list<const char*> path, Value value) {
  std::vector<std::string> names(path.begin(), path.end());
  std::function<Value(const Value&, size_t)> set = [&](const Value& at, size_t depth) -> Value {
    if (depth == names.size()) return value;
    Object copy = at.Members();
    copy[names[depth]] = set(at[names[depth]], depth + 1);
    return copy;
  };
  object = set(Value(object), 0).Members();
}

}  // namespace

Value Spec(const std::string& text) {
  auto value = json::Parse(text);
  CHECK(value.has_value(), "a test's spec is valid JSON");
  return *value;
}

World::World(Kind kind, Value spec, Behaviour behaviour) : behaviour_(std::move(behaviour)) {
  object_ = {.kind = kind,
             .name = "w",
             .namespace_name = "ns",
             .uid = kUid,
             .resource_version = "1",
             .generation = 1,
             .creation_time = now,
             .spec = std::move(spec)};
}

std::vector<Observation> World::Stored() const {
  std::vector<Observation> stored;
  for (const auto& [name, pod] : pods_) stored.emplace_back(PodSeen{pod.view});
  for (const auto& [name, body] : records_) {
    stored.emplace_back(RecordSeen{.run = static_cast<int32_t>(body["run"].IntOr(0)),
                                   .index = static_cast<int32_t>(body["index"].IntOr(0)),
                                   .body = body});
  }
  if (object_gone_) {
    stored.emplace_back(ObjectGone{});
  } else {
    stored.emplace_back(ObjectSeen{object_});
  }
  stored.emplace_back(Synced{});
  return stored;
}

std::unique_ptr<Owner> World::NewOwner(const Term& term) const {
  Term complete = term;
  complete.courier = courier;
  auto owner = std::make_unique<Owner>(object_.kind, "ns", "w", kUid, complete);
  for (const Observation& observation : Stored()) owner->Observe(observation);
  return owner;
}

void World::Say(Owner& owner, const Observation& observation) {
  if (told != nullptr) told->push_back(observation);
  owner.Observe(observation);
}

// The answer of the API server to a question about the pod.
void World::SayPod(Owner& owner, const std::string& name, const std::string& uid) {
  auto it = pods_.find(name);
  if (it == pods_.end()) return Say(owner, PodAbsent{name});
  if (!uid.empty() && it->second.view.uid != uid) return Say(owner, PodGone{.name = name, .uid = uid});
  Say(owner, PodSeen{it->second.view});
}

void World::Tell(Owner& owner) {
  for (const std::string& name : std::exchange(changed_, {})) {
    if (auto it = pods_.find(name); it != pods_.end()) Say(owner, PodSeen{it->second.view});
  }
  for (const PodGone& gone : std::exchange(gone_, {})) Say(owner, gone);
  if (std::exchange(object_changed_, false)) {
    if (object_gone_) {
      Say(owner, ObjectGone{});
    } else {
      Say(owner, ObjectSeen{object_});
    }
  }
}

bool World::Round(Owner& owner, size_t limit) {
  Tell(owner);
  Actions actions = owner.Decide(now);
  wake_.reset();
  bool busy = false;
  for (const Action& action : actions) {
    if (const auto* wake = std::get_if<WakeAt>(&action)) {
      if (!wake_ || wake->time < *wake_) wake_ = wake->time;
      continue;
    }
    if (limit == 0) break;
    --limit;
    busy = true;
    Apply(owner, action);
  }
  LetPodsGoOn();
  return busy || HasNews();
}

std::optional<Time> World::NextPodEvent() const {
  std::optional<Time> next;
  for (const auto& [name, pod] : pods_) {
    if (pod.due && (!next || *pod.due < *next)) next = pod.due;
  }
  return next;
}

bool World::Settle(Owner& owner, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    if (Round(owner)) {
      now += Duration(10);
      continue;
    }
    std::optional<Time> next = NextPodEvent();
    if (wake_ && (!next || *wake_ < *next)) next = wake_;
    if (!next) return true;
    now = std::max(now + Duration(1), *next);
  }
  return false;
}

void World::Apply(Owner& owner, const Action& action) {
  std::visit(overloaded{
                 [&](const CreatePod& a) { Create(owner, a); },
                 [&](const EndPod& a) { End(owner, a); },
                 [&](const RemovePod& a) { Remove(owner, a); },
                 [&](const ReleasePod& a) { Release(owner, a); },
                 [&](const SweepPods& a) { Sweep(a); },
                 [&](const SweepRecords& a) {
                   std::erase_if(records_, [&](const auto& record) {
                     return RunId(object_.uid, static_cast<int32_t>(record.second["run"].IntOr(0))) == a.run_id;
                   });
                 },
                 [&](const LookUpPod& a) { SayPod(owner, a.name, ""); },
                 [&](const LookUpObject&) { object_changed_ = true; },
                 [&](const LookUpRun& a) { Say(owner, FindRun(a.run)); },
                 [&](const LookUpCache& a) { LookUp(owner, a); },
                 [&](const ComputeForCache&) {},
                 [&](const KeepInCache& a) { cache_[DigestOf(a.key)] = a; },
                 [&](const LeaveCache&) {},
                 [&](const LoadOutputs& a) {
                   const auto found = outputs_.find(a.digest);
                   const bool there = found != outputs_.end();
                   Say(owner, OutputsLoaded{.digest = a.digest,
                                            .text = there ? found->second : "",
                                            .problem = there ? "" : "there is no such blob"});
                 },
                 [&](const WriteRecord& a) {
                   ++writes_;
                   auto [it, created] = records_.emplace(a.name, a.body);
                   if (created) log_.push_back({.what = WorldEvent::What::kRecorded, .time = now, .value = a.body});
                   Say(owner, RecordSeen{.run = a.run, .index = a.index, .body = it->second});
                 },
                 [&](const WriteStatus& a) { Write(owner, a); },
                 [&](const engine::DeleteObject&) { DeleteObject(); },
                 [&](const EmitEvent& event) {
                   if (said) said(event);
                 },
                 [&](const WakeAt&) {},
             },
             action);
}

RunLookedUp World::FindRun(const api::RunName& asked) const {
  const RunInfo last = ParseRunInfo(object_.status);
  RunLookedUp run{.asked = asked,
                  .number = asked.number > 0 ? asked.number : last.number,
                  .uid = object_.uid,
                  .creation_time = object_.creation_time};
  const bool ended = run.number < last.number || !last.result.empty();
  if (asked.object != object_.name || run.number > last.number || !ended) run.problem = "there is no such run";
  run.outputs = outputs_;
  for (const auto& [name, body] : records_) {
    if (body["run"].IntOr(0) == run.number) run.records[static_cast<int32_t>(body["index"].IntOr(0))] = body;
  }
  return run;
}

void World::LookUp(Owner& owner, const LookUpCache& look) {
  const std::string key = DigestOf(look.key);
  CacheAnswered answer{.of = look.of, .verdict = {.decision = CacheVerdict::Decision::kMiss, .key = key}, .result = {}};
  auto kept = cache_.find(key);
  auto before = warm && kept == cache_.end() ? warm(look) : std::nullopt;
  if (look.refresh) {
    answer.verdict.decision = CacheVerdict::Decision::kRefreshed;
  } else if (kept != cache_.end() || before) {
    answer.verdict.decision = CacheVerdict::Decision::kHit;
    answer.verdict.from = before ? "another/1" : kept->second.run;
    answer.result = before ? *before : kept->second.result;
    // As it is named: object, step and item.
    const size_t step = look.nearest.find('/') + 1, item = look.nearest.rfind('/') + 1;
    log_.push_back(
        {.what = WorldEvent::What::kHit,
         .time = now,
         .pod = look.of,
         .step = look.nearest.substr(step, item - 1 - step),
         .facts = {.run = ParseRunInfo(object_.status).number, .item = std::stoi(look.nearest.substr(item))}});
  }
  Say(owner, answer);
}

void World::Create(Owner& owner, const CreatePod& create) {
  if (quota_denies && quota_denies(ParsePod(create.pod))) {
    return Say(owner, PodRefused{.name = create.name, .why = PodRefused::Why::kQuota, .message = "exceeded quota"});
  }
  if (!pods_.contains(create.name)) {
    ++writes_;
    created_.push_back(create.name);
    Pod pod{.object = create.pod.Members(), .view = {}, .due = now};
    SetAt(pod.object, {"metadata", "uid"}, "uid-" + std::to_string(created_.size()));
    SetAt(pod.object, {"status", "phase"}, "Pending");
    pods_[create.name] = std::move(pod);
    Touch(create.name);
    Note(WorldEvent::What::kCreated, pods_[create.name].view);
  }
  changed_.erase(create.name);
  Say(owner, PodSeen{pods_[create.name].view});
}

// The reason first, then the deletion: two requests, each decided on its own.
void World::End(Owner& owner, const EndPod& end) {
  auto it = pods_.find(end.name);
  if (it != pods_.end() && it->second.view.uid == end.uid && it->second.view.resource_version == end.resource_version) {
    ++writes_;
    if (end.annotated) {
      DeletePod(end.name, false);
    } else {
      SetAt(it->second.object, {"metadata", "annotations", kAnnotationEnding}, EndingName(end.ending));
      Touch(end.name);
    }
    changed_.erase(end.name);
  }
  SayPod(owner, end.name, "");
}

void World::Remove(Owner& owner, const RemovePod& remove) {
  auto it = pods_.find(remove.name);
  if (it != pods_.end() && it->second.view.uid == remove.uid && !it->second.view.deletion_time) {
    ++writes_;
    DeletePod(remove.name, false);
    changed_.erase(remove.name);
  }
  SayPod(owner, remove.name, remove.uid);
}

void World::Release(Owner& owner, const ReleasePod& release) {
  auto it = pods_.find(release.name);
  if (it == pods_.end() || it->second.view.uid != release.uid) {
    return Say(owner, PodGone{.name = release.name, .uid = release.uid});
  }
  ++writes_;
  SetAt(it->second.object, {"metadata", "finalizers"}, Array{});
  SetAt(it->second.object, {"metadata", "labels", kLabelDone}, release.done);
  Touch(release.name);
  Note(WorldEvent::What::kReleased, it->second.view);
  changed_.erase(release.name);
  Say(owner, PodSeen{it->second.view});
  const PodView& view = it->second.view;
  if (view.deletion_time && (Ended(view) || view.deletion_grace_seconds == 0)) Remove(release.name);
}

void World::Sweep(const SweepPods& sweep) {
  ++writes_;
  std::vector<std::string> names;
  for (const auto& [name, pod] : pods_) {
    if (pod.view.run_id == sweep.run_id && std::ranges::count(sweep.done, pod.view.done) > 0) names.push_back(name);
  }
  for (const std::string& name : names) {
    if (pods_[name].view.has_finalizer) {
      DeletePod(name, false);
    } else {
      Remove(name);
    }
  }
}

void World::Write(Owner& owner, const WriteStatus& write) {
  if (write.resource_version != object_.resource_version) {
    Say(owner, StatusRefused{.conflict = true, .message = "the object has been modified"});
    object_changed_ = true;
    return;
  }
  ++writes_;
  object_.status = write.status;
  object_.resource_version = std::to_string(++version_);
  log_.push_back({.what = WorldEvent::What::kStatus, .time = now, .value = write.status});
  Say(owner, ObjectSeen{object_});
}

void World::Touch(const std::string& name) {
  Pod& pod = pods_[name];
  SetAt(pod.object, {"metadata", "resourceVersion"}, std::to_string(++version_));
  pod.view = ParsePod(pod.object);
  changed_.insert(name);
}

void World::Note(WorldEvent::What what, const PodView& pod) {
  log_.push_back(
      {.what = what, .time = now, .pod = pod.name, .step = pod.step, .facts = pod.facts.value_or(AttemptFacts{})});
}

void World::Remove(const std::string& name) {
  const PodView& view = pods_[name].view;
  Note(WorldEvent::What::kGone, view);
  gone_.push_back({.name = name, .uid = view.uid});
  changed_.erase(name);
  pods_.erase(name);
}

bool World::Ended(const PodView& pod) const { return pod.phase == "Succeeded" || pod.phase == "Failed"; }

// What the garbage collector does to pods whose owner is gone.
void World::CollectGarbage() {
  std::vector<std::string> names;
  for (const auto& [name, pod] : pods_) {
    if (!pod.view.deletion_time) names.push_back(name);
  }
  for (const std::string& name : names) {
    if (pods_[name].view.has_finalizer) {
      DeletePod(name, false);
    } else {
      Remove(name);
    }
  }
}

void World::LetPodsGoOn() {
  if (object_gone_) CollectGarbage();
  std::vector<std::string> due;
  int64_t running = 0;
  for (const auto& [name, pod] : pods_) {
    if (Ended(pod.view)) continue;
    ++running;
    if (pod.due && *pod.due <= now) due.push_back(name);
  }
  for (const std::string& name : due) {
    const PodView& view = pods_[name].view;
    if (view.deletion_time) {
      EndContainer(name, {.exit_code = 143});
    } else if (view.phase == "Pending") {
      Start(name);
    } else {
      ContainerEnd end = behaviour_(view);
      end.loss == Loss::kNone ? EndContainer(name, end) : Lose(name, end.loss);
    }
  }
  most_running_ = std::max(most_running_, running);
}

void World::Start(const std::string& name) {
  Pod& pod = pods_[name];
  Value state = Object{{"running", Object{{"startedAt", FormatTime(now)}}}};
  SetAt(pod.object, {"status"},
        Object{{"phase", "Running"}, {"containerStatuses", Array{Object{{"name", kMainContainer}, {"state", state}}}}});
  Touch(name);
  Note(WorldEvent::What::kStarted, pod.view);
  ContainerEnd end = behaviour_(pod.view);
  pod.due = end.never ? std::nullopt : std::optional(now + end.after);
}

void World::EndContainer(const std::string& name, const ContainerEnd& end) {
  Pod& pod = pods_[name];
  pod.due.reset();
  const auto store = [this](const std::string& text) { outputs_[Sha256Hex(text)] = text; };
  std::string reason = !end.reason.empty() ? end.reason : end.exit_code == 0 ? "Completed" : "Error";
  Value state = Object{{"terminated", Object{{"exitCode", end.exit_code},
                                             {"reason", reason},
                                             {"startedAt", FormatTime(pod.view.started_at.value_or(now))},
                                             {"finishedAt", FormatTime(now)},
                                             {"message", PretendedMessage(pod.object, end.output, store)}}}};
  const bool ok = end.exit_code == 0 && end.pod_reason.empty();
  SetAt(pod.object, {"status"},
        Object{{"phase", ok ? "Succeeded" : "Failed"},
               {"reason", end.pod_reason},
               {"containerStatuses", Array{Object{{"name", kMainContainer}, {"state", state}}}}});
  Touch(name);
  Note(WorldEvent::What::kEnded, pod.view);
  if (pod.view.deletion_time && !pod.view.has_finalizer) Remove(name);
}

void World::Lose(const std::string& name, Loss loss) {
  Pod& pod = pods_[name];
  pod.due.reset();
  switch (loss) {
    case Loss::kNone: return;
    case Loss::kEvicted: return EndContainer(name, {.exit_code = 137, .pod_reason = "Evicted"});
    case Loss::kNodeLost:
      SetAt(pod.object, {"status", "phase"}, "Failed");
      SetAt(pod.object, {"status", "conditions"},
            Array{Object{{"type", "DisruptionTarget"}, {"status", "True"}, {"reason", "DeletionByTaintManager"}}});
      SetAt(pod.object, {"metadata", "deletionTimestamp"}, FormatTime(now));
      SetAt(pod.object, {"metadata", "deletionGracePeriodSeconds"}, 0);
      Touch(name);
      return Note(WorldEvent::What::kEnded, pod.view);
    case Loss::kDeleted: return DeletePod(name, false);
    case Loss::kForced: DeletePod(name, true); return Note(WorldEvent::What::kEnded, pod.view);
    case Loss::kRemoved: Note(WorldEvent::What::kRemoved, pod.view); return Remove(name);
  }
}

// Metadata alone has no generation.
void World::RequestRun(const std::string& when, const Object& retry_from) {
  object_.run_requested_at = when;
  Object annotation = retry_from;
  annotation.try_emplace("requestedAt", when);
  object_.retry_from = retry_from.empty() ? "" : json::Write(std::move(annotation));
  object_.resource_version = std::to_string(++version_);
  object_changed_ = true;
}

void World::TrackByGitOps() {
  object_.tracked_by_gitops = true;
  object_.resource_version = std::to_string(++version_);
  object_changed_ = true;
}

void World::SetTraceparent(const std::string& traceparent) {
  object_.traceparent = traceparent;
  object_.resource_version = std::to_string(++version_);
  object_changed_ = true;
}

void World::Edit(const std::function<void(Object& spec)>& edit) {
  Object spec = object_.spec.Members();
  edit(spec);
  object_.spec = std::move(spec);
  ++object_.generation;
  object_.resource_version = std::to_string(++version_);
  object_changed_ = true;
  log_.push_back({.what = WorldEvent::What::kEdited, .time = now, .value = object_.spec});
}

void World::DeletePod(const std::string& name, bool force) {
  Pod& pod = pods_[name];
  SetAt(pod.object, {"metadata", "deletionTimestamp"}, FormatTime(now));
  SetAt(pod.object, {"metadata", "deletionGracePeriodSeconds"}, force ? 0 : 30);
  pod.due = force || Ended(pod.view) ? std::nullopt : std::optional(now);
  Touch(name);
}

void World::DeleteObject() {
  if (object_gone_) return;
  log_.push_back({.what = WorldEvent::What::kDeleted, .time = now});
  object_gone_ = true;
  object_changed_ = true;
}

std::string World::Reason() const {
  for (const Value& condition : object_.status["conditions"].Elements()) {
    if (condition["type"].StringOr("") == "Succeeded") return condition["reason"].StringOr("");
  }
  return "";
}

std::vector<std::string> World::Ends(int32_t run) const {
  std::vector<std::string> ends;
  for (const auto& [name, body] : records_) {
    if (body["run"].IntOr(0) != run) continue;
    for (const Value& item : body["results"].Elements()) {
      std::string index = item["index"].IsInt() ? "[" + std::to_string(item["index"].AsInt()) + "]" : "";
      ends.push_back(item["step"].AsString() + index + " " + item["state"].AsString() + "/" +
                     item["reason"].AsString());
    }
  }
  std::ranges::sort(ends);
  return ends;
}

const Value* World::RecordItem(const std::string& step, std::optional<int64_t> index) const {
  for (const auto& [name, body] : records_) {
    for (const Value& item : body["results"].Elements()) {
      if (item["step"].StringOr("") == step && (!index || item["index"].IntOr(-1) == *index)) return &item;
    }
  }
  return nullptr;
}

}  // namespace coreflow::engine
