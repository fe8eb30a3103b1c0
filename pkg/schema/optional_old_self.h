#pragma once

#include <string>
#include <string_view>

namespace coreflow::schema {

// Variables that stand for an optional oldSelf in a rewritten rule: whether there is one, and what it is.
inline constexpr std::string_view kHasOldSelf = "__oldSelf_hasValue";
inline constexpr std::string_view kOldSelfValue = "__oldSelf_value";

// A rule with optionalOldSelf, without optional values, which pkg/cel does not have: oldSelf.hasValue(),
// oldSelf.value() and oldSelf.orValue(x) become expressions of the two variables above. What else the rule does with
// oldSelf stays, and does not compile.
std::string RewriteOptionalOldSelf(std::string_view rule);

}  // namespace coreflow::schema
