#include "pkg/engine/observation.h"

namespace coreflow::engine {

namespace {

constexpr size_t kMaxRequestedAt = 64;  // as status.run.requestedAt
constexpr size_t kMaxTraceparent = 64;  // more than one has

}  // namespace

const char* KindName(Kind kind) { return kind == Kind::kJob ? "Job" : "Workflow"; }

ObjectView ParseObject(Kind kind, const json::Value& object) {
  const json::Value& metadata = object["metadata"];
  ObjectView view{.kind = kind,
                  .name = metadata["name"].StringOr(""),
                  .generate_name = metadata["generateName"].StringOr(""),
                  .namespace_name = metadata["namespace"].StringOr(""),
                  .uid = metadata["uid"].StringOr(""),
                  .resource_version = metadata["resourceVersion"].StringOr(""),
                  .generation = metadata["generation"].IntOr(0),
                  .creation_time = ParseTime(metadata["creationTimestamp"].StringOr("")).value_or(Time{}),
                  .deleting = metadata["deletionTimestamp"].IsString(),
                  .spec = object["spec"],
                  .status = object["status"]};
  const json::Value& labels = metadata["labels"];
  const json::Value& annotations = metadata["annotations"];
  view.tracked_by_gitops = labels["app.kubernetes.io/managed-by"].StringOr("") == "Helm" ||
                           labels.Find("argocd.argoproj.io/instance") != nullptr ||
                           annotations.Find("argocd.argoproj.io/tracking-id") != nullptr ||
                           labels.Find("kustomize.toolkit.fluxcd.io/name") != nullptr ||
                           labels.Find("helm.toolkit.fluxcd.io/name") != nullptr;
  view.run_requested_at = annotations["coreflow.dev/run-requested-at"].StringOr("").substr(0, kMaxRequestedAt);
  view.retry_from = annotations["coreflow.dev/retry-from"].StringOr("");
  view.traceparent = annotations["coreflow.dev/traceparent"].StringOr("").substr(0, kMaxTraceparent);
  return view;
}

}  // namespace coreflow::engine
