#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace coreflow {

// Orders two resourceVersions of one resource type, as KEP-5504 allows since Kubernetes 1.35: decimal numbers of any
// length, without leading zeros. nullopt when either is something else ("", "0", letters): the order is then unknown,
// which is never a reason to call an object stale.
std::optional<std::strong_ordering> CompareResourceVersions(std::string_view a, std::string_view b);

// Whether `a` is known to be older than `b`.
bool IsOlderVersion(std::string_view a, std::string_view b);

}  // namespace coreflow
