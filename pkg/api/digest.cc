#include "pkg/api/digest.h"

#include <initializer_list>

#include "pkg/api/defaults.h"
#include "pkg/base/hash.h"
#include "pkg/json/write.h"

namespace coreflow::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kVersion = "v1:";

// What a step inherits, already without defaults: a member that is here gives a step's own value a meaning, even when
// it equals CoreFlow's default.
struct Inherited {
  const Value& defaults;
  bool finally = false;
};

void Drop(Object& object, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    if (auto at = object.find(name); at != object.end()) object.erase(at);
  }
}

void DropEqual(Object& object, std::string_view name, const Value& value) {
  auto at = object.find(name);
  if (at != object.end() && json::WriteCanonical(at->second) == json::WriteCanonical(value)) object.erase(at);
}

void DropEmpty(Object& object, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    auto at = object.find(name);
    if (at == object.end()) continue;
    const Value& value = at->second;
    bool list_or_map = value.IsArray() || value.IsObject();
    if (list_or_map && value.Elements().empty() && value.Members().empty()) object.erase(at);
  }
}

// Replaces a member that is an object by what `change` makes of it; drops it when nothing is left.
template <typename Change>
void Within(Object& object, std::string_view name, Change change) {
  auto at = object.find(name);
  if (at == object.end() || !at->second.IsObject()) return;
  Object inner = at->second.AsObject();
  std::erase_if(inner, [](const auto& member) { return member.second.IsNull(); });
  change(inner);
  at->second = std::move(inner);
  DropEmpty(object, {name});
}

// The same for each element of a list; elements that are no objects stay as they are.
template <typename Change>
void Each(Object& object, std::string_view name, Change change) {
  auto at = object.find(name);
  if (at == object.end() || !at->second.IsArray()) return;
  Array list;
  for (const Value& element : at->second.AsArray()) {
    if (!element.IsObject()) {
      list.push_back(element);
      continue;
    }
    Object inner = element.AsObject();
    std::erase_if(inner, [](const auto& member) { return member.second.IsNull(); });
    change(inner);
    list.emplace_back(std::move(inner));
  }
  at->second = std::move(list);
  DropEmpty(object, {name});
}

template <typename Names>
Value List(const Names& names) {
  Array list;
  for (const auto& name : names) list.emplace_back(name);
  return list;
}

Value RetryOnDefault() {
  Array list;
  for (RetryOn one : defaults::kRetryOn) list.emplace_back(json::EnumName(one));
  return list;
}

// What a step and spec.defaults have in common.
void StripInheritable(Object& step, const Value& inherited) {
  auto drop = [](Object& object, std::string_view name, const Value& value, const Value& above) {
    if (above[name].IsNull()) DropEqual(object, name, value);
  };
  drop(step, "interpreter", List(defaults::kInterpreter), inherited);
  drop(step, "archiveLogs", defaults::kArchiveLogs, inherited);
  Within(step, "retryPolicy", [&](Object& retry) {
    const Value& above = inherited["retryPolicy"];
    DropEmpty(retry, {"retryOn"});
    drop(retry, "limit", defaults::kRetryLimit, above);
    drop(retry, "backoffSeconds", defaults::kBackoffSeconds, above);
    drop(retry, "backoffFactorPercent", defaults::kBackoffFactorPercent, above);
    drop(retry, "maxBackoffSeconds", defaults::kMaxBackoffSeconds, above);
    drop(retry, "retryOn", RetryOnDefault(), above);
    drop(retry, "infrastructureLimit", defaults::kInfrastructureLimit, above);
  });
  Within(step, "cache", [&](Object& cache) {
    drop(cache, "mode", json::EnumName(defaults::kCacheMode), inherited["cache"]);
    drop(cache, "salt", "", inherited["cache"]);
  });
  Within(step, "pod", [&](Object& pod) {
    DropEmpty(pod, {"labels", "annotations", "nodeSelector"});
    drop(pod, "automountServiceAccountToken", defaults::kAutomountServiceAccountToken, inherited["pod"]);
  });
  DropEmpty(step, {"env", "interpreter"});
}

