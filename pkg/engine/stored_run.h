#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pkg/base/result.h"
#include "pkg/engine/progress.h"
#include "pkg/engine/step_key.h"

namespace coreflow::engine {

// What the items of a run were given, as its records tell it.
class StoredRun {
 public:
  // `records` as stored, by index; record 0 says what the run does. kInvalid when that can't be read.
  static Result<StoredRun> Read(const RunFacts& facts, const std::map<int32_t, json::Value>& records);

  const api::ResolvedRun& source() const { return progress_->graph().source; }

  // Whether the step has ended with all its items.
  bool Ended(const std::string& step) const;
  // The element of forEach that the item is of; null: there is none, or it is not known.
  const json::Value* ValueOf(const std::string& step, int64_t item) const;
  // All that the item's result can depend on; nullopt while that is not known.
  std::optional<StepKey> GivenTo(const std::string& step, int64_t item) const;
  // The outputs of the run: [{name, value}]; nothing when they can't be had.
  json::Value Outputs() const;

 private:
  explicit StoredRun(std::unique_ptr<Progress> progress) : progress_(std::move(progress)) {}

  std::optional<int32_t> IndexOf(const std::string& step) const;

  std::unique_ptr<Progress> progress_;
};

}  // namespace coreflow::engine
