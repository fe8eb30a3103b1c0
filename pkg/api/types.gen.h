// Code generated from crds/ by hack/gen_api.py. DO NOT EDIT.
// clang-format off
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "pkg/api/object_meta.h"
#include "pkg/base/time.h"
#include "pkg/json/bind.h"
#include "pkg/json/value.h"

// The objects of coreflow.dev/v1alpha1, to be read and written with json::Bind and json::ToJson. Their fields
// carry what users wrote, without defaults; pkg/api/resolve.h fills those in. An empty list or map is the same
// as none.
namespace coreflow::api {

inline constexpr std::string_view kGroup = "coreflow.dev";
inline constexpr std::string_view kApiVersion = "coreflow.dev/v1alpha1";

enum class ValueType { kString, kInteger, kNumber, kBoolean, kArray, kObject };
constexpr auto EnumNames(ValueType) {
  return std::to_array<std::string_view>({"String", "Integer", "Number", "Boolean", "Array", "Object"});
}

enum class RunAfter { kSucceeded, kFinished, kAnySucceeded, kAllFailed };
constexpr auto EnumNames(RunAfter) {
  return std::to_array<std::string_view>({"Succeeded", "Finished", "AnySucceeded", "AllFailed"});
}

enum class ImagePullPolicy { kAlways, kIfNotPresent, kNever };
constexpr auto EnumNames(ImagePullPolicy) {
  return std::to_array<std::string_view>({"Always", "IfNotPresent", "Never"});
}

enum class Archive { kNone, kTar, kTarZstd };
constexpr auto EnumNames(Archive) {
  return std::to_array<std::string_view>({"None", "Tar", "TarZstd"});
}

enum class RetryOn { kFailure, kOutOfMemory, kTimeout };
constexpr auto EnumNames(RetryOn) {
  return std::to_array<std::string_view>({"Failure", "OutOfMemory", "Timeout"});
}

enum class CacheMode { kNever, kAuto, kRefresh };
constexpr auto EnumNames(CacheMode) {
  return std::to_array<std::string_view>({"Never", "Auto", "Refresh"});
}

enum class Stop { kNone, kGraceful, kImmediate };
constexpr auto EnumNames(Stop) {
  return std::to_array<std::string_view>({"None", "Graceful", "Immediate"});
}

enum class OnChange { kRunAfter, kRestart };
constexpr auto EnumNames(OnChange) {
  return std::to_array<std::string_view>({"RunAfter", "Restart"});
}

enum class PodCleanup { kOnSuccess, kOnCompletion, kNever };
constexpr auto EnumNames(PodCleanup) {
  return std::to_array<std::string_view>({"OnSuccess", "OnCompletion", "Never"});
}

enum class RunState { kPending, kRunning, kSuspended, kStopping, kSucceeded, kFailed, kStopped };
constexpr auto EnumNames(RunState) {
  return std::to_array<std::string_view>({"Pending", "Running", "Suspended", "Stopping", "Succeeded", "Failed", "Stopped"});
}

enum class RunEnding { kGraceful, kImmediate, kDeadline, kSuperseded };
constexpr auto EnumNames(RunEnding) {
  return std::to_array<std::string_view>({"Graceful", "Immediate", "Deadline", "Superseded"});
}

enum class RunResult { kSucceeded, kFailed, kStopped };
constexpr auto EnumNames(RunResult) {
  return std::to_array<std::string_view>({"Succeeded", "Failed", "Stopped"});
}

enum class ConditionStatus { kTrue, kFalse, kUnknown };
constexpr auto EnumNames(ConditionStatus) {
  return std::to_array<std::string_view>({"True", "False", "Unknown"});
}

enum class ItemState { kPending, kRunning, kRetrying, kSucceeded, kFailed, kSkipped, kOmitted, kStopped };
constexpr auto EnumNames(ItemState) {
  return std::to_array<std::string_view>({"Pending", "Running", "Retrying", "Succeeded", "Failed", "Skipped", "Omitted", "Stopped"});
}

enum class CacheAnswer { kHit, kMiss, kRefreshed, kNotCacheable };
constexpr auto EnumNames(CacheAnswer) {
  return std::to_array<std::string_view>({"Hit", "Miss", "Refreshed", "NotCacheable"});
}

struct Parameter {
  // Name of the parameter: letters, digits and underscores, starting with a lower-case letter. Two names that are the
  // same in upper case are refused, since steps see PARAM_<NAME>.
  std::string name;
  // What the parameter is for, in words for whoever starts a run.
  std::optional<std::string> description;
  // Type that a value must have: String, Integer (64 bits), Number (any JSON number), Boolean, Array or Object.
  // Default: String.
  std::optional<ValueType> type;
  // Value when arguments has none, any JSON of the type, at most 64 KiB. Null is the same as no default. Never
  // interpolated.
  json::Value default_;
  // The only values that are allowed, each any JSON of the type. Without it all are.
  std::vector<json::Value> enum_;
  // Smallest value that is allowed, itself included; for Integer and Number only.
  json::Value minimum;
  // Greatest value that is allowed, itself included; for Integer and Number only.
  json::Value maximum;
  // RE2 expression that a String value must match from its first to its last character; anchors are not needed.
  std::optional<std::string> pattern;

  bool operator==(const Parameter&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &Parameter::name, {.required = true}),
        json::Field("description", &Parameter::description, {.max_length = 4096}),
        json::Field("type", &Parameter::type),
        json::Field("default", &Parameter::default_),
        json::Field("enum", &Parameter::enum_, {.min_items = 1, .max_items = 200}),
        json::Field("minimum", &Parameter::minimum),
        json::Field("maximum", &Parameter::maximum),
        json::Field("pattern", &Parameter::pattern, {.max_length = 1024}));
  }
};

struct Argument {
  // Name of the parameter that is given this value.
  std::string name;
  // The value, any JSON of the parameter's type, at most 64 KiB. Null is the same as no argument: the default holds.
  // Never interpolated.
  json::Value value;

  bool operator==(const Argument&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &Argument::name, {.required = true}),
        json::Field("value", &Argument::value));
  }
};

// Runs the step once for each element of a list, in parallel; the elements are its items.
struct ForEach {
  // CEL expression that gives a list, at most 1,000,000 elements. The step's expressions see each as item and its
  // number as index (from 0); the container sees ITEM and COREFLOW_INDEX. Items start in index order.
  std::string items;
  // Most items that run at once. Without it only the run's parallelism bounds them.
  std::optional<int64_t> parallelism;

  bool operator==(const ForEach&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("items", &ForEach::items, {.required = true, .min_length = 1, .max_length = 65536}),
        json::Field("parallelism", &ForEach::parallelism, {.minimum = 1, .maximum = 1000000}));
  }
};

