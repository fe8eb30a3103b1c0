#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/program.h"
#include "pkg/schema/parse.h"

namespace coreflow::schema {

// One rule of x-kubernetes-validations, compiled.
struct Rule {
  cel::Program program;
  std::optional<cel::Program> message_program{};
  std::string text{};        // the rule, trimmed
  std::string message{};     // trimmed; empty: none
  std::string reason{};      // "FieldValueForbidden"; empty: none
  std::string field_path{};  // below the rule's own field: "spec.name"; empty: the field itself
  bool reads_old = false;
  bool optional_old = false;  // runs, with an empty oldSelf, also where there was no value before
};

struct RuleSet {
  std::vector<Rule> rules{};
  const Node* seen_as = nullptr;  // whose types self has: the rules' own node, or the one around an allOf
};

// Compiles all rules of a resource's schema and puts them into its nodes. kInvalid, with all problems, when one does
// not compile.
Result<void> CompileRules(Nodes& nodes, const Node& root);

}  // namespace coreflow::schema
