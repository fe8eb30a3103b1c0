#pragma once

#include "pkg/base/result.h"
#include "pkg/engine/filled_step.h"
#include "pkg/engine/progress.h"
#include "pkg/engine/step_key.h"

namespace coreflow::engine {

// The key of an item whose step is ready to start, or has ended. Errors as FillStep().
Result<StepKey> KeyOf(const Progress& progress, ItemId id);
// The same, of what was filled in already.
StepKey KeyOf(const FilledStep& filled, const graph::Step& step, int32_t item);

}  // namespace coreflow::engine
