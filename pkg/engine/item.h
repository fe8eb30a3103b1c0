#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "pkg/api/reasons.h"
#include "pkg/artifact/artifact.h"
#include "pkg/artifact/usage.h"
#include "pkg/base/time.h"
#include "pkg/engine/cache_verdict.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Where a step or one of its items stands.
enum class State : uint8_t { kPending, kRunning, kRetrying, kSucceeded, kFailed, kSkipped, kOmitted, kStopped };
inline constexpr int kStates = 8;

const char* StateName(State state);
// The state with that name, if it is one that a step or item ends in.
std::optional<State> ParseEndState(const std::string& name);
inline bool HasEnded(State state) { return state >= State::kSucceeded; }

// An item of a step, both by their indexes; the only item of a step without forEach is 0.
struct ItemId {
  int32_t step = 0;
  int32_t item = 0;

  auto operator<=>(const ItemId&) const = default;
};

// How an item ended: what a record keeps of it.
struct ItemResult {
  State state = State::kSucceeded;
  api::Reason reason = api::Reason::kSucceeded;
  std::string message = {};
  int32_t attempts = 0;
  std::optional<int32_t> exit_code = {};
  json::Object outputs = {};
  artifact::Artifacts artifacts = {};
  std::optional<artifact::Usage> usage = {};  // of the last attempt, where coreflow-exec ran its command
  std::optional<Time> start_time = {};
  std::optional<Time> completion_time = {};
  std::string pod_name = {};
  std::string node_name = {};
  std::optional<CacheVerdict> cache = {};  // of a step that has a cache

  bool operator==(const ItemResult&) const = default;
};

}  // namespace coreflow::engine
