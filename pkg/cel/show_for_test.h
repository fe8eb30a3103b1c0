#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pkg/cel/program.h"

// How the tests beside say what an expression does.
namespace coreflow::cel {

// An expression and what it shows: a table of these is a page of the language's manual.
struct Example {
  std::string expression;
  std::string shows;
};

inline void PrintTo(const Example& example, std::ostream* out) { *out << example.expression; }

inline std::string ShowProblems(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    out += (out.empty() ? "" : "\n") + std::to_string(problem.offset) + ": " + problem.message;
  }
  return out;
}

// The value as it would be written, or "problem …" or "error …".
inline std::string Show(std::string_view expression, const Declarations& declarations = {},
                        const Activation& activation = MapActivation({}), const Limits& limits = {}) {
  Compilation compilation = Compile(expression, declarations);
  if (!compilation) return "problem " + ShowProblems(compilation.problems);
  auto value = compilation.program->Evaluate(activation, limits);
  return value ? testing::PrintToString(*value) : "error " + value.error().message;
}

}  // namespace coreflow::cel