struct EnvVar {
  // Name of the variable. Names that start with COREFLOW_ or PARAM_, and ITEM, are CoreFlow's own and refused.
  std::string name;
  // The variable's text. $(NAME) means what it means in Kubernetes. May contain $[[ expressions ]]. Without value and
  // valueFrom it is empty.
  std::optional<std::string> value;
  // Where the text comes from, instead of value: exactly one of the sources below.
  json::Value value_from;

  bool operator==(const EnvVar&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &EnvVar::name, {.required = true, .min_length = 1, .max_length = 256}),
        json::Field("value", &EnvVar::value, {.max_length = 65536}),
        json::Field("valueFrom", &EnvVar::value_from));
  }
};

struct StepParameter {
  // Name that the step sees; without value also the name of the run's parameter. Two names that are the same in upper
  // case are refused.
  std::string name;
  // The value, any JSON, at most 64 KiB; strings in it may contain $[[ expressions ]]. Null, or leaving it out, takes
  // the run's parameter of that name.
  json::Value value;

  bool operator==(const StepParameter&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &StepParameter::name, {.required = true}),
        json::Field("value", &StepParameter::value));
  }
};

struct OutputDeclaration {
  // Name of the output: letters, digits and underscores, starting with a lower-case letter. Others read it as
  // steps.<step>.outputs.<name>.
  std::string name;
  // Type that the value must have: String, Integer (64 bits), Number (any JSON number), Boolean, Array or Object.
  // Default: String.
  std::optional<ValueType> type;
  // Whether it may be large: all outputs of the step together may then have 1 MiB, not 4 KiB, and move through the
  // artifact store. Costs the pod two small containers. Default: false.
  std::optional<bool> large;

  bool operator==(const OutputDeclaration&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &OutputDeclaration::name, {.required = true}),
        json::Field("type", &OutputDeclaration::type),
        json::Field("large", &OutputDeclaration::large));
  }
};

struct InputArtifact {
  // Name of the input, at most 40 lower-case letters, digits and dashes.
  std::string name;
  // Where the container sees it, an absolute path. What was packed as an archive is a folder there; of several
  // artifacts it is a folder that has them under the names 0, 1 and so on.
  std::string path;
  // CEL expression for an artifact, steps.<step>.artifacts.<name>, or for a list of them, such as those of a step with
  // forEach.
  std::string from;
  // Whether the step starts, without anything at the path, where there is no such artifact. Default: false.
  std::optional<bool> optional;

  bool operator==(const InputArtifact&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &InputArtifact::name, {.required = true}),
        json::Field("path", &InputArtifact::path, {.required = true}),
        json::Field("from", &InputArtifact::from, {.required = true, .min_length = 1, .max_length = 4096}),
        json::Field("optional", &InputArtifact::optional));
  }
};

// What the step is given beside its parameters.
struct StepInputs {
  // Files and folders of other steps, at most 50, that are there when the step's container starts.
  std::vector<InputArtifact> artifacts;

  bool operator==(const StepInputs&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("artifacts", &StepInputs::artifacts, {.max_items = 50}));
  }
};

struct OutputArtifact {
  // Name of the artifact, at most 40 lower-case letters, digits and dashes. Others read it as
  // steps.<step>.artifacts.<name>, a dash written as an underscore.
  std::string name;
  // Where the command leaves it, an absolute path in the container.
  std::string path;
  // None: one file, as it is. Tar: a folder or a file as a tar archive. TarZstd: the same, compressed. Owners and times
  // are not kept. Default: None.
  std::optional<Archive> archive;
  // Whether the step succeeds when there is nothing at the path. Default: false.
  std::optional<bool> optional;

  bool operator==(const OutputArtifact&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &OutputArtifact::name, {.required = true}),
        json::Field("path", &OutputArtifact::path, {.required = true}),
        json::Field("archive", &OutputArtifact::archive),
        json::Field("optional", &OutputArtifact::optional));
  }
};

// When a failed attempt is followed by another one. Each of its fields that is left out is taken from the Workflow's
// defaults.
struct RetryPolicy {
  // How many more attempts there may be after the first because of the step's own failures. Default: 0.
  std::optional<int64_t> limit;
  // How long to wait before the second attempt, in seconds. Default: 5.
  std::optional<int64_t> backoff_seconds;
  // By how much each further wait grows, in percent: 100 keeps it, 200 doubles it. Default: 200.
  std::optional<int64_t> backoff_factor_percent;
  // Longest wait between two attempts, in seconds. Default: 300.
  std::optional<int64_t> max_backoff_seconds;
  // Which failures are tried again. Failure: the container ended with another code than 0. OutOfMemory: it was killed
  // for its memory limit. Timeout: the step's timeoutSeconds had passed. Default: [Failure, OutOfMemory, Timeout].
  std::vector<RetryOn> retry_on;
  // How many more attempts there may be after a node was lost, or the pod was evicted or deleted. They never use up
  // limit. 0 promises that nothing runs twice. Default: 3.
  std::optional<int64_t> infrastructure_limit;
  // CEL expression over exitCode, reason and attempt that must also be true for another attempt after a failure of the
  // step's own.
  std::optional<std::string> when;

  bool operator==(const RetryPolicy&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("limit", &RetryPolicy::limit, {.minimum = 0, .maximum = 1000}),
        json::Field("backoffSeconds", &RetryPolicy::backoff_seconds, {.minimum = 0, .maximum = 86400}),
        json::Field("backoffFactorPercent", &RetryPolicy::backoff_factor_percent, {.minimum = 100, .maximum = 10000}),
        json::Field("maxBackoffSeconds", &RetryPolicy::max_backoff_seconds, {.minimum = 0, .maximum = 604800}),
        json::Field("retryOn", &RetryPolicy::retry_on, {.min_items = 1, .max_items = 3}),
        json::Field("infrastructureLimit", &RetryPolicy::infrastructure_limit, {.minimum = 0, .maximum = 1000}),
        json::Field("when", &RetryPolicy::when, {.max_length = 65536}));
  }
};

// Whether the step's result may be taken from a step of the namespace that has computed the same already. Each of its
// fields that is left out is taken from the Workflow's defaults.
struct CachePolicy {
  // Never: it always runs. Auto: a result that was computed from the same image, command, environment, parameters and
  // item is taken instead of running. Refresh: it runs, and its result replaces the one that is kept. Default: Never.
  std::optional<CacheMode> mode;
  // How old a result may be to be taken, in seconds from its computation. Default: as long as it is kept.
  std::optional<int64_t> ttl_seconds;
  // Any text; results computed with another salt are not taken. To say that something has changed that the key can't
  // know of, such as the content of a web page.
  std::optional<std::string> salt;

  bool operator==(const CachePolicy&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("mode", &CachePolicy::mode),
        json::Field("ttlSeconds", &CachePolicy::ttl_seconds, {.minimum = 1, .maximum = 2147483647}),
        json::Field("salt", &CachePolicy::salt, {.max_length = 1024}));
  }
};

