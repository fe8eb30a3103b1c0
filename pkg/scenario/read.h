#pragma once

#include <map>
#include <string>
#include <vector>

#include "pkg/cel/declarations.h"
#include "pkg/json/binder.h"
#include "pkg/scenario/scenario.h"

namespace coreflow::scenario {

// A document of a test file, or everything that is wrong with it, each problem with its path.
struct Read {
  Scenario scenario = {};
  std::vector<json::Problem> problems = {};
};
Read ReadScenario(const json::Value& document);

// The steps of a workflow, each with the names of its outputs.
using Steps = std::map<std::string, std::vector<std::string>>;

// What a scenario says of steps and outputs that there are not.
std::vector<json::Problem> ProblemsWith(const Scenario& scenario, const Steps& steps);

// What expressions in expect.that may read: `run`, the object at its end; `steps`, by name; `seconds`, of virtual time.
const cel::Declarations& ThatDeclarations();

}  // namespace coreflow::scenario
