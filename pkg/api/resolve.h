#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/base/result.h"
#include "pkg/json/bind.h"
#include "pkg/json/value.h"

// What a run does, with nothing left open: what record 0 pins, and what the graph is compiled from. It has no
// optional that means "the default": every default of pkg/api/defaults.h stands there in full, so that a later
// operator with other defaults goes on with a run as it was started.
namespace coreflow::api {

enum class RunKind { kWorkflow, kJob };
constexpr auto EnumNames(RunKind) { return std::to_array<std::string_view>({"Workflow", "Job"}); }

// A parameter of the run and the value it has in it: the argument, or else the default.
struct ResolvedParameter {
  std::string name;
  ValueType type = ValueType::kString;
  json::Value value;  // never null in a valid run

  bool operator==(const ResolvedParameter&) const = default;
  static constexpr auto Fields();
};

// A parameter that a step sees as PARAM_<NAME>. Without `value` it is the run's parameter of that name; strings in
// `value` may hold $[[ expressions ]].
struct ResolvedStepParameter {
  std::string name;
  json::Value value;  // null: the run's parameter

  bool operator==(const ResolvedStepParameter&) const = default;
  static constexpr auto Fields();
};

struct ResolvedOutput {
  std::string name;
  ValueType type = ValueType::kString;
  bool large = false;

  bool operator==(const ResolvedOutput&) const = default;
  static constexpr auto Fields();
};

struct ResolvedRetry {
  int64_t limit = 0;
  int64_t backoff_seconds = 0;
  int64_t backoff_factor_percent = 100;
  int64_t max_backoff_seconds = 0;
  std::vector<RetryOn> retry_on;  // in the order of the enum, each once
  int64_t infrastructure_limit = 0;
  std::optional<std::string> when;

  bool operator==(const ResolvedRetry&) const = default;
  static constexpr auto Fields();
};

struct ResolvedInputArtifact {
  std::string name;
  std::string path;
  std::string from;  // CEL
  bool optional = false;

  bool operator==(const ResolvedInputArtifact&) const = default;
  static constexpr auto Fields();
};

struct ResolvedOutputArtifact {
  std::string name;
  std::string path;
  Archive archive = Archive::kNone;
  bool optional = false;

  bool operator==(const ResolvedOutputArtifact&) const = default;
  static constexpr auto Fields();
};

// Of a step whose results are kept and taken; the mode is never kNever.
struct ResolvedCache {
  CacheMode mode = CacheMode::kAuto;
  std::optional<int64_t> ttl_seconds;  // none: as long as a result is kept
  std::string salt;

  bool operator==(const ResolvedCache&) const = default;
  static constexpr auto Fields();
};

// A step that runs more than once: for each element of `items`, or `completions` times. Exactly one of the two.
struct ResolvedFanOut {
  std::optional<std::string> items;    // CEL, of forEach
  std::optional<int64_t> completions;  // of a Job, which always has a fan-out, of 1 too
  std::optional<int64_t> parallelism;  // of forEach; a Job's is in RunControls, since a change acts at once
  std::optional<int64_t> max_failed;   // of a Job: when more items fail, the running ones are ended and it fails

  bool operator==(const ResolvedFanOut&) const = default;
  static constexpr auto Fields();
};

struct ResolvedStep {
  std::string name;  // "job" for the one step of a Job
  std::vector<std::string> depends_on;
  RunAfter run_after = RunAfter::kSucceeded;
  std::optional<std::string> when;
  std::optional<ResolvedFanOut> fan_out;

  std::string image;
  std::vector<std::string> command;  // as the user wrote it; empty with a script
  std::vector<std::string> args;
  std::optional<std::string> script;
  std::vector<std::string> interpreter;  // empty without a script
  std::vector<EnvVar> env;               // names are unique
  json::Value env_from;                  // this and the next: Kubernetes' types, null when there is none
  json::Value resources;
  std::optional<std::string> working_dir;
  json::Value volume_mounts;
  json::Value ports;
  std::optional<ImagePullPolicy> image_pull_policy;  // none: as Kubernetes has it
  PodOptions pod;  // service_account_name has the run's where the step names none; the token default is filled in

