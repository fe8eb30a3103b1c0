#pragma once

#include <string>
#include <vector>

#include "pkg/cel/declarations.h"
#include "pkg/cel/type.h"
#include "pkg/graph/value_type.h"

namespace coreflow::graph {

// What expressions of a graph may read, as types. The engine gives the values: see engine/scope.h.

// The types of one step as others read it: steps.<name>.
struct StepTypes {
  // status, reason, exitCode, attempts, outputs, artifacts, items, total, succeeded, failed, skipped
  cel::Type step;
  cel::Type outputs;         // of the step: for one with items, each is a list of the values of its succeeded items
  cel::Type artifacts;       // likewise
  cel::Type item;            // an element of items: status, reason, exitCode, attempts, outputs, artifacts
  cel::Type item_outputs;    // of one item
  cel::Type item_artifacts;  // of one item
};

// steps.<name>.artifacts.<name>: digest ("sha256:…"), bytes, archive.
cel::Type TypeOfArtifact();

// The name that stands for a step in expressions: a dash is written as an underscore.
std::string ExpressionName(const std::string& step);

StepTypes TypesOfStep(const std::string& name, const std::vector<OutputDeclaration>& outputs,
                      const std::vector<api::ResolvedOutputArtifact>& artifacts, bool has_items);

// params.<name>
cel::Type TypeOfParameters(const std::vector<OutputDeclaration>& parameters);

// workflow.<name>; `in_finally` adds status and failures.
cel::Type TypeOfWorkflow(bool in_finally);
cel::Type TypeOfFailure();  // an element of workflow.failures: step, index, reason, message

// The CEL type of a declared parameter or output.
cel::Type TypeOf(ValueType type);

}  // namespace coreflow::graph
