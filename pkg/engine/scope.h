#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/cel/program.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

class Progress;

// What one evaluation of a run may cost; it happens on the thread that owns all runs.
inline constexpr cel::Limits kLimits = {.cost = 1'000'000};

// The values that expressions of a step see: params, steps, workflow, and item and index where there are items. Made
// for one evaluation; progress and item outlive it. Values of steps are computed when they are read.
class Scope : public cel::Activation {
 public:
  // `step` is -1 for the outputs of the run. `item` is the element of forEach, or null where there is none.
  Scope(const Progress& progress, int32_t step, std::optional<int32_t> index, const json::Value* item);

  std::optional<cel::Value> Find(std::string_view name) const override;

 private:
  const Progress& progress_;
  const int32_t step_;
  const std::optional<int32_t> index_;
  const json::Value* const item_;
};

// The values that retryPolicy.when sees.
class RetryScope : public cel::Activation {
 public:
  RetryScope(const Progress& progress, int32_t exit_code, std::string reason, int32_t attempt)
      : progress_(progress), exit_code_(exit_code), reason_(std::move(reason)), attempt_(attempt) {}

  std::optional<cel::Value> Find(std::string_view name) const override;

 private:
  const Progress& progress_;
  const int32_t exit_code_;
  const std::string reason_;
  const int32_t attempt_;
};

}  // namespace coreflow::engine
