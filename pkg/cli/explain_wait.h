#pragma once

#include <string>
#include <vector>

#include "pkg/api/reasons.h"
#include "pkg/base/time.h"
#include "pkg/cli/events.h"
#include "pkg/cli/run_view.h"
#include "pkg/engine/pod_view.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// Why a run or a step is as it is: one reason of the closed list, with the figures at hand and what to do next.
struct Explanation {
  std::string subject = {};  // "word-count", "step count[3]"
  std::string state = {};
  api::Reason reason = api::Reason::kPendingEvaluation;
  std::string message = {};                // with the numbers
  std::vector<std::string> evidence = {};  // what else is known: attempts, waits of others, events
  std::vector<std::string> next = {};      // commands, without the program's name; or a sentence
};

// What the explanations are made from.
struct Facts {
  const RunView& view;
  const json::Value& object;
  const std::vector<engine::PodView>& pods;
  const std::vector<EventLine>& events;  // of the object
  Time now = {};
};

// Of the run as a whole: the step that decides, if one does.
Explanation WhyRun(const Facts& facts);

// Of one step; `step` is of facts.view.
Explanation WhyStep(const Facts& facts, const StepView& step);

}  // namespace coreflow::cli
