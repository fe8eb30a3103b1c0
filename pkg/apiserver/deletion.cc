#include "pkg/apiserver/deletion.h"

#include <algorithm>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

constexpr const char* kOrphan = "orphan";
constexpr const char* kForeground = "foregroundDeletion";

std::optional<Failure> CheckPreconditions(const Resource& resource, const json::Value& object,
                                          const DeleteOptions& options) {
  if (!options.uid.empty() && options.uid != UidOf(object)) {
    return Conflict(resource, NameOf(object),
                    "the UID in the precondition (" + options.uid + ") does not match the UID in record (" +
                        UidOf(object) + "). The object might have been deleted and then recreated");
  }
  const std::string version = object["metadata"]["resourceVersion"].StringOr("");
  if (!options.resource_version.empty() && options.resource_version != version) {
    return Conflict(resource, NameOf(object),
                    "the ResourceVersion in the precondition (" + options.resource_version +
                        ") does not match the ResourceVersion in record (" + version +
                        "). The object might have been modified");
  }
  return std::nullopt;
}

bool Has(const json::Array& finalizers, const char* name) {
  return std::find(finalizers.begin(), finalizers.end(), json::Value(name)) != finalizers.end();
}

// The finalizers that the propagation policy leaves on the object: those of the garbage collector come and go.
json::Array FinalizersFor(const json::Array& finalizers, const std::string& propagation) {
  const bool orphan = propagation.empty() ? Has(finalizers, kOrphan) : propagation == "Orphan";
  const bool foreground = propagation.empty() ? Has(finalizers, kForeground) : propagation == "Foreground";
  json::Array kept;
  for (const json::Value& finalizer : finalizers) {
    if (finalizer == json::Value(kOrphan) && !orphan) continue;
    if (finalizer == json::Value(kForeground) && !foreground) continue;
    kept.push_back(finalizer);
  }
  if (orphan && !Has(kept, kOrphan)) kept.emplace_back(kOrphan);
  if (foreground && !Has(kept, kForeground)) kept.emplace_back(kForeground);
  return kept;
}

json::Value RaiseGeneration(const json::Value& object) {
  const int64_t generation = object["metadata"]["generation"].IntOr(0);
  return generation > 0 ? Set(object, {"metadata", "generation"}, generation + 1) : object;
}

json::Value Mark(const json::Value& object, Time when, int64_t grace) {
  return Set(Set(object, {"metadata", "deletionTimestamp"}, FormatTime(when)),
             {"metadata", "deletionGracePeriodSeconds"}, grace);
}

int64_t PodGrace(const json::Value& pod, const std::optional<int64_t>& asked) {
  const std::string phase = pod["status"]["phase"].StringOr("");
  const bool ended = phase == "Succeeded" || phase == "Failed";
  if (pod["spec"]["nodeName"].StringOr("").empty() || ended) return 0;
  const int64_t grace = asked.value_or(pod["spec"]["terminationGracePeriodSeconds"].IntOr(0));
  return grace < 0 ? 1 : grace;
}

// A pod that was asked to go before: only a shorter grace period changes anything.
DeletePlan Shorten(const json::Value& pod, int64_t period, Time now) {
  const int64_t old = pod["metadata"]["deletionGracePeriodSeconds"].IntOr(0);
  const auto stamp = ParseTime(pod["metadata"]["deletionTimestamp"].StringOr(""));
  Time when = stamp.value_or(now) - std::chrono::seconds(old) + std::chrono::seconds(period);
  if (when < now) {
    when = now;
    if (period != 0) period = 1;
  }
  return {.marked = Mark(pod, when, period), .remove = period == 0};
}

DeletePlan PlanPod(const json::Value& pod, const DeleteOptions& options, Time now) {
  if (!IsBeingDeleted(pod)) {
    const int64_t grace = PodGrace(pod, options.grace_period_seconds);
    return {.marked = RaiseGeneration(Mark(pod, now + std::chrono::seconds(grace), grace)), .remove = grace == 0};
  }
  const int64_t pending = pod["metadata"]["deletionGracePeriodSeconds"].IntOr(0);
  if (pending == 0) return {.remove = true};
  const std::optional<int64_t>& asked = options.grace_period_seconds;
  if (!asked || (*asked >= 0 ? *asked : 1) >= pending) return {};
  return Shorten(pod, *asked >= 0 ? *asked : 1, now);
}

// Everything but pods has no grace period.
DeletePlan PlanOther(const json::Value& object, Time now) {
  if (!HasFinalizers(object)) return {.remove = true};
  const auto stamp = ParseTime(object["metadata"]["deletionTimestamp"].StringOr(""));
  if (stamp && *stamp <= now) return {.marked = Set(object, {"metadata", "deletionGracePeriodSeconds"}, 0)};
  return {.marked = Mark(stamp ? object : RaiseGeneration(object), now, 0)};
}

}  // namespace

Outcome<DeleteOptions> ParseDeleteOptions(const json::Value& options) {
  DeleteOptions parsed;
  if (options["gracePeriodSeconds"].IsInt()) parsed.grace_period_seconds = options["gracePeriodSeconds"].AsInt();
  parsed.uid = options["preconditions"]["uid"].StringOr("");
  parsed.resource_version = options["preconditions"]["resourceVersion"].StringOr("");
  parsed.propagation = options["propagationPolicy"].StringOr("");
  parsed.dry_run = !options["dryRun"].Elements().empty();
  if (!parsed.propagation.empty() && parsed.propagation != "Background" && parsed.propagation != "Foreground" &&
      parsed.propagation != "Orphan") {
    return Invalid("meta.k8s.io", "DeleteOptions", "",
                   {{"FieldValueNotSupported", "propagationPolicy",
                     "Unsupported value: \"" + parsed.propagation +
                         "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""}});
  }
  return parsed;
}

Outcome<DeletePlan> PlanDelete(const Resource& resource, const json::Value& object, const DeleteOptions& options,
                               Time now) {
  if (auto refused = CheckPreconditions(resource, object, options)) return *refused;
  const json::Array& before = object["metadata"]["finalizers"].Elements();
  const bool pod = &resource == &Pods();
  const json::Array finalizers = FinalizersFor(before, options.propagation);
  const json::Value meant =
      finalizers == before ? object : Set(object, {"metadata", "finalizers"}, json::Value(finalizers));
  DeletePlan plan = pod ? PlanPod(meant, options, now) : PlanOther(meant, now);
  // Finalizers hold a pod too, with no grace period left to wait for.
  if (plan.remove && !finalizers.empty()) {
    if (plan.marked.IsNull()) plan.marked = meant;
    plan.remove = false;
  }
  if (plan.remove && plan.marked.IsNull() && !(finalizers == before)) plan.marked = meant;
  return plan;
}

bool EndsDeletion(const json::Value& object, const json::Value& old) {
  return !HasFinalizers(object) && IsBeingDeleted(old) && old["metadata"]["deletionGracePeriodSeconds"].IntOr(0) == 0;
}

}  // namespace coreflow::apiserver
