#pragma once

#include <vector>

#include "pkg/cel/ast.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

// What a checked tree reads of its variables. See Program::References().
std::vector<Reference> CollectReferences(const Expr& expr);

}  // namespace coreflow::cel
