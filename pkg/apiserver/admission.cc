#include "pkg/apiserver/admission.h"

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

int CountLivePods(const Store& store, const std::string& name_space) {
  int live = 0;
  const Store::Objects& pods = store.List(Pods());
  const std::string prefix = name_space + "/";
  for (auto it = pods.lower_bound(prefix); it != pods.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
    const std::string phase = it->second->object()["status"]["phase"].StringOr("");
    if (phase != "Succeeded" && phase != "Failed") ++live;
  }
  return live;
}

}  // namespace

Admission PodQuota(const Store& store, std::string name_space, std::string quota, int limit) {
  return [&store, name_space, quota, limit](const AdmissionRequest& request) -> std::optional<Failure> {
    if (request.operation != Operation::kCreate || &request.resource != &Pods()) return std::nullopt;
    if (NamespaceOf(request.object) != name_space) return std::nullopt;
    const int used = CountLivePods(store, name_space);
    if (used < limit) return std::nullopt;
    return Forbidden(Pods(), NameOf(request.object),
                     "exceeded quota: " + quota + ", requested: pods=1, used: pods=" + std::to_string(used) +
                         ", limited: pods=" + std::to_string(limit));
  };
}

Admission StoredQuotas(const Store& store) {
  return [&store](const AdmissionRequest& request) -> std::optional<Failure> {
    for (const auto& [key, quota] : store.List(Quotas())) {
      const json::Value& object = quota->object();
      const int64_t limit = ParseDecimal(object["spec"]["hard"]["pods"].StringOr(""));
      if (limit < 0) continue;
      auto refused = PodQuota(store, NamespaceOf(object), NameOf(object), static_cast<int>(limit))(request);
      if (refused) return refused;
    }
    return std::nullopt;
  };
}

Admission EpochNeverFalls() {
  return [](const AdmissionRequest& request) -> std::optional<Failure> {
    if (request.operation != Operation::kUpdate || !request.status) return std::nullopt;
    if (&request.resource != &Workflows() && &request.resource != &Jobs()) return std::nullopt;
    const json::Value& now = request.object["status"]["epoch"];
    const json::Value& before = request.old["status"]["epoch"];
    // A rule that looks at what was there is not asked where one of the two is missing.
    if (request.object.Find("status") == nullptr || !before.IsInt()) return std::nullopt;
    if (now.IsInt() && now.AsInt() >= before.AsInt()) return std::nullopt;
    return Invalid(
        request.resource.group, request.resource.kind, NameOf(request.object),
        {{"FieldValueForbidden", "status",
          "Forbidden: coreflow-fence: written by a CoreFlow replica that leads no more; epoch never goes back"}});
  };
}

}  // namespace coreflow::apiserver
