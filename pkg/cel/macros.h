#pragma once

#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/ast.h"

namespace coreflow::cel {

// Turns a call of the parser into what it stands for: has(a.b), range.all(x, …), exists, exists_one, map and filter.
// Any other call, and one with another number of arguments, comes back as a plain Call. kInvalid says how the macro
// is used. The target, if it is a member call, is args[0].
Result<Node> ExpandMacro(std::string_view function, bool member, std::vector<ExprPtr> args);

}  // namespace coreflow::cel
