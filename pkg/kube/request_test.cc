#include "pkg/kube/request.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

// The request as one text: method, target, headers without Accept: application/json, body.
std::string Shown(const Result<Request>& request) {
  if (!request) return std::string(CodeName(request.error().code)) + ": " + request.error().message;
  std::string out = request->http.method + " " + request->http.target;
  for (const auto& [name, value] : request->http.headers) {
    if (name != "Accept" || value != "application/json") out += "\n" + name + ": " + value;
  }
  if (!request->http.body.empty()) out += "\n" + request->http.body;
  return out;
}

struct Case {
  std::string name;
  Result<Request> request;
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class RequestTest : public testing::TestWithParam<Case> {};

TEST_P(RequestTest, IsWrittenAsTheApiServerReadsIt) { EXPECT_EQ(Shown(GetParam().request), GetParam().want); }

const json::Value kPod = *json::Parse(R"({"metadata":{"name":"p"}})");

INSTANTIATE_TEST_SUITE_P(
    Reads, RequestTest,
    testing::Values(
        Case{"GetOfTheCoreGroup", Get(kPods, {"ns", "p"}), "GET /api/v1/namespaces/ns/pods/p"},
        Case{"GetOfAGroup", Get(kWorkflows, {"ns", "w"}), "GET /apis/coreflow.dev/v1alpha1/namespaces/ns/workflows/w"},
        Case{"GetWithoutNamespaces", Get(kNamespaces, {"", "ns"}), "GET /api/v1/namespaces/ns"},
        Case{"GetOfMetadata", Get(kPods, {"ns", "p"}, {.metadata_only = true}),
             "GET /api/v1/namespaces/ns/pods/p\n"
             "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"},
        Case{"ListOfEverything", List(kPods, {}), "GET /api/v1/pods"},
        Case{"ListOfANamespace", List(kLeases, {.ns = "ns"}), "GET /apis/coordination.k8s.io/v1/namespaces/ns/leases"},
        Case{"ListWithSelectors",
             List(kPods, {.labels = "a=b,c in (d,e)", .fields = "status.phase!=Running"}, {.limit = 500}),
             "GET /api/v1/pods?labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29&fieldSelector=status.phase%21%3DRunning"
             "&limit=500"},
        Case{"ListOfTheNextPage", List(kPods, {}, {.limit = 500, .continue_token = "ey/+=="}),
             "GET /api/v1/pods?limit=500&continue=ey%2F%2B%3D%3D"},
        Case{"ListAtAVersion", List(kPods, {}, {.resource_version = "7", .resource_version_match = "Exact"}),
             "GET /api/v1/pods?resourceVersion=7&resourceVersionMatch=Exact"},
        Case{"ListOfMetadata", List(kWorkflowRecords, {}, {.metadata_only = true}),
             "GET /apis/coreflow.dev/v1alpha1/workflowrecords\n"
             "Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"},
        Case{"Watch", Watch(kJobs, {.labels = "x"}, {.resource_version = "12", .timeout_seconds = 300}),
             "GET /apis/coreflow.dev/v1alpha1/jobs?watch=true&labelSelector=x&allowWatchBookmarks=true"
             "&resourceVersion=12&timeoutSeconds=300"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Writes, RequestTest,
    testing::Values(
        Case{"Create", Create(kPods, "ns", kPod),
             "POST /api/v1/namespaces/ns/pods\nContent-Type: application/json\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"CreateForTrial", Create(kPods, "ns", kPod, {.field_manager = "coreflow", .dry_run = true}),
             "POST /api/v1/namespaces/ns/pods?dryRun=All&fieldManager=coreflow\n"
             "Content-Type: application/json\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"Update", Update(kPods, {"ns", "p"}, kPod),
             "PUT /api/v1/namespaces/ns/pods/p\nContent-Type: application/json\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"UpdateStatus", UpdateStatus(kWorkflows, {"ns", "p"}, kPod),
             "PUT /apis/coreflow.dev/v1alpha1/namespaces/ns/workflows/p/status\n"
             "Content-Type: application/json\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"MergePatch", Patch(kPods, {"ns", "p"}, kPod, {.type = PatchType::kMerge}),
             "PATCH /api/v1/namespaces/ns/pods/p\n"
             "Content-Type: application/merge-patch+json\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"JsonPatch",
             Patch(kPods, {"ns", "p"}, *json::Parse(R"([{"op":"remove","path":"/a"}])"), {.type = PatchType::kJson}),
             "PATCH /api/v1/namespaces/ns/pods/p\n"
             "Content-Type: application/json-patch+json\n"
             R"([{"op":"remove","path":"/a"}])"},
        Case{"ApplyOfStatus",
             Patch(kWorkflows, {"ns", "p"}, kPod,
                   {.type = PatchType::kApply,
                    .write = {.field_manager = "coreflow", .subresource = "status"},
                    .force = true}),
             "PATCH /apis/coreflow.dev/v1alpha1/namespaces/ns/workflows/p/status?force=true&fieldManager=coreflow\n"
             "Content-Type: application/apply-patch+yaml\n"
             R"({"metadata":{"name":"p"}})"},
        Case{"DeleteWithPreconditions",
             Delete(kPods, {"ns", "p"},
                    {.uid = "u",
                     .resource_version = "7",
                     .grace_period_seconds = 0,
                     .propagation = Propagation::kBackground}),
             "DELETE /api/v1/namespaces/ns/pods/p\nContent-Type: application/json\n"
             R"({"apiVersion":"v1","gracePeriodSeconds":0,"kind":"DeleteOptions",)"
             R"("preconditions":{"resourceVersion":"7","uid":"u"},"propagationPolicy":"Background"})"},
        Case{"DeleteForTrial", Delete(kPods, {"ns", "p"}, {.dry_run = true}),
             "DELETE /api/v1/namespaces/ns/pods/p\nContent-Type: application/json\n"
             R"({"apiVersion":"v1","dryRun":["All"],"kind":"DeleteOptions"})"},
        Case{"DeleteCollection", DeleteCollection(kPods, {.ns = "ns", .labels = "done=true"}),
             "DELETE /api/v1/namespaces/ns/pods?labelSelector=done%3Dtrue\nContent-Type: application/json\n"
             R"({"apiVersion":"v1","kind":"DeleteOptions"})"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Refusals, RequestTest,
    testing::Values(
        Case{"NameThatClimbs", Get(kPods, {"ns", ".."}), R"(Invalid: ".." can't be a name)"},
        Case{"NameWithASlash", Get(kPods, {"ns", "p/status"}), R"(Invalid: "p/status" can't be a name)"},
        Case{"NameThatIsEncodedAlready", Get(kPods, {"ns", "%2e%2e"}), R"(Invalid: "%2e%2e" can't be a name)"},
        Case{"NoName", Delete(kPods, {"ns", ""}, {}), R"(Invalid: "" can't be a name)"},
        Case{"NoNamespace", Get(kPods, {"", "p"}), R"(Invalid: "" can't be a namespace)"},
        Case{"NamespaceThatClimbs", List(kPods, {.ns = "../../nodes"}),
             R"(Invalid: "../../nodes" can't be a namespace)"},
        Case{"NamespaceWhereThereIsNone", Get(kNamespaces, {"ns", "x"}), "Invalid: namespaces have no namespace"},
        Case{"CreateWithoutNamespace", Create(kPods, "", kPod), "Invalid: a Pod needs a namespace"},
        Case{"CreateOfASubresource", Create(kPods, "ns", kPod, {.subresource = "status"}),
             "Invalid: a subresource can't be created without its object's name"},
        Case{"SubresourceThatClimbs", Update(kPods, {"ns", "p"}, kPod, {.subresource = "../q"}),
             R"(Invalid: "../q" can't be a subresource)"},
        Case{"ApplyByNobody", Patch(kPods, {"ns", "p"}, kPod, {.type = PatchType::kApply}),
             "Invalid: server-side apply needs a field manager"},
        Case{"MergePatchByForce", Patch(kPods, {"ns", "p"}, kPod, {.force = true}),
             "Invalid: only server-side apply can be forced"},
        Case{"JsonPatchThatIsNoArray", Patch(kPods, {"ns", "p"}, kPod, {.type = PatchType::kJson}),
             "Invalid: a patch of this type can't be object"},
        Case{"DeleteOfEverything", DeleteCollection(kPods, {.ns = "ns"}), "Invalid: deletecollection needs a selector"},
        Case{"DeleteInEveryNamespace", DeleteCollection(kPods, {.labels = "a"}),
             "Invalid: deletecollection needs a namespace"},
        Case{"DeleteCollectionOfOneUid", DeleteCollection(kPods, {.ns = "ns", .labels = "a"}, {.uid = "u"}),
             "Invalid: deletecollection can't have preconditions"}),
    NameOf);

TEST(Request, EveryByteOfANameStaysInItsSegment) {
  for (int c = 0; c < 256; ++c) {
    std::string name = std::string("a") + static_cast<char>(c) + "b";
    auto request = Get(kPods, {"ns", name});
    if (c == '/' || c == '%') {
      EXPECT_FALSE(request) << c;
      continue;
    }
    ASSERT_TRUE(request) << c;
    std::string segment = request->http.target.substr(std::string("/api/v1/namespaces/ns/pods/").size());
    EXPECT_EQ(segment.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%"),
              std::string::npos)
        << segment;
  }
}

TEST(Request, KnowsWhatItIsAbout) {
  Request request = *Create(kPods, "ns", kPod, {.dry_run = true});
  EXPECT_EQ(request.verb, Verb::kCreate);
  EXPECT_EQ(request.resource, kPods);
  EXPECT_EQ(request.ns, "ns");
  EXPECT_TRUE(request.dry_run);
  EXPECT_TRUE(Delete(kPods, {"ns", "p"}, {.dry_run = true})->dry_run);
}

}  // namespace
}  // namespace coreflow::kube