// What the step's pod is like around its container. Each field that is left out is taken from the Workflow's defaults;
// labels, annotations and nodeSelector are merged by key.
struct PodOptions {
  // Labels of the pod. Names that end in coreflow.dev/… are CoreFlow's own and refused.
  std::map<std::string, std::string> labels;
  // Annotations of the pod. Names that end in coreflow.dev/… are CoreFlow's own and refused.
  std::map<std::string, std::string> annotations;
  // Service account of the pod. Default: spec.serviceAccountName, or else the namespace's default one.
  std::optional<std::string> service_account_name;
  // Whether the pod gets a token of its service account, with which it can call the Kubernetes API. Default: false.
  std::optional<bool> automount_service_account_token;
  // Labels that a node must have for the pod to run there.
  std::map<std::string, std::string> node_selector;
  // Taints of nodes that the pod may run on all the same, as in a Kubernetes pod.
  json::Value tolerations;
  // Rules about the nodes and pods to run near or away from: Kubernetes' type Affinity, with nodeAffinity, podAffinity
  // and podAntiAffinity.
  json::Value affinity;
  // How the pods of a kind are spread over zones or nodes: a list of Kubernetes' type TopologySpreadConstraint.
  json::Value topology_spread_constraints;
  // Volumes that volumeMounts of the step, of initContainers and of sidecars name: a list of Kubernetes' type Volume.
  json::Value volumes;
  // User, groups and profiles that the pod's containers run with: Kubernetes' type PodSecurityContext.
  json::Value security_context;
  // Secrets of the same namespace that hold credentials for pulling the images.
  json::Value image_pull_secrets;
  // Kubernetes priority class of the pod, which decides who is preempted for whom.
  std::optional<std::string> priority_class_name;
  // Kubernetes runtime class of the pod, for example one that runs it in a sandbox.
  std::optional<std::string> runtime_class_name;
  // False gives the pod a user namespace of its own, so that root in it is nobody on the node. Kubernetes' default is
  // true.
  std::optional<bool> host_users;
  // Containers that run before the step's, one after another: a list of Kubernetes' type Container.
  json::Value init_containers;
  // Containers that run beside the step's, from before it starts until it ended: a list of Kubernetes' type Container;
  // each becomes an init container that restarts Always.
  json::Value sidecars;
  // Any other fields of the pod: Kubernetes' type PodSpec, merged last, lists of named things by name. The
  // administrator may forbid it.
  json::Value overrides;

  bool operator==(const PodOptions&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("labels", &PodOptions::labels),
        json::Field("annotations", &PodOptions::annotations),
        json::Field("serviceAccountName", &PodOptions::service_account_name, {.max_length = 253}),
        json::Field("automountServiceAccountToken", &PodOptions::automount_service_account_token),
        json::Field("nodeSelector", &PodOptions::node_selector),
        json::Field("tolerations", &PodOptions::tolerations),
        json::Field("affinity", &PodOptions::affinity),
        json::Field("topologySpreadConstraints", &PodOptions::topology_spread_constraints),
        json::Field("volumes", &PodOptions::volumes),
        json::Field("securityContext", &PodOptions::security_context),
        json::Field("imagePullSecrets", &PodOptions::image_pull_secrets),
        json::Field("priorityClassName", &PodOptions::priority_class_name, {.max_length = 253}),
        json::Field("runtimeClassName", &PodOptions::runtime_class_name, {.max_length = 253}),
        json::Field("hostUsers", &PodOptions::host_users),
        json::Field("initContainers", &PodOptions::init_containers),
        json::Field("sidecars", &PodOptions::sidecars),
        json::Field("overrides", &PodOptions::overrides));
  }
};

struct Step {
  // Name of the step, unique in steps and finally: lower-case letters, digits and dashes, starting with a letter, at
  // most 40 characters. Expressions see a dash as an underscore.
  std::string name;
  // Names of the steps that must have ended before this one starts, at most 100; runAfter says how they must have
  // ended. A step whose expressions read steps.x depends on x without saying so.
  std::vector<std::string> depends_on;
  // How the steps it depends on must have ended. Succeeded: each succeeded, or failed with continueOnFailure. Finished:
  // whatever their ends. AnySucceeded: at least one succeeded. AllFailed: each failed. Default: Succeeded.
  std::optional<RunAfter> run_after;
  // CEL expression, evaluated once when the step could start: false skips the step, and what depends on it unless its
  // runAfter says otherwise. Without it the step runs.
  std::optional<std::string> when;
  // Runs the step once for each element of a list, in parallel; the elements are its items.
  std::optional<ForEach> for_each;
  // Container image, as Kubernetes takes it, for example busybox:1.36. Needed here or in the Workflow's defaults. May
  // contain $[[ expressions ]].
  std::optional<std::string> image;
  // Program and first arguments, instead of the image's entry point. $(NAME) means what it means in Kubernetes. May
  // contain $[[ expressions ]]. Not together with script.
  std::vector<std::string> command;
  // Arguments for command, or for the image's entry point. $(NAME) means what it means in Kubernetes. May contain $[[
  // expressions ]]. Not together with script.
  std::vector<std::string> args;
  // Text that interpreter runs, at most 64 KiB. It arrives byte for byte and is never interpolated: parameters reach it
  // as environment. Not together with command and args.
  std::optional<std::string> script;
  // Program and arguments that run the script, which is passed as one more argument. Default: [sh, -ec].
  std::vector<std::string> interpreter;
  // Environment variables, as in a Kubernetes container. Those of the Workflow's defaults are added, by name. All
  // environment of a container is at most 512 KiB.
  std::vector<EnvVar> env;
  // ConfigMaps and Secrets whose keys all become environment variables, as in a Kubernetes container.
  json::Value env_from;
  // What the container may use and what is reserved for it, as in a Kubernetes container. Taken whole from the
  // Workflow's defaults when the step has none. Quantities may be $[[ expressions ]].
  json::Value resources;
  // Directory that the program starts in. Without it the image says. May contain $[[ expressions ]].
  std::optional<std::string> working_dir;
  // Which of pod.volumes the container sees, and where, as in a Kubernetes container.
  json::Value volume_mounts;
  // Ports that the container listens on; for readers and for network policies, nothing opens them.
  json::Value ports;
  // When the image is pulled: Always, IfNotPresent or Never. Kubernetes' default is Always for the tag latest or no
  // tag, else IfNotPresent.
  std::optional<ImagePullPolicy> image_pull_policy;
  // What the step sees of the run's parameters, as PARAM_<NAME> in its environment, at most 200. It sees no others.
  std::vector<StepParameter> parameters;
  // Results that the step must write to the file $COREFLOW_OUTPUT, at most 100: lines name=value, or one JSON object.
  // An unknown, missing or doubled name or a wrong type fails the step.
  std::vector<OutputDeclaration> outputs;
  // What the step is given beside its parameters.
  std::optional<StepInputs> inputs;
  // Files and folders of the step, at most 20, that are kept for others when its command has ended. The step needs a
  // command or a script for them.
  std::vector<OutputArtifact> output_artifacts;
  // Whether all that the command writes to its standard output and error is kept in the artifact store, up to 100 MiB,
  // also of an attempt that fails. `coreflow logs` shows it once the pod is gone. Default: that of the Workflow's
  // defaults, or false.
  std::optional<bool> archive_logs;
  // When a failed attempt is followed by another one. Each of its fields that is left out is taken from the Workflow's
  // defaults.
  std::optional<RetryPolicy> retry_policy;
  // How long each attempt may take from the start of its container, in seconds; pulling the image and waiting for a
  // node do not count. Default: none for steps, 3600 in finally.
  std::optional<int64_t> timeout_seconds;
  // Whether the step's result may be taken from a step of the namespace that has computed the same already. Each of its
  // fields that is left out is taken from the Workflow's defaults.
  std::optional<CachePolicy> cache;
  // Whether the run goes on as if this step had not failed; its status still says Failed. Default: false.
  std::optional<bool> continue_on_failure;
  // What the step's pod is like around its container. Each field that is left out is taken from the Workflow's
  // defaults; labels, annotations and nodeSelector are merged by key.
  std::optional<PodOptions> pod;

