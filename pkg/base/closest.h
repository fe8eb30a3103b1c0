#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow {

// The candidate that a misspelt word most likely meant: the one with the fewest letters changed, if those are few
// for its length; upper and lower case count as the same, and so do - and _. nullopt when none is near. Words of more
// than 64 letters are near to nothing, and only the first 1,000 candidates are looked at, so that it stays quick for
// input from anybody.
std::optional<std::string_view> Closest(std::string_view word, const std::vector<std::string_view>& candidates);

// `; did you mean "retryPolicy"?`, to be appended to a message, or nothing.
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace coreflow
