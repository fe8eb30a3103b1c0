#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// A label whose values are the names of the codes of errors, and these.
inline Label CodeLabel(std::string name, std::vector<std::string> more = {}) {
  Label label = {.name = std::move(name), .values = std::move(more)};
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    label.values.emplace_back(CodeName(static_cast<Code>(code)));
  }
  return label;
}

}  // namespace coreflow::metrics