  bool operator==(const Step&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &Step::name, {.omit_default = true}),
        json::Field("dependsOn", &Step::depends_on, {.max_items = 100}),
        json::Field("runAfter", &Step::run_after),
        json::Field("when", &Step::when, {.max_length = 65536}),
        json::Field("forEach", &Step::for_each),
        json::Field("image", &Step::image, {.min_length = 1, .max_length = 4096}),
        json::Field("command", &Step::command, {.max_length = 65536, .max_items = 1000}),
        json::Field("args", &Step::args, {.max_length = 65536, .max_items = 1000}),
        json::Field("script", &Step::script, {.min_length = 1, .max_length = 65536}),
        json::Field("interpreter", &Step::interpreter, {.max_length = 4096, .min_items = 1, .max_items = 100}),
        json::Field("env", &Step::env, {.max_items = 1000}),
        json::Field("envFrom", &Step::env_from),
        json::Field("resources", &Step::resources),
        json::Field("workingDir", &Step::working_dir, {.max_length = 4096}),
        json::Field("volumeMounts", &Step::volume_mounts),
        json::Field("ports", &Step::ports),
        json::Field("imagePullPolicy", &Step::image_pull_policy),
        json::Field("parameters", &Step::parameters, {.max_items = 200}),
        json::Field("outputs", &Step::outputs, {.max_items = 100}),
        json::Field("inputs", &Step::inputs),
        json::Field("outputArtifacts", &Step::output_artifacts, {.max_items = 20}),
        json::Field("archiveLogs", &Step::archive_logs),
        json::Field("retryPolicy", &Step::retry_policy),
        json::Field("timeoutSeconds", &Step::timeout_seconds, {.minimum = 1, .maximum = 2147483647}),
        json::Field("cache", &Step::cache),
        json::Field("continueOnFailure", &Step::continue_on_failure),
        json::Field("pod", &Step::pod));
  }
};

struct RunOutput {
  // Name of the result: letters, digits and underscores, starting with a lower-case letter. Two names that are the same
  // in upper case are refused.
  std::string name;
  // CEL expression that gives the result, for example steps.report.outputs.total.
  std::string value;

  bool operator==(const RunOutput&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &RunOutput::name, {.required = true}),
        json::Field("value", &RunOutput::value, {.required = true, .min_length = 1, .max_length = 65536}));
  }
};

// What holds for every step, in finally too, that does not say otherwise.
struct Defaults {
  // Container image, as Kubernetes takes it, for example busybox:1.36. Needed here or in the Workflow's defaults. May
  // contain $[[ expressions ]].
  std::optional<std::string> image;
  // Program and arguments that run the script, which is passed as one more argument. Default: [sh, -ec].
  std::vector<std::string> interpreter;
  // Environment variables, as in a Kubernetes container. Those of the Workflow's defaults are added, by name. All
  // environment of a container is at most 512 KiB.
  std::vector<EnvVar> env;
  // What the container may use and what is reserved for it, as in a Kubernetes container. Taken whole from the
  // Workflow's defaults when the step has none. Quantities may be $[[ expressions ]].
  json::Value resources;
  // Whether all that the command writes to its standard output and error is kept in the artifact store, up to 100 MiB,
  // also of an attempt that fails. `coreflow logs` shows it once the pod is gone. Default: that of the Workflow's
  // defaults, or false.
  std::optional<bool> archive_logs;
  // When a failed attempt is followed by another one. Each of its fields that is left out is taken from the Workflow's
  // defaults.
  std::optional<RetryPolicy> retry_policy;
  // How long each attempt may take from the start of its container, in seconds; pulling the image and waiting for a
  // node do not count. Default: none for steps, 3600 in finally.
  std::optional<int64_t> timeout_seconds;
  // Whether the step's result may be taken from a step of the namespace that has computed the same already. Each of its
  // fields that is left out is taken from the Workflow's defaults.
  std::optional<CachePolicy> cache;
  // What the step's pod is like around its container. Each field that is left out is taken from the Workflow's
  // defaults; labels, annotations and nodeSelector are merged by key.
  std::optional<PodOptions> pod;

  bool operator==(const Defaults&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("image", &Defaults::image, {.min_length = 1, .max_length = 4096}),
        json::Field("interpreter", &Defaults::interpreter, {.max_length = 4096, .min_items = 1, .max_items = 100}),
        json::Field("env", &Defaults::env, {.max_items = 1000}),
        json::Field("resources", &Defaults::resources),
        json::Field("archiveLogs", &Defaults::archive_logs),
        json::Field("retryPolicy", &Defaults::retry_policy),
        json::Field("timeoutSeconds", &Defaults::timeout_seconds, {.minimum = 1, .maximum = 2147483647}),
        json::Field("cache", &Defaults::cache),
        json::Field("pod", &Defaults::pod));
  }
};

// Continue an earlier run: what is unchanged in it and succeeded is taken from there, the rest runs. Setting or
// changing it starts a run.
struct RetryFrom {
  // The run to continue, which must have ended: NAME/3 for run 3 of the Workflow NAME in this namespace, NAME for its
  // last one.
  std::string run;
  // Steps that run again although they are unchanged, and with them the steps that depend on them.
  std::vector<std::string> steps;

  bool operator==(const RetryFrom&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("run", &RetryFrom::run, {.required = true}),
        json::Field("steps", &RetryFrom::steps, {.max_length = 40, .max_items = 1000}));
  }
};

