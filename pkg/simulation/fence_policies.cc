#include "pkg/simulation/fence_policies.h"

#include <fmt/format.h>

#include <cstdlib>

#include "pkg/apiserver/object.h"

namespace coreflow::simulation {

FencePolicies::FencePolicies(apiserver::Store& store, const Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), random_(options_.seed) {
  store.Observe([this](const apiserver::Change& change) {
    if (change.resource != &apiserver::Fences() || change.key != options_.ns + "/coreflow") return;
    seen_.emplace_back(loop_.Monotonic(), change.after ? change.after->object()["spec"]["epochs"] : json::Value());
  });
}

json::Value FencePolicies::EpochsSeen(Duration at) const {
  json::Value epochs;
  for (const auto& [since, seen] : seen_) {
    if (since <= at) epochs = seen;
  }
  return epochs;
}

std::optional<apiserver::Failure> FencePolicies::Ask(const apiserver::AdmissionRequest& request) {
  if (request.operation != apiserver::Operation::kCreate || &request.resource != &apiserver::Pods())
    return std::nullopt;
  const json::Value& labels = request.object["metadata"]["labels"];
  const json::Value* bucket = labels.Find("coreflow.dev/bucket");
  const json::Value* of_pod = labels.Find("coreflow.dev/epoch");
  if (!bucket || !of_pod) return std::nullopt;
  const std::string denied =
      "ValidatingAdmissionPolicy 'coreflow-fence' with binding 'coreflow-fence' denied request: ";
  const json::Value epochs = EpochsSeen(loop_.Monotonic() - random_.Between(Duration(0), options_.most_lag));
  behind_ += !(epochs == EpochsSeen(loop_.Monotonic()));
  if (epochs.IsNull()) {
    return apiserver::Failure{.code = 422,
                              .reason = "Invalid",
                              .message = "pods \"" + apiserver::NameOf(request.object) + "\" is forbidden: " + denied +
                                         "failed to configure binding: no params found for policy binding with `Deny` "
                                         "parameterNotFoundAction"};
  }
  const int64_t epoch = epochs[bucket->StringOr("")].IntOr(0);
  const int64_t asked = std::atoll(of_pod->StringOr("0").c_str());
  if (asked >= epoch) return std::nullopt;
  return apiserver::Forbidden(
      apiserver::Pods(), apiserver::NameOf(request.object),
      denied + fmt::format("coreflow-fence: epoch {} is over; the bucket is at {}", asked, epoch));
}

}  // namespace coreflow::simulation
