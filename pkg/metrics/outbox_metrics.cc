#include "pkg/metrics/outbox_metrics.h"

namespace coreflow::metrics {

OutboxMetrics::OutboxMetrics(Registry& registry)
    : items_(registry.AddCounter(
          {.name = "coreflow_telemetry_items_total",
           .help = "Spans and events that were sent or dropped, by what became of them.",
           .labels = {{.name = "kind", .values = {"Span", "Event"}},
                      {.name = "fate", .values = {"Sent", "QueueFull", "Refused", "Unreachable"}}},
           .use =
               "All but `Sent` were dropped. `QueueFull`: they came faster than the receiver took them; `Refused`: it "
               "answered with an error or left some out; `Unreachable`: it did not answer, three times."})) {}

void OutboxMetrics::Ended(std::string_view kind, std::string_view fate, int64_t items) {
  items_.With({kind, fate}).Increment(static_cast<double>(items));
}

}  // namespace coreflow::metrics