// What to run. CoreFlow never writes to it.
struct WorkflowSpec {
  // What a run may be given, at most 200. A parameter without a default has to be given in arguments. Steps see only
  // those that they list.
  std::vector<Parameter> parameters;
  // The parameters' values for this run, at most 200. Names that no parameter has, and values of a wrong type, are
  // refused.
  std::vector<Argument> arguments;
  // The steps, at most 1,000. Their order matters only between steps that are ready at the same moment: the first in
  // the list starts first.
  std::vector<Step> steps;
  // Steps that run when the others have ended, whatever the end, at most 50. They may read workflow.status and
  // workflow.failures, and the run's deadline does not count for them. If one fails, the run fails.
  std::vector<Step> finally;
  // Results of the run, shown in status.outputs, at most 100.
  std::vector<RunOutput> outputs;
  // What holds for every step, in finally too, that does not say otherwise.
  std::optional<Defaults> defaults;
  // Most attempts of the run that run at once. Without it nothing but the cluster bounds them. A change acts at once.
  std::optional<int64_t> parallelism;
  // Whether a failed step stops new ones from starting, waiting retries included; running attempts end by themselves.
  // Default: true.
  std::optional<bool> fail_fast;
  // How long the run may take, in seconds, finally not included; after that running attempts are ended and the run
  // fails. Without it there is no deadline. A change acts at once.
  std::optional<int64_t> timeout_seconds;
  // Holds the run: nothing new starts, running attempts go on. A change acts at once. Default: false.
  std::optional<bool> suspend;
  // Ends the run. None: it goes on. Graceful: nothing new starts, and it ends when the running attempts have ended.
  // Immediate: running attempts are ended too. Then finally runs. Taking it away never resumes that run. A change acts
  // at once. Default: None.
  std::optional<Stop> stop;
  // What an edit of the spec during a run does. RunAfter: the run goes on with the spec it started with, then the new
  // one runs. Restart: the run is ended and the new one starts. Default: RunAfter.
  std::optional<OnChange> on_change;
  // Continue an earlier run: what is unchanged in it and succeeded is taken from there, the rest runs. Setting or
  // changing it starts a run.
  std::optional<RetryFrom> retry_from;
  // Which of the namespace's runs goes first where they wait for the same thing: the greater number. A change acts at
  // once. Default: 0.
  std::optional<int64_t> priority;
  // Service account of the steps' pods that name none of their own. Default: the namespace's one, named default.
  std::optional<std::string> service_account_name;
  // Which pods are deleted once their results are kept. OnSuccess: those that succeeded, and all when the run succeeds.
  // OnCompletion: each one that ended. Never: none before the Workflow is deleted. Default: OnSuccess.
  std::optional<PodCleanup> pod_cleanup;
  // How long after its end the Workflow is deleted with all that belongs to it, in seconds. Without it that never
  // happens. Ignored, with a warning, on objects that Argo CD, Flux or Helm track.
  std::optional<int64_t> ttl_seconds_after_finished;

  bool operator==(const WorkflowSpec&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("parameters", &WorkflowSpec::parameters, {.max_items = 200}),
        json::Field("arguments", &WorkflowSpec::arguments, {.max_items = 200}),
        json::Field("steps", &WorkflowSpec::steps, {.required = true, .min_items = 1, .max_items = 1000}),
        json::Field("finally", &WorkflowSpec::finally, {.max_items = 50}),
        json::Field("outputs", &WorkflowSpec::outputs, {.max_items = 100}),
        json::Field("defaults", &WorkflowSpec::defaults),
        json::Field("parallelism", &WorkflowSpec::parallelism, {.minimum = 1, .maximum = 1000000}),
        json::Field("failFast", &WorkflowSpec::fail_fast),
        json::Field("timeoutSeconds", &WorkflowSpec::timeout_seconds, {.minimum = 1, .maximum = 2147483647}),
        json::Field("suspend", &WorkflowSpec::suspend),
        json::Field("stop", &WorkflowSpec::stop),
        json::Field("onChange", &WorkflowSpec::on_change),
        json::Field("retryFrom", &WorkflowSpec::retry_from),
        json::Field("priority", &WorkflowSpec::priority, {.minimum = -1000000000, .maximum = 1000000000}),
        json::Field("serviceAccountName", &WorkflowSpec::service_account_name, {.max_length = 253}),
        json::Field("podCleanup", &WorkflowSpec::pod_cleanup),
        json::Field("ttlSecondsAfterFinished", &WorkflowSpec::ttl_seconds_after_finished, {.minimum = 0, .maximum = 2147483647}));
  }
};

// The run that this status speaks of.
struct RunInfo {
  // Number of the run in this object, from 1.
  int64_t number = 0;
  // Digest of what the run does, with a version prefix; another one means a new run.
  std::string digest;
  // When the run started, in UTC.
  std::optional<Time> start_time;
  // Why the run ends before its steps have, once that is decided; it holds for the run whatever is edited later.
  // Graceful and Immediate: as spec.stop asked. Deadline: spec.timeoutSeconds has passed. Superseded: the spec was
  // changed and spec.onChange is Restart.
  std::optional<RunEnding> ending;
  // How the run ended: Succeeded, Failed or Stopped. Absent while it goes on.
  std::optional<RunResult> result;
  // Why the run ended so, in one CamelCase word, for example StepFailed. Absent while it goes on.
  std::string reason;
  // The run that this one continues, for example etl/3.
  std::string retry_from;
  // How many results were taken from the run in retryFrom.
  int64_t reused = 0;
  // The annotation coreflow.dev/run-requested-at as the run found it when it started; another value of the annotation
  // means a new run.
  std::string requested_at;
  // When the run ended, in UTC. Absent while it goes on.
  std::optional<Time> completion_time;

  bool operator==(const RunInfo&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("number", &RunInfo::number, {.omit_default = true, .minimum = 1}),
        json::Field("digest", &RunInfo::digest, {.omit_default = true}),
        json::Field("startTime", &RunInfo::start_time),
        json::Field("ending", &RunInfo::ending),
        json::Field("result", &RunInfo::result),
        json::Field("reason", &RunInfo::reason, {.omit_default = true}),
        json::Field("retryFrom", &RunInfo::retry_from, {.omit_default = true, .max_length = 74}),
        json::Field("reused", &RunInfo::reused, {.omit_default = true, .minimum = 0}),
        json::Field("requestedAt", &RunInfo::requested_at, {.omit_default = true, .max_length = 64}),
        json::Field("completionTime", &RunInfo::completion_time));
  }
};

struct PreviousRun {
  // Number of the run in this object, from 1.
  int64_t number = 0;
  // Digest of what the run did, with a version prefix.
  std::string digest;
  // How the run ended: Succeeded, Failed or Stopped.
  std::optional<RunResult> result;
  // Why the run ended so, in one CamelCase word, for example StepFailed.
  std::string reason;
  // When the run started, in UTC.
  std::optional<Time> start_time;
  // When the run ended, in UTC.
  std::optional<Time> completion_time;

