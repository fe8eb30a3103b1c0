#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/api/resolve.h"
#include "pkg/base/result.h"
#include "pkg/engine/observation.h"
#include "pkg/graph/graph.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// A spec, checked as a whole: the graph that would run, or every problem. Exactly one of the two is there.
struct Accepted {
  std::shared_ptr<const graph::Graph> graph = {};
  std::vector<json::Problem> problems = {};
};
Accepted Accept(Kind kind, const json::Value& spec, const std::string& name, const std::string& namespace_name);

// All problems in one message, as far as they fit: ".spec.steps[0].image: …; .spec.steps[1].when: …".
std::string DescribeProblems(const std::vector<json::Problem>& problems);

// What acts at once, from a spec that may have any problem; times are within what the API allows.
api::RunControls ControlsOf(Kind kind, const json::Value& spec);
api::OnChange OnChangeOf(Kind kind, const json::Value& spec);

// The body of record 0. `from`: the run that this one continues, by its number. `traceparent`: of the trace that it is
// part of; empty where it begins one, or none is kept. Stands as spec.traceparent, which earlier operators overlook.
json::Value PinnedBody(int32_t run, const std::string& digest, const api::ResolvedRun& source,
                       const std::optional<api::RetryFrom>& from, const std::string& traceparent);

// What a run does, by its records. kForbidden: a newer CoreFlow wrote them; kInvalid: record 0 is gone or can't be
// used.
Result<std::shared_ptr<const graph::Graph>> CompilePinned(const std::map<int32_t, json::Value>& records);

}  // namespace coreflow::engine
