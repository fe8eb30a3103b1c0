#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coreflow::schema {

// The name of a field as CEL rules write it: "a-b" is a__dash__b, "namespace" is __namespace__. nullopt for names that
// rules cannot write.
std::optional<std::string> EscapeName(std::string_view name);

}  // namespace coreflow::schema