  bool operator==(const PreviousRun&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("number", &PreviousRun::number, {.required = true, .minimum = 1}),
        json::Field("digest", &PreviousRun::digest, {.omit_default = true}),
        json::Field("result", &PreviousRun::result),
        json::Field("reason", &PreviousRun::reason, {.omit_default = true}),
        json::Field("startTime", &PreviousRun::start_time),
        json::Field("completionTime", &PreviousRun::completion_time));
  }
};

struct Condition {
  // Which condition this is: Succeeded, Ready, Reconciling, Stalled, Suspended or Fenced.
  std::string type;
  // Whether it holds: True, False or Unknown.
  ConditionStatus status = ConditionStatus::kTrue;
  // Why, in one CamelCase word of a closed list that the documentation explains.
  std::string reason;
  // Why, in a sentence with the figures and what to do about it.
  std::string message;
  // When status last changed, in UTC.
  Time last_transition_time{};
  // The metadata.generation of the run that the condition speaks of.
  int64_t observed_generation = 0;

  bool operator==(const Condition&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("type", &Condition::type, {.required = true, .max_length = 316}),
        json::Field("status", &Condition::status, {.required = true}),
        json::Field("reason", &Condition::reason, {.required = true, .max_length = 1024}),
        json::Field("message", &Condition::message, {.required = true, .max_length = 32768}),
        json::Field("lastTransitionTime", &Condition::last_transition_time, {.required = true}),
        json::Field("observedGeneration", &Condition::observed_generation, {.omit_default = true, .minimum = 0}));
  }
};

// What the step cache has done for the run.
struct CacheCounts {
  // How many items have their result from the cache.
  int64_t hits = 0;
  // How many items were looked for in the cache and not found there.
  int64_t misses = 0;
  // How long the computations took whose results were taken, in seconds, all together.
  int64_t seconds_saved = 0;

  bool operator==(const CacheCounts&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("hits", &CacheCounts::hits, {.omit_default = true}),
        json::Field("misses", &CacheCounts::misses, {.omit_default = true}),
        json::Field("secondsSaved", &CacheCounts::seconds_saved, {.omit_default = true}));
  }
};

// How many items of steps are in each state; a step without forEach is one item.
struct ItemCounts {
  // How many items have not started yet.
  int64_t pending = 0;
  // How many items have a running attempt or wait for the next one.
  int64_t running = 0;
  // How many items have succeeded.
  int64_t succeeded = 0;
  // How many items have failed for good.
  int64_t failed = 0;
  // How many items were skipped, since when was false or a parent was skipped.
  int64_t skipped = 0;
  // How many items could not run any more.
  int64_t omitted = 0;
  // How many items were ended by a stop or by the run's deadline.
  int64_t stopped = 0;

  bool operator==(const ItemCounts&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("pending", &ItemCounts::pending),
        json::Field("running", &ItemCounts::running),
        json::Field("succeeded", &ItemCounts::succeeded),
        json::Field("failed", &ItemCounts::failed),
        json::Field("skipped", &ItemCounts::skipped),
        json::Field("omitted", &ItemCounts::omitted),
        json::Field("stopped", &ItemCounts::stopped));
  }
};

struct ItemView {
  // Name of the step that this is about.
  std::string name;
  // Number of the item of a step with forEach, or index of a Job, from 0.
  std::optional<int64_t> index;
  // Where the item is. Pending: not started. Running: an attempt runs. Retrying: it waits for the next attempt.
  // Succeeded, Failed: how it ended. Skipped: when was false, or a parent was skipped. Omitted: it could not run any
  // more. Stopped: it was ended.
  ItemState state = ItemState::kPending;
  // Why, in one CamelCase word of a closed list that the documentation explains.
  std::string reason;
  // Why, in a sentence with the figures and what to do about it.
  std::string message;
  // Number of the latest attempt, from 1; absent before the first.
  int64_t attempt = 0;
  // Name of the latest attempt's pod, for kubectl logs.
  std::string pod_name;
  // Code that the latest attempt's container ended with.
  std::optional<int64_t> exit_code;
  // When the item's first attempt started, in UTC.
  std::optional<Time> start_time;
  // When the item ended, in UTC.
  std::optional<Time> completion_time;

  bool operator==(const ItemView&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &ItemView::name, {.required = true}),
        json::Field("index", &ItemView::index, {.minimum = 0}),
        json::Field("state", &ItemView::state, {.required = true}),
        json::Field("reason", &ItemView::reason, {.omit_default = true}),
        json::Field("message", &ItemView::message, {.omit_default = true}),
        json::Field("attempt", &ItemView::attempt, {.omit_default = true, .minimum = 1}),
        json::Field("podName", &ItemView::pod_name, {.omit_default = true}),
        json::Field("exitCode", &ItemView::exit_code),
        json::Field("startTime", &ItemView::start_time),
        json::Field("completionTime", &ItemView::completion_time));
  }
};

struct OutputValue {
  // Name of the result, as in spec.outputs.
  std::string name;
  // The value that the expression gave, any JSON.
  json::Value value;

  bool operator==(const OutputValue&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &OutputValue::name, {.required = true}),
        json::Field("value", &OutputValue::value));
  }
};

// What CoreFlow saw and did. Written by CoreFlow only. Default, until then: observedGeneration -1.
struct RunStatus {
  // The metadata.generation that this status speaks of.
  int64_t observed_generation = 0;
  // Which term of leadership wrote this status; a write of an older term is refused. Of use to CoreFlow only.
  int64_t epoch = 0;
  // The run in one word, for display and field selectors; programs read conditions. Pending: accepted, nothing started.
  // Running: steps run or wait. Suspended: held by spec.suspend. Stopping: being ended. Succeeded, Failed, Stopped: how
  // it ended.
  RunState state = RunState::kPending;
  // How many items of steps have ended, of how many known so far, for example 12/40.
  std::string progress;
  // The run that this status speaks of.
  RunInfo run;
  // The last 10 runs before this one, the latest first.
  std::vector<PreviousRun> previous_runs;
  // What holds, as kubectl wait and GitOps tools read it. Succeeded: how the run ended, Unknown while it runs. Ready:
  // it succeeded. Reconciling: there is more to do. Stalled: it cannot go on without a change. Suspended: it is held.
  // Fenced: there only as False, where the operator's admission policies are missing.
  std::vector<Condition> conditions;
  // What the step cache has done for the run.
  CacheCounts cache;
  // How many items of steps are in each state; a step without forEach is one item.
  ItemCounts counts;
  // A view of the items that run, wait or failed, at most 100. Finished ones are in the WorkflowRecords of the run.
  std::vector<ItemView> steps;
  // Results of the run, as spec.outputs asks for them.
  std::vector<OutputValue> outputs;
  // How many WorkflowRecords the run has so far.
  int64_t records = 0;
  // When the run started, in UTC.
  std::optional<Time> start_time;
  // When the run ended, in UTC; absent while it runs.
  std::optional<Time> completion_time;
  // How long the run took, for people, for example 1m32s; absent while it runs.
  std::string duration;

