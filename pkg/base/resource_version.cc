#include "pkg/base/resource_version.h"

#include <algorithm>

namespace coreflow {
namespace {

bool WellFormed(std::string_view version) {
  return !version.empty() && version[0] != '0' &&
         std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::strong_ordering> CompareResourceVersions(std::string_view a, std::string_view b) {
  if (!WellFormed(a) || !WellFormed(b)) return std::nullopt;
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

bool IsOlderVersion(std::string_view a, std::string_view b) {
  auto order = CompareResourceVersions(a, b);
  return order && *order < 0;
}

}  // namespace coreflow
