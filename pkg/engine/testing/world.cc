#include "pkg/engine/testing/world.h"

#include <algorithm>
#include <utility>

#include "pkg/base/overloaded.h"
#include "pkg/json/parse.h"

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

std::unique_ptr<Owner> World::NewOwner() const {
  auto owner = std::make_unique<Owner>(object_.kind, "ns", "w", kUid, 0);
  for (const auto& [name, pod] : pods_) owner->Observe(PodSeen{ParsePod(pod)});
  for (const auto& [name, body] : records_) {
    owner->Observe(RecordSeen{.run = static_cast<int32_t>(body["run"].IntOr(0)),
                              .index = static_cast<int32_t>(body["index"].IntOr(0)),
                              .body = body});
  }
  if (object_gone_) {
    owner->Observe(ObjectGone{});
  } else {
    owner->Observe(ObjectSeen{object_});
  }
  owner->Observe(Synced{});
  return owner;
}

void World::Tell(Owner& owner) {
  for (const std::string& name : std::exchange(changed_, {})) {
    if (auto it = pods_.find(name); it != pods_.end()) owner.Observe(PodSeen{ParsePod(it->second)});
  }
  for (const PodGone& gone : std::exchange(gone_, {})) owner.Observe(gone);
  if (std::exchange(object_changed_, false)) {
    if (object_gone_) {
      owner.Observe(ObjectGone{});
    } else {
      owner.Observe(ObjectSeen{object_});
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
  return busy || !changed_.empty() || !gone_.empty() || object_changed_;
}

bool World::Settle(Owner& owner, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    if (Round(owner)) {
      now += Duration(10);
    } else if (wake_) {
      now = std::max(now + Duration(1), *wake_);
    } else {
      return true;
    }
  }
  return false;
}

void World::Apply(Owner& owner, const Action& action) {
  std::visit(overloaded{
                 [&](const CreatePod& a) { Create(owner, a); },
                 [&](const EndPod& a) {
                   auto it = pods_.find(a.name);
                   if (it == pods_.end()) return owner.Observe(PodAbsent{a.name});
                   ++writes_;
                   SetAt(it->second, {"metadata", "annotations", kAnnotationEnding}, EndingName(a.ending));
                   DeletePod(a.name, false);
                 },
                 [&](const ReleasePod& a) {
                   auto it = pods_.find(a.name);
                   if (it == pods_.end()) return owner.Observe(PodGone{.name = a.name, .uid = a.uid});
                   ++writes_;
                   SetAt(it->second, {"metadata", "finalizers"}, Array{});
                   SetAt(it->second, {"metadata", "labels", kLabelDone}, a.done);
                   Touch(a.name);
                   if (a.remove || ParsePod(it->second).deletion_time) Remove(a.name);
                 },
                 [&](const SweepPods& a) {
                   ++writes_;
                   std::vector<std::string> names;
                   for (const auto& [name, pod] : pods_) {
                     PodView view = ParsePod(pod);
                     if (view.run_id == a.run_id && std::ranges::count(a.done, view.done) > 0) names.push_back(name);
                   }
                   for (const std::string& name : names) Remove(name);
                 },
                 [&](const LookUpPod& a) {
                   auto it = pods_.find(a.name);
                   if (it == pods_.end()) return owner.Observe(PodAbsent{a.name});
                   owner.Observe(PodSeen{ParsePod(it->second)});
                 },
                 [&](const LookUpObject&) { object_changed_ = true; },
                 [&](const WriteRecord& a) {
                   ++writes_;
                   auto [it, created] = records_.emplace(a.name, a.body);
                   owner.Observe(RecordSeen{.run = a.run, .index = a.index, .body = it->second});
                 },
                 [&](const WriteStatus& a) { Write(owner, a); },
                 [&](const engine::DeleteObject&) { DeleteObject(); },
                 [&](const EmitEvent&) {},
                 [&](const WakeAt&) {},
             },
             action);
}

void World::Create(Owner& owner, const CreatePod& create) {
  if (quota_denies && quota_denies(create.name)) {
    return owner.Observe(PodRefused{.name = create.name, .why = PodRefused::Why::kQuota, .message = "exceeded quota"});
  }
  if (!pods_.contains(create.name)) {
    ++writes_;
    created_.push_back(create.name);
    Object pod = create.pod.Members();
    SetAt(pod, {"metadata", "uid"}, "uid-" + std::to_string(created_.size()));
    SetAt(pod, {"status", "phase"}, "Pending");
    pods_[create.name] = std::move(pod);
    Touch(create.name);
  }
  changed_.erase(create.name);
  owner.Observe(PodSeen{ParsePod(pods_[create.name])});
}

void World::Write(Owner& owner, const WriteStatus& write) {
  if (write.resource_version != object_.resource_version) {
    owner.Observe(StatusRefused{.conflict = true, .message = "the object has been modified"});
    object_changed_ = true;
    return;
  }
  ++writes_;
  object_.status = write.status;
  object_.resource_version = std::to_string(++version_);
  owner.Observe(ObjectSeen{object_});
}

void World::Touch(const std::string& name) {
  SetAt(pods_[name], {"metadata", "resourceVersion"}, std::to_string(++version_));
  changed_.insert(name);
}

void World::Remove(const std::string& name) {
  gone_.push_back({.name = name, .uid = ParsePod(pods_[name]).uid});
  pods_.erase(name);
}

void World::LetPodsGoOn() {
  std::vector<std::string> names;
  int64_t running = 0;
  for (const auto& [name, pod] : pods_) names.push_back(name);
  for (const std::string& name : names) {
    PodView pod = ParsePod(pods_[name]);
    if (pod.phase == "Succeeded" || pod.phase == "Failed") continue;
    ++running;
    if (pod.deletion_time) {
      End(name, {.exit_code = 143});
    } else if (pod.phase == "Pending") {
      Start(name);
    } else if (ContainerEnd end = behaviour_(pod); !end.never) {
      End(name, end);
    }
  }
  most_running_ = std::max(most_running_, running);
}

void World::Start(const std::string& name) {
  Value state = Object{{"running", Object{{"startedAt", FormatTime(now)}}}};
  SetAt(pods_[name], {"status"},
        Object{{"phase", "Running"},
               {"containerStatuses", Array{Object{{"name", kMainContainer}, {"state", state}}}}});
  Touch(name);
}

void World::End(const std::string& name, const ContainerEnd& end) {
  std::string reason = !end.reason.empty() ? end.reason : end.exit_code == 0 ? "Completed" : "Error";
  Value state = Object{{"terminated", Object{{"exitCode", end.exit_code},
                                             {"reason", reason},
                                             {"startedAt", FormatTime(now)},
                                             {"finishedAt", FormatTime(now)},
                                             {"message", end.output}}}};
  const bool ok = end.exit_code == 0 && end.pod_reason.empty();
  SetAt(pods_[name], {"status"},
        Object{{"phase", ok ? "Succeeded" : "Failed"},
               {"reason", end.pod_reason},
               {"containerStatuses", Array{Object{{"name", kMainContainer}, {"state", state}}}}});
  Touch(name);
}

void World::Edit(const std::function<void(Object& spec)>& edit) {
  Object spec = object_.spec.Members();
  edit(spec);
  object_.spec = std::move(spec);
  ++object_.generation;
  object_.resource_version = std::to_string(++version_);
  object_changed_ = true;
}

void World::DeletePod(const std::string& name, bool force) {
  SetAt(pods_[name], {"metadata", "deletionTimestamp"}, FormatTime(now));
  SetAt(pods_[name], {"metadata", "deletionGracePeriodSeconds"}, force ? 0 : 30);
  Touch(name);
}

void World::DeleteObject() {
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
      ends.push_back(item["step"].AsString() + index + " " + item["state"].AsString() + "/" + item["reason"].AsString());
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