void StripStep(Object& step, const Inherited& from) {
  StripInheritable(step, from.defaults);
  DropEqual(step, "runAfter", json::EnumName(defaults::kRunAfter));
  DropEqual(step, "continueOnFailure", defaults::kContinueOnFailure);
  if (from.finally && from.defaults["timeoutSeconds"].IsNull()) {
    DropEqual(step, "timeoutSeconds", defaults::kFinallyTimeoutSeconds);
  }
  Each(step, "outputs", [](Object& output) {
    DropEqual(output, "type", json::EnumName(defaults::kValueType));
    DropEqual(output, "large", defaults::kLarge);
  });
  Within(step, "inputs", [](Object& inputs) {
    Each(inputs, "artifacts", [](Object& input) { DropEqual(input, "optional", defaults::kArtifactOptional); });
  });
  Each(step, "outputArtifacts", [](Object& output) {
    DropEqual(output, "archive", json::EnumName(defaults::kArchive));
    DropEqual(output, "optional", defaults::kArtifactOptional);
  });
  Each(step, "env", [](Object&) {});
  Each(step, "parameters", [](Object&) {});
  DropEmpty(step, {"dependsOn", "command", "args", "envFrom", "volumeMounts", "ports"});
}

void StripArguments(Object& spec) {
  auto at = spec.find("arguments");
  if (at == spec.end() || !at->second.IsArray()) return;
  Array given;
  for (const Value& argument : at->second.AsArray()) {
    if (!argument.IsObject() || !argument["value"].IsNull()) given.push_back(argument);
  }
  at->second = std::move(given);
}

void StripWorkflow(Object& spec) {
  Drop(spec, {"parallelism", "suspend", "stop", "timeoutSeconds", "priority", "podCleanup", "ttlSecondsAfterFinished"});
  DropEqual(spec, "failFast", defaults::kFailFast);
  DropEqual(spec, "onChange", json::EnumName(defaults::kOnChange));
  Each(spec, "parameters", [](Object& parameter) {
    DropEqual(parameter, "type", json::EnumName(defaults::kValueType));
    DropEmpty(parameter, {"enum"});
  });
  StripArguments(spec);
  Within(spec, "defaults", [](Object& inherited) { StripInheritable(inherited, Value()); });
  const Value all = spec;
  Each(spec, "steps", [&](Object& step) { StripStep(step, {.defaults = all["defaults"], .finally = false}); });
  Each(spec, "finally", [&](Object& step) { StripStep(step, {.defaults = all["defaults"], .finally = true}); });
  DropEmpty(spec, {"parameters", "arguments", "outputs"});
}

void StripJob(Object& spec) {
  Drop(spec, {"parallelism", "suspend", "stop", "timeoutSeconds", "podCleanup", "ttlSecondsAfterFinished"});
  DropEqual(spec, "completions", defaults::kCompletions);
  DropEqual(spec, "maxFailedIndexes", defaults::kMaxFailedIndexes);
  const Value none;
  Within(spec, "template", [&](Object& step) { StripStep(step, {.defaults = none, .finally = false}); });
}

}  // namespace

std::string RunDigest(RunKind kind, const Value& spec) {
  Value stripped = spec;
  if (spec.IsObject()) {
    Object members = spec.AsObject();
    std::erase_if(members, [](const auto& member) { return member.second.IsNull(); });
    kind == RunKind::kWorkflow ? StripWorkflow(members) : StripJob(members);
    stripped = std::move(members);
  }
  std::string text = std::string(json::EnumName(kind)) + "\n" + json::WriteCanonical(stripped);
  return std::string(kVersion) + Sha256Hex(text);
}

bool SameRun(std::string_view stored, std::string_view computed) {
  return stored.substr(0, kVersion.size()) != kVersion || stored == computed;
}

}  // namespace coreflow::api
