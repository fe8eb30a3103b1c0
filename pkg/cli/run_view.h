#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/artifact/artifact.h"
#include "pkg/artifact/usage.h"
#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/engine/cache_verdict.h"
#include "pkg/json/value.h"

// A run as people look at it: what the object's status says, completed by its records and pods. Reads nothing itself.
namespace coreflow::cli {

using api::ItemState;

// One item of a step; a step without forEach is one item.
struct ItemView {
  std::optional<int64_t> index = {};
  ItemState state = ItemState::kPending;
  std::string reason = {};
  std::string message = {};
  int64_t attempt = 0;  // how many there were; 0 before the first
  std::string pod = {};
  std::string node = {};
  std::optional<int64_t> exit_code = {};
  json::Value outputs = {};
  artifact::Artifacts artifacts = {};
  std::optional<artifact::Usage> usage = {};  // of the last attempt, where it is known
  std::optional<Time> start = {};
  std::optional<Time> end = {};
  std::optional<engine::CacheVerdict> cache = {};
};

struct StepView {
  std::string name = {};
  bool in_finally = false;
  bool has_items = false;              // forEach, or a Job of several completions
  std::vector<size_t> parents = {};    // in RunView::steps: what it depends on, by dependsOn or by expressions
  std::vector<ItemView> items = {};    // those that are known, by index: what has not started may be missing
  std::array<int64_t, 8> counts = {};  // of `items`, by ItemState

  // Of all items together: what goes on as long as something does, then the worst end.
  ItemState state = ItemState::kPending;
  std::string reason = {};
  std::string message = {};
  std::optional<Time> start = {};
  std::optional<Time> end = {};  // of the last item, once all known ones have ended

  int64_t Count(ItemState of) const { return counts[static_cast<size_t>(of)]; }
};

struct RunView {
  std::string kind = {};
  std::string ns = {};
  std::string name = {};
  int64_t number = 0;  // of the run; 0 before the first
  std::string state = {};
  std::string reason = {};
  std::string message = {};
  std::string progress = {};
  std::optional<Time> start = {};
  std::optional<Time> end = {};
  bool over = false;  // it has ended, and no other run is asked for
  std::vector<api::RecordedArgument> arguments = {};
  std::vector<StepView> steps = {};  // as written, those of finally last

  // Null when there is none.
  const StepView* Find(std::string_view step) const;
};

// `records` and `pods` may be of any run of the object: those of others are passed over, as is what can't be read.
RunView ViewOf(const json::Value& object, const std::vector<json::Value>& records,
               const std::vector<json::Value>& pods);

// kNotFound, with the name that may be meant, when a step was named that the run does not have.
Result<void> CheckStep(const RunView& view, const std::string& named);

bool IsEnded(ItemState state);

// Whether the object says how its latest spec, or the run that was asked for last, has ended.
bool IsOver(const json::Value& object);

// The annotation that asks for one more run.
inline constexpr char kRunRequestedAt[] = "coreflow.dev/run-requested-at";
// The annotation that says which run that one continues.
inline constexpr char kRetryFrom[] = "coreflow.dev/retry-from";

}  // namespace coreflow::cli
