#pragma once

#include <string_view>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// How the store of results and artifacts answers. Thread-safe.
class StoreMetrics {
 public:
  explicit StoreMetrics(Registry& registry);

  // A call is over. `operation` is a store::OperationName(), `result` "OK" or a CodeName().
  void Called(std::string_view operation, std::string_view result);

 private:
  Family<Counter> requests_;
};

}  // namespace coreflow::metrics
