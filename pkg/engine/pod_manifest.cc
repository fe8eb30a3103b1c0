#include "pkg/engine/pod_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/api/names.h"
#include "pkg/engine/courier_containers.h"
#include "pkg/engine/filled_step.h"
#include "pkg/engine/names.h"
#include "pkg/engine/overrides.h"
#include "pkg/engine/retry.h"
#include "pkg/engine/run_trace.h"
#include "pkg/engine/variable_limit.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr size_t kMaxEnvironment = size_t{512} << 10;
// The kubelet's own deadline counts from the pod's start, pulling included; ours counts from the container's. It is
// only there for the time in which no operator runs.
constexpr int64_t kDeadlineSlackSeconds = 3600;
constexpr char kTraceparent[] = "TRACEPARENT";

// What the Cluster Autoscaler and Karpenter ask of a pod before they take its node away.
constexpr std::pair<const char*, const char*> kLeaveAlone[] = {
    {"cluster-autoscaler.kubernetes.io/safe-to-evict", "false"}, {"karpenter.sh/do-not-disrupt", "true"}};

void AddEnv(Array& env, const std::string& name, const std::string& value) {
  env.push_back(Object{{"name", name}, {"value", Literal(value)}});
}

// CoreFlow's own variables first, so that the user's may refer to them with $(NAME); the user's win over them.
Result<Value> Environment(const Progress& progress, ItemId id, const AttemptFacts& facts, const PodContext& context,
                          const FilledStep& filled) {
  const RunFacts& run = progress.facts();
  const graph::Step& step = progress.definition(id.step);
  Array env;
  AddEnv(env, "COREFLOW_OUTPUT", step.IsExecuted() ? ExecutedOutputPath() : kOutputPath);
  AddEnv(env, "COREFLOW_NAMESPACE", run.namespace_name);
  AddEnv(env, "COREFLOW_WORKFLOW", run.name);
  AddEnv(env, "COREFLOW_RUN", std::to_string(run.number));
  AddEnv(env, "COREFLOW_STEP", step.name);
  AddEnv(env, "COREFLOW_ATTEMPT", std::to_string(facts.attempt));
  if (step.HasItems()) AddEnv(env, "COREFLOW_INDEX", std::to_string(id.item));
  const auto& own = filled.fields["env"].Elements();
  const bool says_itself =
      std::ranges::any_of(own, [](const Value& variable) { return variable["name"] == Value(kTraceparent); });
  if (run.trace && !says_itself) AddEnv(env, kTraceparent, TraceparentOf(run, context.pod_name));
  if (filled.item) AddEnv(env, "ITEM", graph::ToText(*filled.item));
  for (const auto& [name, value] : filled.parameters)
    AddEnv(env, "PARAM_" + api::UpperCase(name), graph::ToText(value));
  for (const Value& variable : own) env.push_back(variable);
  size_t bytes = 0;
  for (const Value& variable : env) {
    if (variable["value"].StringOr("").size() >= kMostOfVariable) {
      return Error{.code = Code::kInvalid,
                   .message = fmt::format("{} has {} bytes; a variable may have at most {}: pass it as an artifact",
                                          variable["name"].StringOr(""), variable["value"].StringOr("").size(),
                                          kMostOfVariable - 1)};
    }
    bytes += variable["name"].StringOr("").size() + variable["value"].StringOr("").size() + 2;
  }
  if (bytes > kMaxEnvironment) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("the environment has {} bytes; a container may have at most {}", bytes,
                                        kMaxEnvironment)};
  }
  return Value(std::move(env));
}

Object MainContainer(const FilledStep& filled, Value env) {
  Object container;
  for (const char* name :
       {"image", "command", "args", "envFrom", "resources", "workingDir", "volumeMounts", "ports", "imagePullPolicy"}) {
    const Value& field = filled.fields[name];
    if (!field.IsNull() && !(field.IsArray() && field.AsArray().empty())) container[name] = field;
  }
  if (filled.source->script) {
    Array command;
    for (const std::string& word : filled.source->interpreter) command.push_back(Literal(word));
    command.push_back(Literal(*filled.source->script));
    container["command"] = std::move(command);
  }
  container["name"] = kMainContainer;
  container["env"] = std::move(env);
  container["terminationMessagePath"] = kOutputPath;
  container["terminationMessagePolicy"] = "File";
  return container;
}

