#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Finds parts of a JSON text without understanding the rest: for texts that json::Parse refuses (nested too deep, bad
// UTF-8), of which something must be said all the same. Neither recursion nor allocation by depth. On text that is no
// JSON the answers are arbitrary, but inside the text.
namespace coreflow::kube {

// The text of the member's value when `object` is an object that has it; the first of several.
std::optional<std::string_view> RawMember(std::string_view object, std::string_view name);

// The texts of an array's elements, all of them: nullopt when it is no array, or is cut.
std::optional<std::vector<std::string_view>> RawElements(std::string_view array);

// The member, when it is a string that json::Parse can read; else empty.
std::string RawString(std::string_view object, std::string_view name);

}  // namespace coreflow::kube
