#include "controllers/runs/decode.h"

#include <algorithm>

#include "pkg/engine/names.h"
#include "pkg/engine/pod_view.h"

namespace coreflow::runs {

namespace {

using json::Shape;
constexpr auto kNamed = Shape::Read::kNamed;

constexpr Shape kLabels[] = {{engine::kLabelRun}, {engine::kLabelStep}, {engine::kLabelDone}};
constexpr Shape kAnnotations[] = {{engine::kAnnotationAttempt}, {engine::kAnnotationEnding}};
constexpr Shape kMetadata[] = {{"name"},
                               {"namespace"},
                               {"uid"},
                               {"resourceVersion"},
                               {"labels", kNamed, kLabels},
                               {"annotations", kNamed, kAnnotations},
                               {"creationTimestamp"},
                               {"deletionTimestamp"},
                               {"deletionGracePeriodSeconds"},
                               {"finalizers"},
                               {"ownerReferences"}};
constexpr Shape kSpec[] = {{"nodeName"}};
constexpr Shape kCondition[] = {{"type"}, {"status"}, {"reason"}, {"message"}};
constexpr Shape kContainer[] = {{"name"}, {"state"}, {"imageID"}};
constexpr Shape kStatus[] = {{"phase"},
                             {"reason"},
                             {"message"},
                             {"conditions", kNamed, kCondition},
                             {"containerStatuses", kNamed, kContainer},
                             {"initContainerStatuses", kNamed, kContainer}};
constexpr Shape kPod[] = {{"metadata", kNamed, kMetadata}, {"spec", kNamed, kSpec}, {"status", kNamed, kStatus}};

}  // namespace

constexpr Shape kPodShape{.read = kNamed, .members = kPod};

reactor::OwnerKey OwnerOfDependent(const json::Value& object) {
  reactor::OwnerKey key;
  for (const json::Value& owner : object["metadata"]["ownerReferences"].Elements()) {
    std::string api = owner["apiVersion"].StringOr("");
    std::string kind = owner["kind"].StringOr("");
    if (!owner["controller"].BoolOr(false) || !api.starts_with("coreflow.dev/")) continue;
    if (kind != "Workflow" && kind != "Job") continue;
    key.kind = kind == "Job" ? engine::Kind::kJob : engine::Kind::kWorkflow;
    key.ns = object["metadata"]["namespace"].StringOr("");
    key.name = owner["name"].StringOr("");
    key.uid = owner["uid"].StringOr("");
  }
  return key;
}

RecordView DecodeRecord(const json::Value& object) {
  RecordView view{.owner = OwnerOfDependent(object)};
  view.run = static_cast<int32_t>(std::clamp<int64_t>(object["run"].IntOr(0), 0, 1 << 30));
  view.index = static_cast<int32_t>(std::clamp<int64_t>(object["index"].IntOr(0), 0, 1 << 30));
  json::Object body = object.Members();
  body.erase("metadata");
  view.body = std::move(body);
  return view;
}

json::Value RecordLabels(const reactor::OwnerKey& key, int32_t run) {
  return json::Object{{"app.kubernetes.io/managed-by", "coreflow"},
                      {engine::kLabelWorkflow, key.name},
                      {engine::kLabelRun, engine::RunId(key.uid, run)},
                      {engine::kLabelBucket, std::to_string(engine::Bucket(key.ns))}};
}

}  // namespace coreflow::runs