  std::vector<ResolvedStepParameter> parameters;
  std::vector<ResolvedOutput> outputs;
  std::vector<ResolvedInputArtifact> input_artifacts;
  std::vector<ResolvedOutputArtifact> output_artifacts;
  bool archive_logs = false;  // only with a command or a script
  ResolvedRetry retry;
  std::optional<int64_t> timeout_seconds;  // of each attempt; none: no limit
  bool continue_on_failure = false;
  std::optional<ResolvedCache> cache;  // none: it always runs

  bool operator==(const ResolvedStep&) const = default;
  static constexpr auto Fields();
};

struct ResolvedRun {
  // Raised when a reader of the former number would misunderstand the new form.
  static constexpr int64_t kFormat = 1;

  RunKind kind = RunKind::kWorkflow;
  std::vector<ResolvedParameter> parameters;  // in the order of spec.parameters
  std::vector<ResolvedStep> steps;            // in the order of spec.steps, at least one
  std::vector<ResolvedStep> finally;
  std::vector<RunOutput> outputs;
  bool fail_fast = true;
  OnChange on_change = OnChange::kRunAfter;
  PodCleanup pod_cleanup = PodCleanup::kOnSuccess;    // as it was at the start; see RunControls
  std::optional<int64_t> ttl_seconds_after_finished;  // as it was at the start; see RunControls
  std::string service_account_name;                   // empty: the namespace's default one

  bool operator==(const ResolvedRun&) const = default;
  static constexpr auto Fields();
};

// What acts at once when it is edited during a run. Read from the live object each time, never pinned.
struct RunControls {
  std::optional<int64_t> parallelism;  // most attempts (of a Job: indexes) at once; a Job always has one
  bool suspend = false;
  Stop stop = Stop::kNone;
  std::optional<int64_t> timeout_seconds;
  int64_t priority = 0;
  PodCleanup pod_cleanup = PodCleanup::kOnSuccess;
  std::optional<int64_t> ttl_seconds_after_finished;

