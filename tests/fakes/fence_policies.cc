#include "tests/fakes/fence_policies.h"

#include <fmt/format.h>

#include <cstdlib>

#include "tests/fakes/object.h"

namespace coreflow::fakes {

FencePolicies::FencePolicies(Store& store, const Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), random_(options_.seed) {
  store.Observe([this](const Change& change) {
    if (change.resource != &Leases() || !change.key.starts_with(options_.ns + "/")) return;
    std::optional<int64_t> epoch;
    if (change.after) epoch = change.after->object()["spec"]["leaseTransitions"].IntOr(0);
    seen_[change.key.substr(options_.ns.size() + 1)].emplace_back(loop_.Monotonic(), epoch);
  });
}

std::optional<int64_t> FencePolicies::EpochSeen(const std::string& lease, Duration at) const {
  std::optional<int64_t> epoch;
  auto it = seen_.find(lease);
  if (it == seen_.end()) return epoch;
  for (const auto& [since, said] : it->second) {
    if (since <= at) epoch = said;
  }
  return epoch;
}

std::optional<Failure> FencePolicies::Ask(const AdmissionRequest& request) {
  if (request.operation != Operation::kCreate || &request.resource != &Pods()) return std::nullopt;
  const json::Value& labels = request.object["metadata"]["labels"];
  const json::Value* bucket = labels.Find("coreflow.dev/bucket");
  const json::Value* of_pod = labels.Find("coreflow.dev/epoch");
  if (!bucket || !of_pod) return std::nullopt;
  const std::string number = fmt::format("{:0>2}", bucket->StringOr(""));
  const std::string denied =
      "ValidatingAdmissionPolicy 'coreflow-fence' with binding 'coreflow-fence-" + number + "' denied request: ";
  const Duration lag = random_.Between(Duration(0), options_.most_lag);
  const auto epoch = EpochSeen("coreflow-bucket-" + number, loop_.Monotonic() - lag);
  if (!epoch) {
    return Failure{.code = 422,
                   .reason = "Invalid",
                   .message = "pods \"" + NameOf(request.object) + "\" is forbidden: " + denied +
                              "failed to configure binding: no params found for policy binding with `Deny` "
                              "parameterNotFoundAction"};
  }
  const int64_t asked = std::atoll(of_pod->StringOr("0").c_str());
  if (asked >= *epoch) return std::nullopt;
  return Forbidden(Pods(), NameOf(request.object),
                   denied + fmt::format("coreflow-fence: epoch {} is over; the bucket is at {}", asked, *epoch));
}

}  // namespace coreflow::fakes
