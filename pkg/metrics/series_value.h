#pragma once

#include <string>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// For tests. The value of the series `NAME{LABELS}`, as it stands in the text of `registry`; "absent": there is none.
inline std::string SeriesValue(const Registry& registry, const std::string& series) {
  const std::string text = "\n" + registry.Text();
  const size_t at = text.find("\n" + series + " ");
  if (at == std::string::npos) return "absent";
  const size_t start = at + series.size() + 2;
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace coreflow::metrics
