#include "pkg/metrics/api_requests.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace coreflow::metrics {
namespace {

constexpr auto kVerbs = std::to_array<std::string_view>(
    {"get", "list", "watch", "create", "update", "patch", "apply", "delete", "deletecollection", "other"});
constexpr auto kResources =
    std::to_array<std::string_view>({"workflows", "workflows/status", "jobs", "jobs/status", "workflowrecords", "pods",
                                     "events", "leases", "secrets", "configmaps", "other"});
constexpr auto kCodes =
    std::to_array<std::string_view>({"200", "201", "202", "400", "401", "403", "404", "405", "409",  "410",
                                     "413", "415", "422", "429", "500", "502", "503", "504", "none", "other"});

std::vector<std::string> Strings(std::span<const std::string_view> values) { return {values.begin(), values.end()}; }

std::string_view Known(std::span<const std::string_view> values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) == values.end() ? "other" : value;
}

}  // namespace

ApiRequests::ApiRequests(Registry& registry)
    : requests_(registry.AddCounter(
          {.name = "coreflow_api_requests_total",
           .help = "Requests to the Kubernetes API server, by HTTP status; none when no answer came.",
           .labels = {{.name = "verb", .values = Strings(kVerbs)},
                      {.name = "resource", .values = Strings(kResources)},
                      {.name = "code", .values = Strings(kCodes)}},
           .use = "Many `429` mean that API Priority and Fairness holds CoreFlow back; any `403` that stays means that "
                  "its role lacks a rule."})) {}

void ApiRequests::Count(std::string_view verb, std::string_view resource, int status) {
  const std::string code = status == 0 ? "none" : std::to_string(status);
  requests_.With({Known(kVerbs, verb), Known(kResources, resource), Known(kCodes, code)}).Increment();
}

}  // namespace coreflow::metrics
