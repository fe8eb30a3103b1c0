#include <fmt/format.h>

#include <set>

#include "pkg/api/limits.h"
#include "pkg/api/names.h"
#include "pkg/api/pod_schema.h"
#include "pkg/api/validate_parts.h"
#include "pkg/api/value_type.h"
#include "pkg/json/write.h"

namespace coreflow::api {

namespace {

using json::Binder;

void CheckDependencies(const Step& step, Binder& binder) {
  Binder::Scope scope(binder, "dependsOn");
  std::set<std::string_view> seen;
  for (size_t i = 0; i < step.depends_on.size(); ++i) {
    const std::string& name = step.depends_on[i];
    Binder::Scope element(binder, i);
    if (!IsStepName(name)) {
      binder.Report("is no name of a step: lower-case letters, digits and '-'");
    } else if (name == step.name) {
      binder.Report("a step cannot depend on itself");
    } else if (!seen.insert(name).second) {
      binder.Report(fmt::format("{} stands there twice", name));
    }
  }
}

void CheckTexts(const std::vector<std::string>& texts, const char* name, Binder& binder) {
  Binder::Scope scope(binder, name);
  for (size_t i = 0; i < texts.size(); ++i) {
    Binder::Scope element(binder, i);
    CheckText(texts[i], binder);
  }
}

// What is run: a script, or command and args.
void CheckProgram(const Step& step, Binder& binder) {
  CheckTexts(step.command, "command", binder);
  CheckTexts(step.args, "args", binder);
  CheckTexts(step.interpreter, "interpreter", binder);
  if (!step.interpreter.empty() && !step.script) {
    Binder::Scope scope(binder, "interpreter");
    binder.Report("is for a script, and this step has none");
  }
  if (!step.script) return;
  Binder::Scope scope(binder, "script");
  CheckText(*step.script, binder);
  if (!step.command.empty() || !step.args.empty())
    binder.Report("not together with command and args: use one of the two");
  if (step.script->size() > limits::kScriptBytes) {
    binder.Report(fmt::format("has {} bytes, at most {} are allowed", step.script->size(), limits::kScriptBytes));
  }
}

void CheckStepParameters(const Step& step, const StepContext& context, Binder& binder) {
  Binder::Scope scope(binder, "parameters");
  std::vector<std::string_view> names;
  for (const StepParameter& parameter : step.parameters) names.push_back(parameter.name);
  CheckParameterNames(names, "parameter", binder);
  std::set<std::string_view> known(context.parameters.begin(), context.parameters.end());
  for (size_t i = 0; i < step.parameters.size(); ++i) {
    const StepParameter& parameter = step.parameters[i];
    Binder::Scope element(binder, i);
    if (!parameter.value.IsNull()) {
      Binder::Scope value(binder, "value");
      CheckValueSize(parameter.value, binder);
    } else if (known.count(parameter.name) == 0) {
      Binder::Scope name(binder, "name");
      binder.Report(fmt::format("the run has no parameter {}, and there is no value{}", parameter.name,
                                binder.Suggest(parameter.name, context.parameters)));
    }
  }
}

void CheckStepOutputs(const Step& step, Binder& binder) {
  Binder::Scope scope(binder, "outputs");
  std::vector<std::string_view> names;
  for (const OutputDeclaration& output : step.outputs) names.push_back(output.name);
  CheckParameterNames(names, "output", binder);
}

// The template of a Job is a step without what puts a step into a graph.
void CheckTemplate(const Step& step, Binder& binder) {
  auto refuse = [&](const char* name, bool there) {
    Binder::Scope scope(binder, name);
    if (there) binder.Report("a Job's template has no such field; use a Workflow for it");
  };
  refuse("name", !step.name.empty());
  refuse("dependsOn", !step.depends_on.empty());
  refuse("runAfter", step.run_after.has_value());
  refuse("when", step.when.has_value());
  refuse("forEach", step.for_each.has_value());
  refuse("parameters", !step.parameters.empty());
  refuse("inputs", step.inputs.has_value());
  refuse("continueOnFailure", step.continue_on_failure.has_value());
}

void CheckVolumes(const Step& step, const StepContext& context, Binder& binder) {
  std::vector<std::string_view> volumes;
  // A list in the step's pod replaces that of defaults.
  bool own = step.pod && !step.pod->volumes.IsNull();
  if (step.pod) AppendVolumeNames(*step.pod, volumes);
  if (!own && context.defaults.pod) AppendVolumeNames(*context.defaults.pod, volumes);
  Binder::Scope scope(binder, "volumeMounts");
  CheckVolumeMounts(step.volume_mounts, volumes, binder);
}

}  // namespace

void CheckStep(const Step& step, const StepContext& context, Binder& binder) {
  if (context.template_of_job) CheckTemplate(step, binder);
  CheckDependencies(step, binder);
  CheckProgram(step, binder);
  CheckInheritable({step.image, step.env, step.resources, step.retry_policy, step.pod}, binder);
  if (!step.image && !context.defaults.image) {
    Binder::Scope scope(binder, "image");
    binder.Report(context.template_of_job ? "required" : "required: set it here or in .spec.defaults.image");
  }
  {
    Binder::Scope scope(binder, "envFrom");
    CheckEnvFrom(step.env_from, binder);
  }
  {
    Binder::Scope scope(binder, "ports");
    CheckPodList("ContainerPort", step.ports, binder);
  }
  CheckVolumes(step, context, binder);
  CheckStepParameters(step, context, binder);
  CheckStepOutputs(step, binder);
  CheckArtifacts(step, binder);
}

}  // namespace coreflow::api
