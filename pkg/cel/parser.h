#pragma once

#include <string_view>

#include "pkg/cel/ast.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

// The tree of an expression, or the first thing that is wrong with its syntax.
std::variant<ExprPtr, Problem> Parse(std::string_view text);

}  // namespace coreflow::cel
