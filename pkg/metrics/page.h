#pragma once

#include <string>
#include <string_view>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// The part of docs/metrics.md that is made from the registry: one section a metric, with its type, its labels and all
// their values.
std::string MetricSections(const Registry& registry);

// `page` with what stands between the lines `<!-- metrics -->` and `<!-- end of metrics -->` replaced by `sections`;
// empty when it lacks one of them.
std::string SplicePage(std::string_view page, std::string_view sections);

}  // namespace coreflow::metrics
