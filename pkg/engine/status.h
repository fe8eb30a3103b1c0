#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/api/reasons.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/run.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// What status.run keeps of the run that is or was the last.
struct RunInfo {
  int32_t number = 0;  // 0: there was none
  std::string digest = {};
  Time start_time = {};
  RunEnding ending = RunEnding::kNone;
  std::string result = {};  // Succeeded, Failed or Stopped once it has ended
  std::string reason = {};  // the token of why; empty until then
  std::optional<Time> completion_time = {};
  std::string requested_at = {};  // ObjectView::run_requested_at as the run found it
  std::string retry_from = {};    // the run that it continues, with its number
  int64_t reused = 0;             // results that it has from there

  bool operator==(const RunInfo&) const = default;
};
RunInfo ParseRunInfo(const json::Value& status);
json::Value ToJson(const RunInfo& info);

// Where an object stands, in the words that people see.
struct Standing {
  std::string state = "Pending";  // status.state
  api::Reason reason = api::Reason::kPendingEvaluation;
  std::string message = {};
};

// Of a run that goes on.
Standing StandingOf(const Run& run);
// Of a run whose steps have all ended.
Standing ResultOf(const Run& run);

// The conditions for a standing, each with the generation it speaks of. lastTransitionTime is kept from `before` where
// the status of a condition has not changed.
json::Value Conditions(const Standing& standing, int64_t generation, const json::Value& before, Time now);

// Adds the condition that says that there is no fence (Term::fenced) to status.conditions; `before` as above.
void AddNotFenced(const json::Value& before, int64_t generation, Time now, json::Object& status);

// status.steps, counts and progress of a run: a view for people, at most 100 live and failed items.
void AddProgress(const Run& run, json::Object& status);

// status.outputs of a run, or the reason why they can't be had.
Result<json::Value> RunOutputs(const Progress& progress);

}  // namespace coreflow::engine
