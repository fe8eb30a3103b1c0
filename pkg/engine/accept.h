#pragma once

#include <cstdint>
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

// The body of record 0, and what it pins. `from`: the run that this one continues, by its number. kForbidden: a newer
// CoreFlow wrote it.
json::Value PinnedBody(int32_t run, const std::string& digest, const api::ResolvedRun& source,
                       const std::optional<api::RetryFrom>& from);
Result<api::ResolvedRun> ReadPinned(const json::Value& body);

}  // namespace coreflow::engine
