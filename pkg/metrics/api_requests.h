#pragma once

#include <string_view>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// Counts requests to the API server. Thread-safe; a series exists once it was counted.
class ApiRequests {
 public:
  explicit ApiRequests(Registry& registry);

  // As OperatorMetrics::ApiRequest.
  void Count(std::string_view verb, std::string_view resource, int status);

 private:
  Family<Counter> requests_;
};

}  // namespace coreflow::metrics