// Native sidecars are init containers that are restarted for ever (KEP-753).
Array InitContainers(const Value& pod) {
  Array containers;
  for (const Value& sidecar : pod["sidecars"].Elements()) {
    Object container = sidecar.Members();
    container["restartPolicy"] = "Always";
    containers.push_back(std::move(container));
  }
  for (const Value& container : pod["initContainers"].Elements()) containers.push_back(container);
  return containers;
}

Object PodSpec(const graph::Step& step, const Value& pod) {
  Object spec{{"restartPolicy", "Never"}, {"enableServiceLinks", false}};
  spec["automountServiceAccountToken"] = pod["automountServiceAccountToken"].BoolOr(false);
  for (const char* name :
       {"serviceAccountName", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "volumes",
        "securityContext", "imagePullSecrets", "priorityClassName", "runtimeClassName", "hostUsers"}) {
    if (const Value* field = pod.Find(name); field && !field->IsNull()) spec[name] = *field;
  }
  if (Array init = InitContainers(pod); !init.empty()) spec["initContainers"] = std::move(init);
  if (step.timeout.count() > 0) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(step.timeout).count();
    spec["activeDeadlineSeconds"] = int64_t{seconds} + kDeadlineSlackSeconds;
  }
  return spec;
}

Value Metadata(const Progress& progress, ItemId id, const AttemptFacts& facts, const PodContext& context,
               const Value& pod) {
  const RunFacts& run = progress.facts();
  const graph::Step& step = progress.definition(id.step);
  Object labels = pod["labels"].Members();
  labels["app.kubernetes.io/managed-by"] = "coreflow";
  labels[kLabelRun] = RunId(run.uid, run.number);
  labels[kLabelWorkflow] = run.name;
  labels[kLabelStep] = step.name;
  labels[kLabelBucket] = std::to_string(Bucket(run.namespace_name));
  labels[kLabelEpoch] = std::to_string(context.epoch);
  Object annotations = pod["annotations"].Members();
  annotations[kAnnotationAttempt] = json::Write(ToJson(facts));
  if (!MayBeLost(step.retry, facts)) {
    for (const auto& [name, value] : kLeaveAlone) annotations.emplace(name, value);  // the user's own stay
  }
  Object owner{{"apiVersion", "coreflow.dev/v1alpha1"},
               {"kind", context.kind},
               {"name", run.name},
               {"uid", run.uid},
               {"controller", true},
               {"blockOwnerDeletion", true}};
  return Object{{"name", context.pod_name},        {"namespace", run.namespace_name},
                {"labels", std::move(labels)},     {"annotations", std::move(annotations)},
                {"finalizers", Array{kFinalizer}}, {"ownerReferences", Array{std::move(owner)}}};
}

}  // namespace

std::string Literal(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '$') out += '$';
    out += c;
  }
  return out;
}

Result<Value> BuildPod(const Progress& progress, ItemId id, const AttemptFacts& facts, const PodContext& context) {
  TRY(FilledStep filled, FillStep(progress, id));
  TRY(Value env, Environment(progress, id, facts, context, filled));
  const graph::Step& step = progress.definition(id.step);
  const Value& pod = filled.fields["pod"];
  Object spec = PodSpec(step, pod);
  Object main = MainContainer(filled, std::move(env));
  if (step.HasCourier()) {
    if (!context.courier) {
      return Error{
          .code = Code::kInvalid,
          .message =
              "the step has artifacts, large outputs or kept logs, but this CoreFlow has no store for them: see 'What they need' in docs/artifacts.md"};
    }
    TRY_VOID(AddCourier(*context.courier, filled, step, progress.facts().namespace_name, context.pod_name, spec, main));
  }
  spec["containers"] = Array{std::move(main)};
  return Value(Object{{"apiVersion", "v1"},
                      {"kind", "Pod"},
                      {"metadata", Metadata(progress, id, facts, context, pod)},
                      {"spec", WithOverrides(std::move(spec), pod["overrides"])}});
}

}  // namespace coreflow::engine
