#pragma once

#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::apiserver {

// The first value that a JSONPath of a CRD's printer columns finds: ".status.state", ".spec.steps[0].name",
// ".status.conditions[?(@.type==\"Ready\")].reason". Null when there is none, or for any other syntax.
json::Value FindByPath(const json::Value& object, std::string_view path);

}  // namespace coreflow::apiserver
