#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/json/binder.h"

// The parts of Validate(), each in a file of its own. All report to the binder, whose path is that of the value.
namespace coreflow::api {

// What is around a step.
struct StepContext {
  const Defaults& defaults;
  std::vector<std::string_view> parameters;  // names that a step's `parameters` may take from the run
  bool template_of_job = false;
};

// validate_parameters.cc
void CheckParameters(const WorkflowSpec& spec, json::Binder& binder);
void CheckArguments(const WorkflowSpec& spec, json::Binder& binder);
// Names of parameters and outputs: their form, each once, and no two the same in upper case.
void CheckParameterNames(const std::vector<std::string_view>& names, std::string_view what, json::Binder& binder);

// validate_step.cc
void CheckStep(const Step& step, const StepContext& context, json::Binder& binder);

// validate_artifacts.cc
void CheckArtifacts(const Step& step, json::Binder& binder);

// What a step and spec.defaults have in common.
struct Inheritable {
  const std::optional<std::string>& image;
  const std::vector<EnvVar>& env;
  const json::Value& resources;
  const std::optional<RetryPolicy>& retry_policy;
  const std::optional<PodOptions>& pod;
};

// validate_container.cc
void CheckInheritable(const Inheritable& parts, json::Binder& binder);
void CheckEnvFrom(const json::Value& env_from, json::Binder& binder);
// Mounts name volumes that are there, and no path twice.
void CheckVolumeMounts(const json::Value& mounts, const std::vector<std::string_view>& volumes, json::Binder& binder);
// A text that becomes an argument or a variable of a process: no zero byte.
void CheckText(const std::string& text, json::Binder& binder);
bool HasExpression(std::string_view text);

// validate_pod.cc
void CheckPod(const PodOptions& pod, json::Binder& binder);
// The names of the pod's volumes, those of overrides included.
void AppendVolumeNames(const PodOptions& pod, std::vector<std::string_view>& names);

}  // namespace coreflow::api
