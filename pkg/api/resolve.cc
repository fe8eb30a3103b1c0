#include "pkg/api/resolve.h"

#include <algorithm>

#include "pkg/api/defaults.h"
#include "pkg/api/names.h"

namespace coreflow::api {

namespace {

// What the steps of one list inherit.
struct Inherited {
  const Defaults& defaults;
  const std::string& service_account_name;
  std::optional<int64_t> timeout_seconds;
  CachePolicy cache;
};

template <typename T>
T FirstOf(const std::optional<T>& own, const std::optional<T>& inherited, T fallback) {
  return own.value_or(inherited.value_or(fallback));
}

template <typename T>
void Inherit(std::optional<T>& own, const std::optional<T>& inherited) {
  if (!own) own = inherited;
}

void Inherit(json::Value& own, const json::Value& inherited) {
  if (own.IsNull()) own = inherited;
}

void Inherit(std::map<std::string, std::string>& own, const std::map<std::string, std::string>& inherited) {
  own.insert(inherited.begin(), inherited.end());  // keeps what is there
}

PodOptions ResolvePod(const Step& step, const Inherited& from) {
  PodOptions pod = step.pod.value_or(PodOptions{});
  if (from.defaults.pod) {
    std::apply([&](const auto&... field) { (Inherit(pod.*(field.member), (*from.defaults.pod).*(field.member)), ...); },
               PodOptions::Fields());
  }
  if (!pod.service_account_name && !from.service_account_name.empty()) {
    pod.service_account_name = from.service_account_name;
  }
  Inherit(pod.automount_service_account_token, std::optional(defaults::kAutomountServiceAccountToken));
  return pod;
}

ResolvedRetry ResolveRetry(const Step& step, const Inherited& from) {
  RetryPolicy own = step.retry_policy.value_or(RetryPolicy{});
  RetryPolicy inherited = from.defaults.retry_policy.value_or(RetryPolicy{});
  ResolvedRetry retry;
  retry.limit = FirstOf(own.limit, inherited.limit, defaults::kRetryLimit);
  retry.backoff_seconds = FirstOf(own.backoff_seconds, inherited.backoff_seconds, defaults::kBackoffSeconds);
  retry.backoff_factor_percent =
      FirstOf(own.backoff_factor_percent, inherited.backoff_factor_percent, defaults::kBackoffFactorPercent);
  retry.max_backoff_seconds =
      FirstOf(own.max_backoff_seconds, inherited.max_backoff_seconds, defaults::kMaxBackoffSeconds);
  retry.infrastructure_limit =
      FirstOf(own.infrastructure_limit, inherited.infrastructure_limit, defaults::kInfrastructureLimit);
  retry.retry_on = !own.retry_on.empty() ? own.retry_on : inherited.retry_on;
  if (retry.retry_on.empty()) retry.retry_on.assign(defaults::kRetryOn.begin(), defaults::kRetryOn.end());
  std::sort(retry.retry_on.begin(), retry.retry_on.end());
  retry.retry_on.erase(std::unique(retry.retry_on.begin(), retry.retry_on.end()), retry.retry_on.end());
  retry.when = own.when ? own.when : inherited.when;
  return retry;
}

std::optional<ResolvedCache> ResolveCache(const Step& step, const Inherited& from) {
  CachePolicy own = step.cache.value_or(CachePolicy{});
  const CacheMode mode = FirstOf(own.mode, from.cache.mode, defaults::kCacheMode);
  if (mode == CacheMode::kNever) return std::nullopt;
  Inherit(own.ttl_seconds, from.cache.ttl_seconds);
  return ResolvedCache{
      .mode = mode, .ttl_seconds = own.ttl_seconds, .salt = FirstOf(own.salt, from.cache.salt, std::string())};
}

std::vector<EnvVar> ResolveEnv(const Step& step, const Inherited& from) {
  std::vector<EnvVar> env = step.env;
  for (const EnvVar& variable : from.defaults.env) {
    auto same = [&](const EnvVar& own) { return own.name == variable.name; };
    if (std::none_of(step.env.begin(), step.env.end(), same)) env.push_back(variable);
  }
  return env;
}

void ResolveScript(const Step& step, const Inherited& from, ResolvedStep& out) {
  out.script = step.script;
  if (!step.script) return;
  out.interpreter = !step.interpreter.empty() ? step.interpreter : from.defaults.interpreter;
  if (out.interpreter.empty()) out.interpreter.assign(defaults::kInterpreter.begin(), defaults::kInterpreter.end());
}

void ResolveArtifacts(const Step& step, ResolvedStep& out) {
  if (step.inputs) {
    for (const InputArtifact& input : step.inputs->artifacts) {
      out.input_artifacts.push_back({.name = input.name,
                                     .path = input.path,
                                     .from = input.from,
                                     .optional = input.optional.value_or(defaults::kArtifactOptional)});
    }
  }
  for (const OutputArtifact& output : step.output_artifacts) {
    out.output_artifacts.push_back({.name = output.name,
                                    .path = output.path,
                                    .archive = output.archive.value_or(defaults::kArchive),
                                    .optional = output.optional.value_or(defaults::kArtifactOptional)});
  }
}

ResolvedStep ResolveStep(const Step& step, const Inherited& from) {
  ResolvedStep out;
  out.name = step.name;
  out.depends_on = step.depends_on;
  out.run_after = step.run_after.value_or(defaults::kRunAfter);
  out.when = step.when;
  if (step.for_each) {
    out.fan_out = ResolvedFanOut{.items = step.for_each->items,
                                 .completions = std::nullopt,
                                 .parallelism = step.for_each->parallelism,
                                 .max_failed = std::nullopt};
  }
  out.image = FirstOf(step.image, from.defaults.image, std::string());
  out.command = step.command;
  out.args = step.args;
  ResolveScript(step, from, out);
  out.env = ResolveEnv(step, from);
  out.env_from = step.env_from;
  out.resources = step.resources;
  Inherit(out.resources, from.defaults.resources);
  out.working_dir = step.working_dir;
  out.volume_mounts = step.volume_mounts;
  out.ports = step.ports;
  out.image_pull_policy = step.image_pull_policy;
  out.pod = ResolvePod(step, from);
  for (const StepParameter& p : step.parameters) out.parameters.push_back({.name = p.name, .value = p.value});
  for (const OutputDeclaration& o : step.outputs) {
    out.outputs.push_back(
        {.name = o.name, .type = o.type.value_or(defaults::kValueType), .large = o.large.value_or(defaults::kLarge)});
  }
  ResolveArtifacts(step, out);
  // The image's own command can't be run by CoreFlow, whatever the defaults say.
  const bool known_command = !step.command.empty() || step.script;
  out.archive_logs = known_command && FirstOf(step.archive_logs, from.defaults.archive_logs, defaults::kArchiveLogs);
  out.retry = ResolveRetry(step, from);
  out.timeout_seconds = step.timeout_seconds;
  Inherit(out.timeout_seconds, from.timeout_seconds);
  out.continue_on_failure = step.continue_on_failure.value_or(defaults::kContinueOnFailure);
  out.cache = ResolveCache(step, from);
  return out;
}

std::vector<ResolvedParameter> ResolveParameters(const WorkflowSpec& spec) {
  std::vector<ResolvedParameter> parameters;
  for (const Parameter& parameter : spec.parameters) {
    ResolvedParameter& out = parameters.emplace_back();
    out.name = parameter.name;
    out.type = parameter.type.value_or(defaults::kValueType);
    out.value = parameter.default_;
    for (const Argument& argument : spec.arguments) {
      if (argument.name == parameter.name && !argument.value.IsNull()) out.value = argument.value;
    }
  }
  return parameters;
}

}  // namespace

ResolvedRun Resolve(const Workflow& workflow) {
  const WorkflowSpec& spec = workflow.spec;
  const Defaults defaults = spec.defaults.value_or(Defaults{});
  ResolvedRun run;
  run.kind = RunKind::kWorkflow;
  run.service_account_name = spec.service_account_name.value_or("");
  run.parameters = ResolveParameters(spec);
  Inherited inherited{defaults, run.service_account_name, defaults.timeout_seconds,
                      defaults.cache.value_or(CachePolicy{})};
  for (const Step& step : spec.steps) run.steps.push_back(ResolveStep(step, inherited));
  Inherit(inherited.timeout_seconds, std::optional(defaults::kFinallyTimeoutSeconds));
  inherited.cache = {};  // they clean up and tell people: each run has to
  for (const Step& step : spec.finally) run.finally.push_back(ResolveStep(step, inherited));
  run.outputs = spec.outputs;
  run.fail_fast = spec.fail_fast.value_or(defaults::kFailFast);
  run.on_change = spec.on_change.value_or(defaults::kOnChange);
  run.pod_cleanup = spec.pod_cleanup.value_or(defaults::kPodCleanup);
  run.ttl_seconds_after_finished = spec.ttl_seconds_after_finished;
  return run;
}

ResolvedRun Resolve(const Job& job) {
  const JobSpec& spec = job.spec;
  ResolvedRun run;
  run.kind = RunKind::kJob;
  ResolvedStep& step =
      run.steps.emplace_back(ResolveStep(spec.template_, {Defaults{}, run.service_account_name, std::nullopt, {}}));
  step.name = kJobStepName;
  step.fan_out = ResolvedFanOut{.items = std::nullopt,
                                .completions = spec.completions.value_or(defaults::kCompletions),
                                .parallelism = std::nullopt,
                                .max_failed = spec.max_failed_indexes.value_or(defaults::kMaxFailedIndexes)};
  // One failed index must not keep the others from starting; max_failed decides.
  run.fail_fast = false;
  run.on_change = defaults::kOnChange;
  run.pod_cleanup = spec.pod_cleanup.value_or(defaults::kPodCleanup);
  run.ttl_seconds_after_finished = spec.ttl_seconds_after_finished;
  return run;
}

RunControls Controls(const Workflow& workflow) {
  const WorkflowSpec& spec = workflow.spec;
  return {.parallelism = spec.parallelism,
          .suspend = spec.suspend.value_or(defaults::kSuspend),
          .stop = spec.stop.value_or(defaults::kStop),
          .timeout_seconds = spec.timeout_seconds,
          .priority = spec.priority.value_or(defaults::kPriority),
          .pod_cleanup = spec.pod_cleanup.value_or(defaults::kPodCleanup),
          .ttl_seconds_after_finished = spec.ttl_seconds_after_finished};
}

RunControls Controls(const Job& job) {
  const JobSpec& spec = job.spec;
  return {.parallelism = spec.parallelism.value_or(defaults::kJobParallelism),
          .suspend = spec.suspend.value_or(defaults::kSuspend),
          .stop = spec.stop.value_or(defaults::kStop),
          .timeout_seconds = spec.timeout_seconds,
          .priority = defaults::kPriority,
          .pod_cleanup = spec.pod_cleanup.value_or(defaults::kPodCleanup),
          .ttl_seconds_after_finished = spec.ttl_seconds_after_finished};
}

json::Value ToJson(const ResolvedRun& run) {
  json::Object object = json::ToJson(run).AsObject();
  object["format"] = ResolvedRun::kFormat;
  return object;
}

Result<ResolvedRun> FromJson(const json::Value& value) {
  const json::Value& format = value["format"];
  if (!format.IsInt() || format.AsInt() < 1) return Error{Code::kInvalid, "a pinned run needs a format number"};
  if (format.AsInt() > ResolvedRun::kFormat) {
    return Error{Code::kForbidden, "the run was pinned by a newer CoreFlow: format " + std::to_string(format.AsInt()) +
                                       ", this one knows " + std::to_string(ResolvedRun::kFormat)};
  }
  json::Bound<ResolvedRun> bound = json::Bind<ResolvedRun>(value);
  if (!bound.ok()) return Error{Code::kInvalid, json::Describe(bound.problems)};
  return std::move(bound.value);
}

}  // namespace coreflow::api