  bool operator==(const RunStatus&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("observedGeneration", &RunStatus::observed_generation, {.omit_default = true}),
        json::Field("epoch", &RunStatus::epoch, {.omit_default = true, .minimum = 0}),
        json::Field("state", &RunStatus::state),
        json::Field("progress", &RunStatus::progress, {.omit_default = true}),
        json::Field("run", &RunStatus::run, {.omit_default = true}),
        json::Field("previousRuns", &RunStatus::previous_runs, {.max_items = 10}),
        json::Field("conditions", &RunStatus::conditions, {.max_items = 20}),
        json::Field("cache", &RunStatus::cache, {.omit_default = true}),
        json::Field("counts", &RunStatus::counts, {.omit_default = true}),
        json::Field("steps", &RunStatus::steps, {.max_items = 100}),
        json::Field("outputs", &RunStatus::outputs, {.max_items = 100}),
        json::Field("records", &RunStatus::records, {.omit_default = true, .minimum = 0}),
        json::Field("startTime", &RunStatus::start_time),
        json::Field("completionTime", &RunStatus::completion_time),
        json::Field("duration", &RunStatus::duration, {.omit_default = true}));
  }
};

// A graph of steps that CoreFlow runs as pods. With a stable name it runs once for each change of what its spec says;
// applying the same again runs nothing.
struct Workflow {
  static constexpr std::string_view kKind = "Workflow";
  static constexpr std::string_view kPlural = "workflows";

  // The version of this object's schema: coreflow.dev/v1alpha1.
  std::string api_version{kApiVersion};
  // What this object is: Workflow.
  std::string kind{kKind};
  // The usual metadata of an object.
  ObjectMeta metadata;
  // What to run. CoreFlow never writes to it.
  WorkflowSpec spec;
  // What CoreFlow saw and did. Written by CoreFlow only. Default, until then: observedGeneration -1.
  RunStatus status;

  bool operator==(const Workflow&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("apiVersion", &Workflow::api_version),
        json::Field("kind", &Workflow::kind),
        json::Field("metadata", &Workflow::metadata),
        json::Field("spec", &Workflow::spec, {.required = true}),
        json::Field("status", &Workflow::status, {.omit_default = true}));
  }
};

// What to run. CoreFlow never writes to it.
struct JobSpec {
  // How many times the step runs and must succeed, each time with another COREFLOW_INDEX from 0, at most 1,000,000.
  // Default: 1.
  std::optional<int64_t> completions;
  // Most indexes that run at once. A change acts at once. Default: 1.
  std::optional<int64_t> parallelism;
  // How many indexes may fail. If more do, the running ones are ended and the Job fails. Default: 0.
  std::optional<int64_t> max_failed_indexes;
  // How long the run may take, in seconds; after that running attempts are ended and the Job fails. Without it there is
  // no deadline. A change acts at once.
  std::optional<int64_t> timeout_seconds;
  // Holds the run: nothing new starts, running attempts go on. A change acts at once. Default: false.
  std::optional<bool> suspend;
  // Ends the run. None: it goes on. Graceful: nothing new starts, and it ends when the running attempts have ended.
  // Immediate: running attempts are ended too. Taking it away never resumes that run. A change acts at once. Default:
  // None.
  std::optional<Stop> stop;
  // Which pods are deleted once their results are kept. OnSuccess: those that succeeded, and all when the run succeeds.
  // OnCompletion: each one that ended. Never: none before the Job is deleted. Default: OnSuccess.
  std::optional<PodCleanup> pod_cleanup;
  // How long after its end the Job is deleted with all that belongs to it, in seconds. Without it that never happens.
  // Ignored, with a warning, on objects that Argo CD, Flux or Helm track.
  std::optional<int64_t> ttl_seconds_after_finished;
  // The step that the Job runs. It never changes: for another one make another Job.
  Step template_;

  bool operator==(const JobSpec&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("completions", &JobSpec::completions, {.minimum = 1, .maximum = 1000000}),
        json::Field("parallelism", &JobSpec::parallelism, {.minimum = 1, .maximum = 1000000}),
        json::Field("maxFailedIndexes", &JobSpec::max_failed_indexes, {.minimum = 0, .maximum = 1000000}),
        json::Field("timeoutSeconds", &JobSpec::timeout_seconds, {.minimum = 1, .maximum = 2147483647}),
        json::Field("suspend", &JobSpec::suspend),
        json::Field("stop", &JobSpec::stop),
        json::Field("podCleanup", &JobSpec::pod_cleanup),
        json::Field("ttlSecondsAfterFinished", &JobSpec::ttl_seconds_after_finished, {.minimum = 0, .maximum = 2147483647}),
        json::Field("template", &JobSpec::template_, {.required = true}));
  }
};

// One step on its own, run once or N times. Its short name is cfj; kubectl get jobs shows the Jobs of the group batch.
struct Job {
  static constexpr std::string_view kKind = "Job";
  static constexpr std::string_view kPlural = "jobs";

  // The version of this object's schema: coreflow.dev/v1alpha1.
  std::string api_version{kApiVersion};
  // What this object is: Job.
  std::string kind{kKind};
  // The usual metadata of an object.
  ObjectMeta metadata;
  // What to run. CoreFlow never writes to it.
  JobSpec spec;
  // What CoreFlow saw and did. Written by CoreFlow only. Default, until then: observedGeneration -1.
  RunStatus status;

  bool operator==(const Job&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("apiVersion", &Job::api_version),
        json::Field("kind", &Job::kind),
        json::Field("metadata", &Job::metadata),
        json::Field("spec", &Job::spec, {.required = true}),
        json::Field("status", &Job::status, {.omit_default = true}));
  }
};

struct RecordedArgument {
  // Name of the parameter that has this value.
  std::string name;
  // The value that the parameter had in this run, any JSON.
  json::Value value;

  bool operator==(const RecordedArgument&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &RecordedArgument::name, {.required = true}),
        json::Field("value", &RecordedArgument::value));
  }
};

struct StoredArtifact {
  // Name of the artifact.
  std::string name;
  // SHA-256 of what is stored, as sha256:<64 hexadecimal digits>.
  std::string digest;
  // Size of what is stored.
  int64_t bytes = 0;
  // None: the file as it was. Tar: a tar archive. TarZstd: a compressed one.
  std::optional<Archive> archive;

