#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/engine/progress.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/step_key.h"
#include "pkg/graph/graph.h"

namespace coreflow::engine {

// What an earlier run has finished, by what it computed.
class EarlierRun {
 public:
  // `records` as stored, by index; record 0 says what the run did. kInvalid when that can't be read. `outputs`: the
  // large ones by their digests; an item whose own are missing is not to be taken.
  static Result<EarlierRun> Read(const RunFacts& facts, const std::map<int32_t, json::Value>& records,
                                 const std::map<std::string, std::string>& outputs);

  // The result of an item of the step that succeeded with this key; null: there is none.
  const ItemResult* Find(const std::string& step, const StepKey& key) const;
  // Why there is none for this item, in words: what has changed since, or that it did not succeed.
  std::string WhyNone(const std::string& step, int32_t item, const StepKey& key) const;

 private:
  explicit EarlierRun(std::unique_ptr<Progress> progress) : progress_(std::move(progress)) {}

  std::unique_ptr<Progress> progress_;   // only what succeeded: what else there was is for the new run to find out
  std::set<std::string> lacks_outputs_;  // steps with an item whose large outputs are missing
  std::map<std::string, std::map<std::string, ItemResult>> results_;  // by step, and digest of the key
};

// What a step of the new run takes from the earlier one.
struct StepReuse {
  std::string step;
  int32_t reused = 0;                 // items
  std::optional<int32_t> to_run = 0;  // items; nullopt: how many is not known before others have run
  std::string because = {};           // why it runs, or part of it; empty where nothing does

  bool operator==(const StepReuse&) const = default;
};

// Goes through a run that has not begun as if everything that can be taken from an earlier run were there: an item is
// taken when it is unchanged and succeeded there, and all that its step comes after was taken too. Nothing of `finally`
// is taken, and nothing of the steps in `again`.
struct Reuse {
  std::vector<RecordItem> taken = {};  // in an order in which no item stands before what it depends on
  std::vector<StepReuse> steps = {};   // all, in the order of the spec
};
Reuse PlanReuse(const std::shared_ptr<const graph::Graph>& graph, const RunFacts& facts, const EarlierRun& earlier,
                const std::set<std::string>& again);

}  // namespace coreflow::engine
