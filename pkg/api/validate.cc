#include "pkg/api/validate.h"

#include <fmt/format.h>

#include <set>

#include "pkg/api/limits.h"
#include "pkg/api/names.h"
#include "pkg/api/run_name.h"
#include "pkg/api/validate_parts.h"
#include "pkg/json/write.h"

namespace coreflow::api {

namespace {

using json::Binder;

void CheckObjectName(const ObjectMeta& metadata, Binder& binder) {
  Binder::Scope scope(binder, "metadata");
  Binder::Scope name(binder, "name");
  if (metadata.name.size() > limits::kObjectName) {
    binder.Report(fmt::format("has {} characters, at most {} are allowed", metadata.name.size(), limits::kObjectName));
  } else if (!IsObjectName(metadata.name)) {
    binder.Report("must be lower-case letters, digits, '-' and '.', with letters or digits at both ends");
  }
}

// False when it is too large to be looked at closely.
template <typename Spec>
bool CheckSpec(const Spec& spec, Binder& binder) {
  json::CheckRules(spec, binder);
  size_t size = json::Write(json::ToJson(spec)).size();
  if (size > limits::kSpecBytes) {
    binder.Report(fmt::format("has {} bytes as JSON, at most {} are allowed", size, limits::kSpecBytes));
  }
  return size <= limits::kSpecBytes;
}

void CheckDefaults(const Defaults& defaults, Binder& binder) {
  Binder::Scope scope(binder, "defaults");
  CheckInheritable({defaults.image, defaults.env, defaults.resources, defaults.retry_policy, defaults.pod}, binder);
}

void CheckSteps(const std::vector<Step>& steps, const char* list, const StepContext& context,
                std::set<std::string_view>& names, Binder& binder) {
  Binder::Scope scope(binder, list);
  for (size_t i = 0; i < steps.size(); ++i) {
    Binder::Scope element(binder, i);
    const Step& step = steps[i];
    CheckStep(step, context, binder);
    Binder::Scope name(binder, "name");
    if (!IsStepName(step.name)) {
      binder.Report("must be 1 to 40 lower-case letters, digits and '-', with a letter first and no '-' last");
    } else if (!names.insert(step.name).second) {
      binder.Report(fmt::format("the name {} is taken: it must be unique in steps and finally", step.name));
    }
  }
}

void CheckOutputs(const std::vector<RunOutput>& outputs, Binder& binder) {
  Binder::Scope scope(binder, "outputs");
  std::vector<std::string_view> names;
  for (const RunOutput& output : outputs) names.push_back(output.name);
  CheckParameterNames(names, "output", binder);
}

void CheckServiceAccount(const std::optional<std::string>& name, Binder& binder) {
  Binder::Scope scope(binder, "serviceAccountName");
  if (name && !IsDnsSubdomain(*name)) binder.Report("must be the name of a service account");
}

void CheckRetryFrom(const std::optional<RetryFrom>& from, const std::set<std::string_view>& steps, Binder& binder) {
  if (!from) return;
  Binder::Scope scope(binder, "retryFrom");
  {
    Binder::Scope run(binder, "run");
    if (!ParseRunName(from->run)) binder.Report("must be NAME/NUMBER, such as etl/3, or NAME for its last run");
  }
  Binder::Scope list(binder, "steps");
  for (size_t i = 0; i < from->steps.size(); ++i) {
    Binder::Scope element(binder, i);
    if (!steps.contains(from->steps[i])) binder.Report(fmt::format("there is no step {}", from->steps[i]));
  }
}

}  // namespace

std::vector<Problem> Validate(const Workflow& workflow) {
  Binder binder;
  CheckObjectName(workflow.metadata, binder);
  const WorkflowSpec& spec = workflow.spec;
  {
    Binder::Scope scope(binder, "spec");
    if (!CheckSpec(spec, binder)) return binder.Take();
    CheckParameters(spec, binder);
    CheckArguments(spec, binder);
    const Defaults defaults = spec.defaults.value_or(Defaults{});
    CheckDefaults(defaults, binder);
    StepContext context{defaults, {}, false};
    for (const Parameter& parameter : spec.parameters) context.parameters.push_back(parameter.name);
    std::set<std::string_view> names;
    if (spec.steps.empty()) {
      Binder::Scope steps(binder, "steps");
      binder.Report("needs at least one step");
    }
    CheckSteps(spec.steps, "steps", context, names, binder);
    CheckSteps(spec.finally, "finally", context, names, binder);
    CheckOutputs(spec.outputs, binder);
    CheckServiceAccount(spec.service_account_name, binder);
    CheckRetryFrom(spec.retry_from, names, binder);
  }
  return binder.Take();
}

std::vector<Problem> Validate(const Job& job) {
  Binder binder;
  CheckObjectName(job.metadata, binder);
  {
    Binder::Scope scope(binder, "spec");
    if (!CheckSpec(job.spec, binder)) return binder.Take();
    Binder::Scope step(binder, "template");
    CheckStep(job.spec.template_, {Defaults{}, {}, true}, binder);
  }
  return binder.Take();
}

}  // namespace coreflow::api
