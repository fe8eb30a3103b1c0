#include "pkg/engine/filled_step.h"

#include <fmt/format.h>

#include <optional>

#include "pkg/engine/scope.h"

namespace coreflow::engine {

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
  return filled;
}

}  // namespace coreflow::engine
