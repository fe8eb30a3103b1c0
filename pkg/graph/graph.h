#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/api/resolve.h"
#include "pkg/base/time.h"
#include "pkg/cel/program.h"
#include "pkg/graph/scope.h"
#include "pkg/graph/templated.h"
#include "pkg/graph/value_type.h"

namespace coreflow::graph {

using api::RunAfter;

// What a failed attempt is answered with. Durations and limits are checked and complete.
struct RetryPolicy {
  int32_t limit = 0;
  int32_t infrastructure_limit = 3;
  Duration backoff{};
  int32_t backoff_factor_percent = 200;
  Duration max_backoff{};
  bool on_failure = true;
  bool on_out_of_memory = true;
  bool on_timeout = true;
  std::optional<cel::Program> when;  // bool; sees exitCode, reason, attempt
};

// How the step cache is used for a step.
struct CachePolicy {
  bool refresh = false;             // nothing is looked for, only kept
  std::optional<Duration> max_age;  // of a result that is taken
};

using OutputArtifact = api::ResolvedOutputArtifact;

// A place in the step's container for what other steps left.
struct InputArtifact {
  std::string name;
  std::string path;
  cel::Program from;  // TypeOfArtifact() or a list of those
  bool list = false;
  bool optional = false;
};

// A parameter as the step sees it: the value, with its expressions compiled.
struct StepParameter {
  std::string name;
  TemplatedValue value;
};

struct Step {
  std::string name;
  bool in_finally = false;
  std::vector<int> parents;   // indexes in Graph::steps, ascending: dependsOn and what its expressions read
  std::vector<int> children;  // the other direction
  RunAfter run_after = RunAfter::kSucceeded;
  std::optional<cel::Program> when;    // bool
  std::optional<cel::Program> items;   // list; with it, or with `completions`, the step has items
  std::optional<int32_t> completions;  // of a Job: so many items, without values
  int32_t parallelism = 0;             // most items at once; 0: no limit
  int32_t max_failed_items = 0;        // of a Job: more failed ones end it
  RetryPolicy retry;
  Duration timeout{};  // of an attempt, from the start of its container; 0: none
  bool continue_on_failure = false;
  std::optional<CachePolicy> cache;  // none: it always runs
  std::vector<OutputDeclaration> outputs;
  std::vector<InputArtifact> input_artifacts;
  std::vector<OutputArtifact> output_artifacts;
  std::vector<StepParameter> parameters;
  TemplatedValue container;       // the fields that make up the pod, as the API has them; scripts are not looked into
  StepTypes types;                // of the step, as expressions see it
  bool outputs_are_read = false;  // or its artifacts, by an expression anywhere in the graph

  bool large_outputs = false;  // they may be larger than what a pod's status keeps
  bool archive_logs = false;   // what its command prints is kept in the artifact store

  // Its command is run by coreflow-exec.
  bool IsExecuted() const { return large_outputs || archive_logs || !output_artifacts.empty(); }
  // Something of CoreFlow runs beside it.
  bool HasCourier() const { return IsExecuted() || !input_artifacts.empty(); }

  bool HasItems() const { return items.has_value() || completions.has_value(); }
};

struct RunOutput {
  std::string name;
  cel::Program value;
};

// A Workflow or Job, checked and ready to run: steps in the order in which they were written, finally steps after the
// others. Immutable; shared by reference.
struct Graph {
  api::ResolvedRun source;
  std::vector<Step> steps;
  std::map<std::string, int32_t, std::less<>> by_name;             // indexes in `steps`
  std::map<std::string, int32_t, std::less<>> by_expression_name;  // the same
  int32_t first_finally = 0;  // index of the first step of finally; steps.size() when there is none
  std::vector<RunOutput> outputs;
  cel::Type parameters_type;
  cel::Type steps_type;
  std::map<std::string, json::Value, std::less<>> parameters;  // of the run, by name
};

// Checks what only the whole can tell: names of steps that do not exist, cycles, expressions and their types. Gives
// the graph, or every problem with the path of its field. `problems` is empty exactly when `graph` is set.
struct Compiled {
  std::shared_ptr<const Graph> graph = {};
  std::vector<json::Problem> problems = {};
};
Compiled Compile(api::ResolvedRun run);

}  // namespace coreflow::graph