  bool operator==(const RunControls&) const = default;
};

// Fills in spec.defaults and then CoreFlow's own defaults; what a step says wins. By field:
//   image, interpreter (only where there is a script), resources, timeoutSeconds   whole
//   env                                  by name; the step's own first, in their order, then what defaults adds
//   retryPolicy, cache                   field by field; steps of finally inherit no cache
//   pod                                  field by field; labels, annotations and nodeSelector by key; lists whole
//   pod.overrides                        whole
// Never fails. REQUIRES nothing, but only for a spec without problems (Validate) is the result one that can run.
ResolvedRun Resolve(const Workflow& workflow);
ResolvedRun Resolve(const Job& job);

RunControls Controls(const Workflow& workflow);
RunControls Controls(const Job& job);

// As record 0 keeps it: an object with "format" and the fields above. Exact: FromJson(ToJson(run)) is run.
json::Value ToJson(const ResolvedRun& run);
// kInvalid, with all problems, when it is not that; kForbidden when its format is newer than kFormat: the run is to
// be left alone.
Result<ResolvedRun> FromJson(const json::Value& value);

// ---------------------------------------------------------------------------------------------------------------

constexpr auto ResolvedParameter::Fields() {
  using T = ResolvedParameter;
  return std::make_tuple(json::Field("name", &T::name, {.required = true}), json::Field("type", &T::type),
                         json::Field("value", &T::value));
}
constexpr auto ResolvedStepParameter::Fields() {
  using T = ResolvedStepParameter;
  return std::make_tuple(json::Field("name", &T::name, {.required = true}), json::Field("value", &T::value));
}
constexpr auto ResolvedOutput::Fields() {
  using T = ResolvedOutput;
  return std::make_tuple(json::Field("name", &T::name, {.required = true}), json::Field("type", &T::type),
                         json::Field("large", &T::large));
}
constexpr auto ResolvedInputArtifact::Fields() {
  using T = ResolvedInputArtifact;
  return std::make_tuple(
      json::Field("name", &T::name, {.required = true}), json::Field("path", &T::path, {.required = true}),
      json::Field("from", &T::from, {.required = true}), json::Field("optional", &T::optional, {.omit_default = true}));
}
constexpr auto ResolvedOutputArtifact::Fields() {
  using T = ResolvedOutputArtifact;
  return std::make_tuple(json::Field("name", &T::name, {.required = true}),
                         json::Field("path", &T::path, {.required = true}), json::Field("archive", &T::archive),
                         json::Field("optional", &T::optional, {.omit_default = true}));
}
constexpr auto ResolvedRetry::Fields() {
  using T = ResolvedRetry;
  return std::make_tuple(json::Field("limit", &T::limit), json::Field("backoffSeconds", &T::backoff_seconds),
                         json::Field("backoffFactorPercent", &T::backoff_factor_percent),
                         json::Field("maxBackoffSeconds", &T::max_backoff_seconds),
                         json::Field("retryOn", &T::retry_on),
                         json::Field("infrastructureLimit", &T::infrastructure_limit), json::Field("when", &T::when));
}
constexpr auto ResolvedCache::Fields() {
  using T = ResolvedCache;
  return std::make_tuple(json::Field("mode", &T::mode, {.required = true}), json::Field("ttlSeconds", &T::ttl_seconds),
                         json::Field("salt", &T::salt, {.omit_default = true}));
}
constexpr auto ResolvedFanOut::Fields() {
  using T = ResolvedFanOut;
  return std::make_tuple(json::Field("items", &T::items), json::Field("completions", &T::completions),
                         json::Field("parallelism", &T::parallelism), json::Field("maxFailed", &T::max_failed));
}
constexpr auto ResolvedStep::Fields() {
  using T = ResolvedStep;
  return std::make_tuple(
      json::Field("name", &T::name, {.required = true}), json::Field("dependsOn", &T::depends_on),
      json::Field("runAfter", &T::run_after), json::Field("when", &T::when), json::Field("fanOut", &T::fan_out),
      json::Field("image", &T::image, {.required = true}), json::Field("command", &T::command),
      json::Field("args", &T::args), json::Field("script", &T::script), json::Field("interpreter", &T::interpreter),
      json::Field("env", &T::env), json::Field("envFrom", &T::env_from), json::Field("resources", &T::resources),
      json::Field("workingDir", &T::working_dir), json::Field("volumeMounts", &T::volume_mounts),
      json::Field("ports", &T::ports), json::Field("imagePullPolicy", &T::image_pull_policy),
      json::Field("pod", &T::pod), json::Field("parameters", &T::parameters), json::Field("outputs", &T::outputs),
      json::Field("inputArtifacts", &T::input_artifacts), json::Field("outputArtifacts", &T::output_artifacts),
      json::Field("archiveLogs", &T::archive_logs, {.omit_default = true}),
      json::Field("retry", &T::retry, {.required = true}), json::Field("timeoutSeconds", &T::timeout_seconds),
      json::Field("continueOnFailure", &T::continue_on_failure), json::Field("cache", &T::cache));
}
constexpr auto ResolvedRun::Fields() {
  using T = ResolvedRun;
  return std::make_tuple(json::Field("kind", &T::kind, {.required = true}), json::Field("parameters", &T::parameters),
                         json::Field("steps", &T::steps, {.required = true}), json::Field("finally", &T::finally),
                         json::Field("outputs", &T::outputs), json::Field("failFast", &T::fail_fast),
                         json::Field("onChange", &T::on_change), json::Field("podCleanup", &T::pod_cleanup),
                         json::Field("ttlSecondsAfterFinished", &T::ttl_seconds_after_finished),
                         json::Field("serviceAccountName", &T::service_account_name, {.omit_default = true}));
}

}  // namespace coreflow::api
