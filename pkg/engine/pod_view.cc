#include "pkg/engine/pod_view.h"

#include <algorithm>
#include <limits>

#include "pkg/json/parse.h"

namespace coreflow::engine {

namespace {

std::optional<Time> TimeOf(const json::Value& value) {
  return value.IsString() ? ParseTime(value.AsString()) : std::nullopt;
}

// A count from an annotation; nullopt when it is not one.
std::optional<int32_t> CountOf(const json::Value& value) {
  if (!value.IsInt() || value.AsInt() < 0 || value.AsInt() > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int32_t>(value.AsInt());
}

std::optional<AttemptFacts> FactsOf(const json::Value& annotation) {
  if (!annotation.IsString()) return std::nullopt;
  auto parsed = json::Parse(annotation.AsString());
  if (!parsed) return std::nullopt;
  auto run = CountOf((*parsed)["run"]);
  auto attempt = CountOf((*parsed)["attempt"]);
  auto item = CountOf((*parsed)["item"]);
  auto failures = CountOf((*parsed)["failures"]);
  auto infrastructure = CountOf((*parsed)["infrastructureFailures"]);
  if (!run || !attempt || *attempt < 1 || !item || !failures || !infrastructure) return std::nullopt;
  return AttemptFacts{.run = *run,
                      .attempt = *attempt,
                      .item = *item,
                      .failures = *failures,
                      .infrastructure_failures = *infrastructure,
                      .cache = ReadCacheVerdict((*parsed)["cache"])};
}

Ending EndingOf(const json::Value& annotation) {
  for (Ending ending : {Ending::kTimeout, Ending::kStopped}) {
    if (annotation.IsString() && annotation.AsString() == EndingName(ending)) return ending;
  }
  return Ending::kNone;
}

void ReadMetadata(const json::Value& metadata, PodView& view) {
  view.name = metadata["name"].StringOr("");
  view.namespace_name = metadata["namespace"].StringOr("");
  view.uid = metadata["uid"].StringOr("");
  view.resource_version = metadata["resourceVersion"].StringOr("");
  view.run_id = metadata["labels"][kLabelRun].StringOr("");
  view.step = metadata["labels"][kLabelStep].StringOr("");
  view.done = metadata["labels"][kLabelDone].StringOr("");
  view.facts = FactsOf(metadata["annotations"][kAnnotationAttempt]);
  view.ending = EndingOf(metadata["annotations"][kAnnotationEnding]);
  view.creation_time = TimeOf(metadata["creationTimestamp"]);
  view.deletion_time = TimeOf(metadata["deletionTimestamp"]);
  if (metadata["deletionGracePeriodSeconds"].IsInt()) {
    view.deletion_grace_seconds = metadata["deletionGracePeriodSeconds"].AsInt();
  }
  for (const json::Value& finalizer : metadata["finalizers"].Elements()) {
    if (finalizer.StringOr("") == kFinalizer) view.has_finalizer = true;
  }
  for (const json::Value& owner : metadata["ownerReferences"].Elements()) {
    if (!owner["controller"].BoolOr(false)) continue;
    view.owner_kind = owner["kind"].StringOr("");
    view.owner_name = owner["name"].StringOr("");
    view.owner_uid = owner["uid"].StringOr("");
  }
}

void ReadConditions(const json::Value& conditions, PodView& view) {
  for (const json::Value& condition : conditions.Elements()) {
    std::string type = condition["type"].StringOr("");
    std::string status = condition["status"].StringOr("");
    if (type == "PodScheduled" && status == "False" && condition["reason"].StringOr("") == "Unschedulable") {
      view.unschedulable_message = condition["message"].StringOr("no node fits");
    }
    if (type == "DisruptionTarget" && status == "True") view.disrupted = true;
  }
}

void ReadMainContainer(const json::Value& state, PodView& view) {
  const json::Value& waiting = state["waiting"];
  const json::Value& running = state["running"];
  const json::Value& terminated = state["terminated"];
  view.waiting_reason = waiting["reason"].StringOr("");
  view.waiting_message = waiting["message"].StringOr("");
  if (running.IsObject()) view.started_at = TimeOf(running["startedAt"]);
  if (!terminated.IsObject()) return;
  view.ended = true;
  view.started_at = TimeOf(terminated["startedAt"]);
  view.finished_at = TimeOf(terminated["finishedAt"]);
  int64_t code = std::clamp<int64_t>(terminated["exitCode"].IntOr(-1), -1, 1 << 16);
  view.exit_code = static_cast<int32_t>(code);
  view.exit_reason = terminated["reason"].StringOr("");
  view.termination_message = terminated["message"].StringOr("");
}

void ReadContainers(const json::Value& status, PodView& view) {
  for (const json::Value& container : status["containerStatuses"].Elements()) {
    ++view.containers;
    if (container["name"].StringOr("") != kMainContainer) continue;
    ReadMainContainer(container["state"], view);
    if (view.facts && view.facts->cache) view.image_id = container["imageID"].StringOr("");
  }
  for (const json::Value& container : status["initContainerStatuses"].Elements()) {
    ++view.containers;
    const json::Value& terminated = container["state"]["terminated"];
    if (terminated["exitCode"].IntOr(0) == 0) continue;
    view.failed_init_container = container["name"].StringOr("?");
    view.init_failure = "init container " + view.failed_init_container + " ended with code " +
                        std::to_string(terminated["exitCode"].IntOr(0));
    if (const std::string said = terminated["message"].StringOr(""); !said.empty()) view.init_failure += ": " + said;
  }
}

}  // namespace

json::Value ToJson(const AttemptFacts& facts) {
  json::Object object{{"run", facts.run},
                      {"attempt", facts.attempt},
                      {"item", facts.item},
                      {"failures", facts.failures},
                      {"infrastructureFailures", facts.infrastructure_failures}};
  if (facts.cache) object["cache"] = ToJson(*facts.cache);
  return object;
}

const char* EndingName(Ending ending) {
  switch (ending) {
    case Ending::kNone: return "";
    case Ending::kTimeout: return "Timeout";
    case Ending::kStopped: return "Stopped";
  }
  return "";
}

PodView ParsePod(const json::Value& pod) {
  PodView view;
  ReadMetadata(pod["metadata"], view);
  const json::Value& status = pod["status"];
  view.phase = status["phase"].StringOr("");
  view.reason = status["reason"].StringOr("");
  view.message = status["message"].StringOr("");
  view.node = pod["spec"]["nodeName"].StringOr("");
  ReadConditions(status["conditions"], view);
  ReadContainers(status, view);
  return view;
}

}  // namespace coreflow::engine