  bool operator==(const StoredArtifact&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("name", &StoredArtifact::name, {.required = true}),
        json::Field("digest", &StoredArtifact::digest, {.required = true}),
        json::Field("bytes", &StoredArtifact::bytes, {.required = true, .minimum = 0}),
        json::Field("archive", &StoredArtifact::archive));
  }
};

// What the last attempt's command took, in steps whose outputs or artifacts go through the store.
struct Usage {
  // CPU time of the command and of all that it started and waited for.
  int64_t cpu_milliseconds = 0;
  // What the largest of these processes had in memory at most.
  int64_t peak_memory_bytes = 0;

  bool operator==(const Usage&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("cpuMilliseconds", &Usage::cpu_milliseconds, {.omit_default = true, .minimum = 0}),
        json::Field("peakMemoryBytes", &Usage::peak_memory_bytes, {.omit_default = true, .minimum = 0}));
  }
};

// What the step cache said of the item; only where the step has a cache.
struct CacheDecision {
  // Hit: the result was taken from the cache. Miss: it was not there. Refreshed: it was not looked for. NotCacheable:
  // the step can't be known by what it is given, as because says.
  CacheAnswer decision = CacheAnswer::kHit;
  // What the result is kept by, a version and a SHA-256.
  std::string key;
  // Why it was not there, against what is most like it, or why it can't be.
  std::string because;
  // The run that computed a result that was taken, as NAME/3.
  std::string from;
  // How long the computation took whose result was taken, in seconds.
  int64_t saved_seconds = 0;

  bool operator==(const CacheDecision&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("decision", &CacheDecision::decision, {.required = true}),
        json::Field("key", &CacheDecision::key, {.omit_default = true}),
        json::Field("because", &CacheDecision::because, {.omit_default = true}),
        json::Field("from", &CacheDecision::from, {.omit_default = true}),
        json::Field("savedSeconds", &CacheDecision::saved_seconds, {.omit_default = true, .minimum = 0}));
  }
};

struct RecordedItem {
  // Name of the step that the item belongs to.
  std::string step;
  // Number of the item of a step with forEach, or index of a Job, from 0.
  std::optional<int64_t> index;
  // How the item ended. Succeeded, Failed: as its last attempt. Skipped: when was false, or a parent was skipped.
  // Omitted: it could not run any more. Stopped: it was ended.
  ItemState state = ItemState::kPending;
  // Why, in one CamelCase word of a closed list that the documentation explains.
  std::string reason;
  // Why, in a sentence with the figures and what to do about it.
  std::string message;
  // How many attempts the item had.
  int64_t attempts = 0;
  // Code that the last attempt's container ended with.
  std::optional<int64_t> exit_code;
  // What the item gave, by output name, any JSON. Large ones are the artifact $outputs instead.
  json::Value outputs;
  // The files and folders that the item left, in the artifact store. $outputs is what it wrote to $COREFLOW_OUTPUT,
  // where that is large; $log what the last attempt printed, where logs are kept.
  std::vector<StoredArtifact> artifacts;
  // What the last attempt's command took, in steps whose outputs or artifacts go through the store.
  std::optional<Usage> usage;
  // When the item's first attempt started, in UTC.
  std::optional<Time> start_time;
  // When the item ended, in UTC.
  std::optional<Time> completion_time;
  // What the step cache said of the item; only where the step has a cache.
  std::optional<CacheDecision> cache;
  // Name of the last attempt's pod.
  std::string pod_name;
  // Name of the node that the last attempt ran on.
  std::string node_name;

  bool operator==(const RecordedItem&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("step", &RecordedItem::step, {.required = true}),
        json::Field("index", &RecordedItem::index, {.minimum = 0}),
        json::Field("state", &RecordedItem::state, {.required = true}),
        json::Field("reason", &RecordedItem::reason, {.omit_default = true}),
        json::Field("message", &RecordedItem::message, {.omit_default = true}),
        json::Field("attempts", &RecordedItem::attempts, {.omit_default = true, .minimum = 0}),
        json::Field("exitCode", &RecordedItem::exit_code),
        json::Field("outputs", &RecordedItem::outputs),
        json::Field("artifacts", &RecordedItem::artifacts, {.max_items = 22}),
        json::Field("usage", &RecordedItem::usage),
        json::Field("startTime", &RecordedItem::start_time),
        json::Field("completionTime", &RecordedItem::completion_time),
        json::Field("cache", &RecordedItem::cache),
        json::Field("podName", &RecordedItem::pod_name, {.omit_default = true}),
        json::Field("nodeName", &RecordedItem::node_name, {.omit_default = true}));
  }
};

// What CoreFlow keeps of one run of a Workflow or Job: record 0 has what the run was started with, the others have its
// finished items. Written once by CoreFlow and never changed; it is deleted with the Workflow or Job.
struct WorkflowRecord {
  static constexpr std::string_view kKind = "WorkflowRecord";
  static constexpr std::string_view kPlural = "workflowrecords";

  // The version of this object's schema: coreflow.dev/v1alpha1.
  std::string api_version{kApiVersion};
  // What this object is: WorkflowRecord.
  std::string kind{kKind};
  // The usual metadata of an object.
  ObjectMeta metadata;
  // Number of the run that this is kept of, from 1.
  int64_t run = 0;
  // Number of the record in its run: 0 has what was pinned at the start, 1 and more have finished items.
  int64_t index = 0;
  // How the record is to be read; an operator that does not know the number leaves the run alone.
  int64_t format = 0;
  // Digest of what the run does, with a version prefix; in record 0 only.
  std::string digest;
  // What the run does: its spec with templates and all defaults filled in, in a form of CoreFlow's own; in record 0
  // only.
  json::Value spec;
  // The run that this one continues, and the steps of it that run again; in record 0 only.
  std::optional<RetryFrom> retry_from;
  // The run's parameters and their values, defaults included; in record 0 only.
  std::vector<RecordedArgument> arguments;
  // The finished items of this record, in the order they ended.
  std::vector<RecordedItem> results;

  bool operator==(const WorkflowRecord&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("apiVersion", &WorkflowRecord::api_version),
        json::Field("kind", &WorkflowRecord::kind),
        json::Field("metadata", &WorkflowRecord::metadata),
        json::Field("run", &WorkflowRecord::run, {.required = true, .minimum = 1}),
        json::Field("index", &WorkflowRecord::index, {.required = true, .minimum = 0}),
        json::Field("format", &WorkflowRecord::format, {.required = true, .minimum = 1}),
        json::Field("digest", &WorkflowRecord::digest, {.omit_default = true}),
        json::Field("spec", &WorkflowRecord::spec),
        json::Field("retryFrom", &WorkflowRecord::retry_from),
        json::Field("arguments", &WorkflowRecord::arguments, {.max_items = 200}),
        json::Field("results", &WorkflowRecord::results, {.max_items = 10000}));
  }
};

}  // namespace coreflow::api
