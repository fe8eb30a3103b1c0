#include "pkg/apiserver/json_path.h"

#include <algorithm>
#include <string>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

constexpr std::string_view kFilter = "?(@.";

// What stands in brackets: a number, or ?(@.member=="text").
json::Value Pick(const json::Value& list, std::string_view choice) {
  const auto& elements = list.Elements();
  if (choice.substr(0, kFilter.size()) != kFilter) {
    const int64_t index = ParseDecimal(choice);
    return index < 0 || index >= static_cast<int64_t>(elements.size()) ? json::Value()
                                                                       : elements[static_cast<size_t>(index)];
  }
  choice.remove_prefix(kFilter.size());
  const size_t equals = choice.find("==");
  if (equals == std::string_view::npos || choice.size() < equals + 5) return {};
  const std::string_view member = choice.substr(0, equals);
  const std::string_view text = choice.substr(equals + 3, choice.size() - equals - 5);
  const auto found = std::ranges::find_if(
      elements, [&](const json::Value& one) { return one[member].IsString() && one[member].AsString() == text; });
  return found == elements.end() ? json::Value() : *found;
}

}  // namespace

json::Value FindByPath(const json::Value& object, std::string_view path) {
  json::Value at = object;
  while (!path.empty()) {
    const bool bracket = path.front() == '[';
    if (!bracket && path.front() != '.') return {};
    path.remove_prefix(1);
    const size_t end = bracket ? path.find(']') : std::min(path.find_first_of(".["), path.size());
    if (end == std::string_view::npos) return {};
    at = bracket ? Pick(at, path.substr(0, end)) : at[path.substr(0, end)];
    path.remove_prefix(bracket ? end + 1 : end);
  }
  return at;
}

}  // namespace coreflow::apiserver
