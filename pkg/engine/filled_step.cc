#include "pkg/engine/filled_step.h"

#include <fmt/format.h>

#include <optional>

#include "pkg/cel/json.h"
#include "pkg/engine/scope.h"

namespace coreflow::engine {

namespace {

Result<artifact::Artifact> ArtifactOf(const json::Value& value, const std::string& name) {
  json::Object named = value.Members();
  named["name"] = name;
  artifact::Artifacts read = artifact::ReadArtifacts(json::Array{std::move(named)});
  if (read.empty()) return Error{.code = Code::kInternal, .message = "an artifact has lost its digest"};
  return std::move(read.begin()->second);
}

Result<FilledInput> FillInput(const graph::InputArtifact& input, const Scope& scope) {
  FilledInput filled{.source = &input};
  const auto value = input.from.Evaluate(scope, kLimits);
  if (!value && input.optional && value.error().code == Code::kNotFound) return filled;
  if (!value) return Error{.code = value.error().code, .message = "input " + input.name + ": " + value.error().message};
  TRY(const json::Value plain, cel::ToJson(*value));
  const json::Array one = {plain};
  for (const json::Value& element : input.list ? plain.Elements() : one) {
    TRY(artifact::Artifact artifact, ArtifactOf(element, input.name));
    filled.artifacts.push_back(std::move(artifact));
  }
  return filled;
}

}  // namespace

Result<FilledStep> FillStep(const Progress& progress, ItemId id) {
  const graph::Step& step = progress.definition(id.step);
  const auto& run = progress.graph().source;
  const auto& values = progress.step(id.step).values;
  if (step.items && static_cast<size_t>(id.item) >= values.size()) {  // somebody made a pod that stands for no item
    return Error{.code = Code::kInvalid, .message = fmt::format("forEach has no item {}", id.item)};
  }
  FilledStep filled;
  filled.source = step.in_finally ? &run.finally[static_cast<size_t>(id.step - progress.graph().first_finally)]
                                  : &run.steps[static_cast<size_t>(id.step)];
  filled.item = step.items ? &values[static_cast<size_t>(id.item)] : nullptr;
  const Scope scope(progress, id.step, step.HasItems() ? std::optional(id.item) : std::nullopt, filled.item);
  TRY(filled.fields, step.container.Fill(scope));
  for (const graph::StepParameter& parameter : step.parameters) {
    TRY(json::Value value, parameter.value.Fill(scope));
    filled.parameters.emplace_back(parameter.name, std::move(value));
  }
  for (const graph::InputArtifact& input : step.input_artifacts) {
    TRY(FilledInput filled_input, FillInput(input, scope));
    filled.inputs.push_back(std::move(filled_input));
  }
  return filled;
}

}  // namespace coreflow::engine
