#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/engine/courier_setup.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/progress.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Where outputs are written: the container's termination message path.
inline constexpr char kOutputPath[] = "/coreflow/output";

// Text that is to arrive as it is: the kubelet would expand $(NAME) and $$.
std::string Literal(const std::string& text);

// The pod of an attempt, ready to be created: one container, no token unless the step asks for one, and nothing
// injected but for a step with artifacts (AddCourier). kInvalid when an expression fails, the environment is over 512
// KiB, or the step has artifacts and there is no store; the message names the field.
struct PodContext {
  std::string kind;  // of the owner
  std::string pod_name;
  int64_t epoch = 0;
  const CourierSetup* courier = nullptr;  // null: there is no store
};
Result<json::Value> BuildPod(const Progress& progress, ItemId id, const AttemptFacts& facts, const PodContext& context);

}  // namespace coreflow::engine
