// The rules of workflows, jobs and records.
#include <algorithm>
#include <set>

#include "pkg/api/run_name.h"
#include "pkg/apiserver/object.h"
#include "pkg/json/write.h"
#include "tests/sim/checker.h"

namespace coreflow::sim {

namespace {

constexpr size_t kMaxStatus = size_t{64} << 10;
constexpr size_t kMaxRecord = size_t{256} << 10;
constexpr int64_t kRunsBefore = 10;  // the last one, whose records stay

json::Value BodyOf(const json::Value& record) {
  json::Object body = record.Members();
  body.erase("metadata");
  return body;
}

std::string OwnerUid(const json::Value& object) {
  return object["metadata"]["ownerReferences"].Elements().empty()
             ? ""
             : object["metadata"]["ownerReferences"].Elements().front()["uid"].StringOr("");
}

// A pod that succeeded, but did not leave what its step declares.
bool IsUnfit(const std::string& reason) { return reason == "OutputsInvalid" || reason == "ArtifactFailed"; }

}  // namespace

void Checker::OnNamespace(const apiserver::AuditEntry& entry) {
  if (!entry.after || apiserver::IsBeingDeleted(entry.after->object())) ended_namespaces_.insert(entry.key);
}

bool Checker::Gone(const std::string& uid) const {
  auto it = objects_.find(uid);
  if (it == objects_.end()) return false;
  const std::string& key = it->second.key;
  return it->second.gone || ended_namespaces_.contains(key.substr(0, key.find('/')));
}

void Checker::OnRecord(const apiserver::AuditEntry& entry) {
  if (!entry.before) return OnRecordCreated(entry);
  const RunKey key{OwnerUid(entry.before->object()), static_cast<int32_t>(entry.before->object()["run"].IntOr(0))};
  if (!entry.after) {
    record_blobs_.erase(entry.key);
    const auto owner = objects_.find(key.first);
    const bool shown = owner == objects_.end() || key.second + kRunsBefore >= owner->second.run;
    if (shown && !Gone(key.first)) Fail(entry, "RecordLost", "its owner is still there");
    return;
  }
  if (!(BodyOf(entry.after->object()) == BodyOf(entry.before->object()))) {
    Fail(entry, "RecordChanged", json::Write(BodyOf(entry.after->object())));
  }
}

void Checker::OnRecordCreated(const apiserver::AuditEntry& entry) {
  const json::Value& record = entry.after->object();
  const RunKey key{OwnerUid(record), static_cast<int32_t>(record["run"].IntOr(0))};
  if (Gone(key.first)) return;  // a write that was on its way; it is collected as garbage
  RunFacts& run = runs_[key];
  const int64_t index = record["index"].IntOr(-1);
  if (index != run.next_record) {
    Fail(entry, "RecordOutOfOrder",
         "index " + std::to_string(index) + " after " + std::to_string(run.next_record) + " records");
  }
  ++run.next_record;
  if (entry.after->Text().size() > kMaxRecord) Fail(entry, "RecordTooLarge", "over 256 KiB");
  OnArtifacts(entry, key);
  if (index == 0) {
    const auto continues = api::ParseRunName(record["retryFrom"]["run"].StringOr(""));
    run.continues = continues ? continues->number : 0;
    run.pinned_at = entry.at;
    return Pin(run, record["spec"]);
  }
  for (const json::Value& result : record["results"].Elements()) OnResult(entry, key, result);
}

void Checker::OnResult(const apiserver::AuditEntry& entry, const RunKey& key, const json::Value& result) {
  const std::string step = result["step"].StringOr("");
  const std::string state = result["state"].StringOr("");
  RunFacts& run = runs_[key];
  const StepRules& rules = run.steps[step];
  if (state != "Omitted") run.done_steps.insert(step);
  if (state == "Failed" && !rules.may_fail) run.failed_steps.insert(step);
  // Of a step with items, a result without an index is of the step as a whole.
  const bool whole = rules.has_items && result["index"].IsNull();
  const int32_t index = whole ? -1 : static_cast<int32_t>(result["index"].IntOr(0));
  Item& item = items_[{key.first, key.second, step, index}];
  if (item.recorded) Fail(entry, "RecordedTwice", step + "[" + std::to_string(index) + "]");
  item.recorded = true;
  item.good = state == "Succeeded";
  if (whole || item.forced) return;
  if (result["reason"].StringOr("") == "Reused") return OnReused(entry, key, step, item);
  if (result["reason"].StringOr("") == "CacheHit") return OnCacheHit(entry, result, item);
  if (state == "Succeeded" && item.succeeded == 0 && !item.may_have_succeeded) {
    Fail(entry, "ResultUntrue", step + "[" + std::to_string(index) + "] Succeeded, which no pod of it did");
  }
  if (state == "Failed" && item.succeeded > 0 && !IsUnfit(result["reason"].StringOr(""))) {
    Fail(entry, "ResultUntrue", step + "[" + std::to_string(index) + "] Failed, but a pod of it succeeded");
  }
  // One that came late is of an item that was given up before.
  if (!item.pods.empty() && !pods_[item.pods.rbegin()->second].over && !item.came_late) {
    Fail(entry, "ResultTooEarly", step + "[" + std::to_string(index) + "] still runs");
  }
}

// What is taken from an earlier run was there, before anything of this one ran; and nothing of it runs any more.
void Checker::OnReused(const apiserver::AuditEntry& entry, const RunKey& key, const std::string& step, Item& item) {
  const RunFacts& run = runs_[key];
  if (!run.pods.empty()) Fail(entry, "ReusedTooLate", step + " after a pod of the run");
  const bool was_there = std::ranges::any_of(items_, [&](const auto& other) {
    const auto& [uid, number, name, index] = other.first;
    return uid == key.first && number == run.continues && name == step && other.second.good;
  });
  if (!was_there) Fail(entry, "ResultUntrue", step + " is reused, but did not succeed in the run that is continued");
  item.reused = true;
  item.succeeded = 1;
}

// What is taken from the step cache some pod has computed; and none of the item itself is known, or it was wiped away.
void Checker::OnCacheHit(const apiserver::AuditEntry& entry, const json::Value& result, Item& item) {
  const std::string key = result["cache"]["key"].StringOr("");
  const bool was_computed = computed_.contains(key) || computed_.contains("");
  if (!was_computed) Fail(entry, "HitUntrue", result["step"].StringOr("") + " has what no pod computed");
  if (!item.pods.empty() && !item.wiped)
    Fail(entry, "HitTooLate", result["step"].StringOr("") + " after a pod of the item");
  item.reused = true;
  item.succeeded = 1;
}

void Checker::Pin(RunFacts& run, const json::Value& spec) {
  run.pinned = true;
  std::vector<std::string> ordinary;
  for (const json::Value& step : spec["steps"].Elements()) ordinary.push_back(step["name"].StringOr(""));
  for (const char* list : {"steps", "finally"}) {
    for (const json::Value& step : spec[list].Elements()) {
      StepRules& rules = run.steps[step["name"].StringOr("")];
      for (const json::Value& parent : step["dependsOn"].Elements()) rules.parents.push_back(parent.StringOr(""));
      rules.parents_must_succeed = step["runAfter"].StringOr("Succeeded") == "Succeeded";
      if (list == std::string("finally")) {
        rules.parents = ordinary;
        rules.parents_must_succeed = false;
        rules.in_finally = true;
      }
      rules.may_fail = step["continueOnFailure"].BoolOr(false);
      rules.limit = step["retry"]["limit"].IntOr(0);
      rules.infrastructure_limit = step["retry"]["infrastructureLimit"].IntOr(0);
      rules.has_outputs = !step["outputs"].Elements().empty() || !step["outputArtifacts"].Elements().empty() ||
                          step["archiveLogs"].BoolOr(false);
      rules.has_items = step["fanOut"].IsObject();
      rules.parallelism = step["fanOut"]["parallelism"].IntOr(0);
    }
  }
  for (auto& [name, rules] : run.steps) {
    for (const std::string& parent : rules.parents) run.steps[parent].children.push_back(name);
  }
}

void Checker::OnObject(const apiserver::AuditEntry& entry) {
  ObjectFacts& object = objects_[entry.uid];
  object.key = entry.key;
  if (!entry.after) {
    object.gone = true;
    return;
  }
  const json::Value& now = entry.after->object();
  if (apiserver::IsBeingDeleted(now)) object.gone = true;
  const bool job = entry.resource == &apiserver::Jobs();
  const json::Value& limit = now["spec"]["parallelism"];
  if (limit.IsNull() && !job) object.limited = false;
  object.parallelism = std::max(object.parallelism, limit.IntOr(1));
  if (entry.status) CheckStatus(entry, object);
  if (!entry.status && ByOperator(entry) && entry.before) {
    Fail(entry, "SpecWritten", "the operator wrote more than the status");
  }
}

void Checker::CheckStatus(const apiserver::AuditEntry& entry, ObjectFacts& object) {
  const json::Value& status = entry.after->object()["status"];
  const bool large = entry.after->Text().size() > kMaxStatus;  // the whole object's text is there anyway
  if (large && json::Write(status).size() > kMaxStatus) Fail(entry, "StatusTooLarge", "over 64 KiB");
  const int64_t observed = status["observedGeneration"].IntOr(0);
  if (observed < object.observed) {
    Fail(entry, "ObservedWentBack", std::to_string(observed) + " after " + std::to_string(object.observed));
  }
  object.observed = observed;
  const int32_t run = static_cast<int32_t>(status["run"]["number"].IntOr(0));
  if (run != object.run && run != object.run + 1) {
    Fail(entry, "RunNumberJumped", std::to_string(run) + " after " + std::to_string(object.run));
  }
  if (run > object.run && object.run > 0 && !object.results.contains(object.run)) {
    Fail(entry, "RunForgotten", "run " + std::to_string(object.run) + " has no result");
  }
  object.run = run;
  const std::string result = status["run"]["result"].StringOr("");
  auto known = object.results.find(run);
  if (known != object.results.end() && known->second != result) {
    Fail(entry, "ResultChanged", known->second + " became " + (result.empty() ? "none" : result));
  }
  if (known == object.results.end() && !result.empty()) {
    object.results[run] = result;
    CheckResult(entry, object, result);
  }
}

void Checker::CheckResult(const apiserver::AuditEntry& entry, const ObjectFacts& object, const std::string& result) {
  const RunKey key{entry.uid, object.run};
  const RunFacts& run = runs_[key];
  if (!run.live.empty()) {
    Fail(entry, "EndedTooEarly", "pod " + pods_[*run.live.begin()].key + " still runs");
  }
  for (const std::string& uid : run.pods) {
    const PodFacts& pod = pods_[uid];
    const Item& item = items_[{key.first, key.second, pod.step, pod.attempt.item}];
    if (!item.recorded && !item.came_late && !item.wiped && !run.wiped) {
      Fail(entry, "ResultMissing", "no record of " + pod.step + "[" + std::to_string(pod.attempt.item) + "]");
    }
  }
  for (const auto& [name, rules] : run.steps) {
    if (rules.in_finally && !run.done_steps.contains(name)) Fail(entry, "FinallyForgotten", "step " + name);
  }
  if (result == "Succeeded" && !run.failed_steps.empty() && entry.resource == &apiserver::Workflows()) {
    Fail(entry, "ResultUntrue", "Succeeded although step " + *run.failed_steps.begin() + " failed");
  }
}

}  // namespace coreflow::sim
