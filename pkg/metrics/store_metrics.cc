#include "pkg/metrics/store_metrics.h"

#include "pkg/metrics/code_label.h"

namespace coreflow::metrics {

StoreMetrics::StoreMetrics(Registry& registry)
    : requests_(registry.AddCounter(
          {.name = "coreflow_store_requests_total",
           .help = "What the store of results and artifacts was asked for, by how it answered.",
           .labels = {{.name = "operation",
                       .values = {"PutBlob", "ReadBlob", "PutEntry", "GetEntry", "Delete", "List"}},
                      CodeLabel("result", {"OK"})},
           .use = "`NotFound` and `AlreadyExists` are everyday, `Cancelled` is a pod that went away. Alert on "
                  "`Unavailable`, `Forbidden` and `Unauthorized` that last for 10 minutes: steps with artifacts wait. "
                  "`TooMany`: the store is full."})) {}

void StoreMetrics::Called(std::string_view operation, std::string_view result) {
  requests_.With({operation, result}).Increment();
}

}  // namespace coreflow::metrics
