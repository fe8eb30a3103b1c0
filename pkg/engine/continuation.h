#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/api/run_name.h"
#include "pkg/api/types.gen.h"
#include "pkg/base/result.h"
#include "pkg/engine/action.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/reuse.h"

namespace coreflow::engine {

// The run that the next run of an object is to continue, by the annotation that goes with the request for it; nullopt:
// none. Errors: kInvalid, when the annotation can't be understood.
Result<std::optional<api::RetryFrom>> RequestedRetryFrom(const ObjectView& object);

// Begins a run that continues an earlier one: asks for that one, and stores what can be taken from it as results of the
// new run, before anything of that starts. What is stored stands; one that is made anew goes on from there.
class Continuation {
 public:
  void Observe(const RunLookedUp& answer);

  // The run, once the answer is there; asks for it once. Of one that can't be continued only `problem` says something.
  struct Found {
    std::string problem = {};
    api::RunName run = {};
  };
  std::optional<Found> LookUp(const api::RunName& run, Actions& actions);

  // `records`: what is stored of the new run, record 0 with what it continues among them. True once nothing is left to
  // be stored; until then what is to be done for it stands in `actions`.
  bool Store(const std::map<int32_t, json::Value>& records, const RunFacts& facts, Time now, Actions& actions);

 private:
  std::unique_ptr<Recorder> Plan(const std::map<int32_t, json::Value>& records, const RunFacts& facts, Time now) const;

  std::optional<api::RunName> asked_;
  std::optional<RunLookedUp> answer_;
  std::unique_ptr<Recorder> recorder_;
};

}  // namespace coreflow::engine
