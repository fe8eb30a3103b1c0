#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pkg/api/resolve.h"
#include "pkg/artifact/artifact.h"
#include "pkg/base/result.h"
#include "pkg/engine/progress.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// What one input of a step is for an item.
struct FilledInput {
  const graph::InputArtifact* source = nullptr;
  std::vector<artifact::Artifact> artifacts = {};  // none: an empty list, or an optional one that is not there
};

// An item of a step with the values of its expressions in their places: what its pod is made of, and what its result
// can depend on. Refers to the Progress it was made from.
struct FilledStep {
  const api::ResolvedStep* source = nullptr;
  json::Value fields = {};                                           // image, command, env, pod … as the API has them
  std::vector<std::pair<std::string, json::Value>> parameters = {};  // what the step sees, in the order it lists them
  std::vector<FilledInput> inputs = {};
  const json::Value* item = nullptr;  // the element of forEach; null where there is none
};

// kInvalid when an expression fails (the message names the field), or when the step has no such item.
Result<FilledStep> FillStep(const Progress& progress, ItemId id);

}  // namespace coreflow::engine
