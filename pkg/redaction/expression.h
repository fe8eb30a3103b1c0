#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coreflow::redaction {

// A CEL expression with each literal text in it replaced by "…", and without comments: what it computes with shows,
// what it compares with does not. nullopt for what can't be split into tokens.
std::optional<std::string> WithoutTexts(std::string_view expression);

}  // namespace coreflow::redaction
