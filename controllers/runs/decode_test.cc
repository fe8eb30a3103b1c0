#include "controllers/runs/decode.h"

#include <gtest/gtest.h>

#include <string>

#include "pkg/engine/pod_view.h"
#include "pkg/json/parse.h"
#include "pkg/kube/seen_object.h"

namespace coreflow::runs {
namespace {

// Every field that is read has a value of its own.
std::string Pod(const std::string& state) {
  return R"({"apiVersion": "v1", "kind": "Pod", "metadata": {
    "name": "pod", "namespace": "ns", "uid": "u", "resourceVersion": "7", "generation": 1,
    "creationTimestamp": "2026-01-01T00:00:00Z", "deletionTimestamp": "2026-01-02T00:00:00Z",
    "deletionGracePeriodSeconds": 30, "finalizers": ["other", "coreflow.dev/result"],
    "labels": {"coreflow.dev/run-id": "r", "coreflow.dev/step": "s", "coreflow.dev/done": "Succeeded", "other": "x"},
    "ownerReferences": [{"apiVersion": "coreflow.dev/v1alpha1", "kind": "Job", "name": "job", "uid": "j",
                         "controller": true, "blockOwnerDeletion": true}],
    "annotations": {"coreflow.dev/ending": "Timeout", "other": "x", "coreflow.dev/attempt":
      "{\"run\":1,\"attempt\":2,\"item\":3,\"failures\":4,\"infrastructureFailures\":5}"},
    "managedFields": [{"manager": "m"}]},
  "spec": {"nodeName": "node", "containers": [{"name": "main", "image": "i"}]},
  "status": {"phase": "Failed", "reason": "Evicted", "message": "why", "podIP": "10.0.0.1", "conditions": [
    {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "full", "lastProbeTime": null},
    {"type": "DisruptionTarget", "status": "True"}],
    "initContainerStatuses": [{"name": "init", "ready": false, "state": {"terminated": {"exitCode": 3}}}],
    "containerStatuses": [{"name": "main", "image": "i", "lastState": {}, "state": {)" +
         state + "}}]}}";
}

std::string Shown(const reactor::OwnerKey& key) {
  return std::string(engine::KindName(key.kind)) + " " + key.ns + "/" + key.name + " " + key.uid;
}

struct Case {
  std::string name;
  std::string pod;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class PodShapeTest : public testing::TestWithParam<Case> {};

TEST_P(PodShapeTest, LacksNothingThatIsRead) {
  const json::Value whole = *json::Parse(GetParam().pod);
  const json::Value read = *json::Parse(GetParam().pod, kPodShape);
  EXPECT_EQ(engine::ParsePod(read), engine::ParsePod(whole));
  EXPECT_EQ(Shown(OwnerOfDependent(read)), Shown(OwnerOfDependent(whole)));
  const kube::SeenObject seen = kube::ReadObject(read);
  EXPECT_EQ(seen.key, kube::ReadObject(whole).key);
  EXPECT_EQ(seen.version, kube::ReadObject(whole).version);
  EXPECT_EQ(seen.trouble, kube::ReadObject(whole).trouble);
}

INSTANTIATE_TEST_SUITE_P(
    Runs, PodShapeTest,
    testing::Values(Case{"Waiting", Pod(R"("waiting": {"reason": "ErrImagePull", "message": "no such image"})")},
                    Case{"Running", Pod(R"("running": {"startedAt": "2026-01-01T00:01:00Z"})")},
                    Case{"Ended", Pod(R"("terminated": {"startedAt": "2026-01-01T00:01:00Z", "exitCode": 9,
                      "finishedAt": "2026-01-01T00:02:00Z", "reason": "Error", "message": "{\"a\":1}"})")},
                    Case{"New", R"({"metadata": {"name": "pod"}, "spec": {"containers": []}, "status": {}})"},
                    Case{"FieldsOfOtherTypes", R"({"metadata": {"name": "pod", "labels": [], "ownerReferences": {}},
                      "spec": 3, "status": {"conditions": "x", "containerStatuses": [1, [], "y"]}})"},
                    Case{"AStatusInItsPlace", R"({"kind": "Status", "metadata": {}, "status": "Success"})"}),
    [](const auto& info) { return info.param.name; });

TEST(PodShape, LeavesOutWhatNobodyReads) {
  const json::Value pod = *json::Parse(Pod(""), kPodShape);
  EXPECT_EQ(pod["spec"].Members(), (json::Object{{"nodeName", "node"}}));
  EXPECT_EQ(pod["metadata"].Find("managedFields"), nullptr);
  EXPECT_EQ(pod["metadata"]["labels"].Find("other"), nullptr);
  EXPECT_EQ(pod["status"]["containerStatuses"].Elements()[0].Find("image"), nullptr);
}

}  // namespace
}  // namespace coreflow::runs
