#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/progress.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Where outputs are written: the container's termination message path.
inline constexpr char kOutputPath[] = "/coreflow/output";

// The pod of an attempt, ready to be created: one container, nothing injected, no token unless the step asks for one.
// `api_version` and `kind` name the owner. kInvalid when an expression fails or the environment is over 512 KiB; the
// message names the field.
struct PodContext {
  std::string kind;  // of the owner
  std::string pod_name;
  int64_t epoch = 0;
};
Result<json::Value> BuildPod(const Progress& progress, ItemId id, const AttemptFacts& facts, const PodContext& context);

}  // namespace coreflow::engine
