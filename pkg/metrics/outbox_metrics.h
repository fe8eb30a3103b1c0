#pragma once

#include <cstdint>
#include <string_view>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// What becomes of spans and events that are sent to others. Thread-safe.
class OutboxMetrics {
 public:
  explicit OutboxMetrics(Registry& registry);

  // `kind` is "Span" or "Event", `fate` an outbox::FateName().
  void Ended(std::string_view kind, std::string_view fate, int64_t items);

 private:
  Family<Counter> items_;
};

}  // namespace coreflow::metrics
