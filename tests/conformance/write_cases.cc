#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

json::Value WithMetadata(const json::Value& object, const char* field, json::Value value) {
  json::Object metadata = object["metadata"].Members();
  metadata[field] = std::move(value);
  json::Object members = object.Members();
  members["metadata"] = std::move(metadata);
  return members;
}

void CreateFillsInWhatTheServerKnows(Session& session) {
  const json::Value made = session.MakeWorkflow("w");
  EXPECT_EQ(made["metadata"]["generation"], json::Value(1));
  EXPECT_EQ(made["metadata"]["namespace"], json::Value(session.name_space()));
  EXPECT_EQ(made["metadata"]["uid"].StringOr("").size(), 36U);
  EXPECT_EQ(made["metadata"]["creationTimestamp"].StringOr("").size(), 20U);
  EXPECT_NE(VersionOf(made), "");
}

void CreateIgnoresTheStatusWhereItIsASubresource(Session& session) {
  json::Object body = WorkflowBody("w").Members();
  body["status"] = json::Object{{"state", "Succeeded"}};
  const Answer made = session.Post(session.Workflows(), body);
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made.body.Find("status"), nullptr);
}

void ASecondCreateSaysThatItExists(Session& session) {
  session.MakePod("p");
  const Answer again = session.Post(session.Pods(), PodBody("p"));
  EXPECT_EQ(again.Said(), "409 AlreadyExists");
  EXPECT_EQ(again["message"], json::Value("pods \"p\" already exists"));
  EXPECT_EQ(again["details"]["kind"], json::Value("pods"));
  session.MakeWorkflow("w");
  EXPECT_EQ(session.Post(session.Workflows(), WorkflowBody("w"))["message"],
            json::Value("workflows.coreflow.dev \"w\" already exists"));
}

void CreateRefusesAResourceVersion(Session& session) {
  const Answer made = session.Post(session.Leases(), WithMetadata(LeaseBody("a"), "resourceVersion", "5"));
  EXPECT_EQ(made.status, 500);
  EXPECT_EQ(made["message"], json::Value("resourceVersion should not be set on objects to be created"));
}

void NamesAreGenerated(Session& session) {
  json::Object body = LeaseBody("").Members();
  body["metadata"] = json::Object{{"generateName", "a-"}};
  const Answer made = session.Post(session.Leases(), body);
  EXPECT_EQ(made.Said(), "201");
  const std::string name = made["metadata"]["name"].StringOr("");
  EXPECT_EQ(name.substr(0, 2), "a-");
  EXPECT_EQ(name.size(), 7U);
}

void ADryRunStoresNothing(Session& session) {
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("p")).Said(), "201");
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
  session.MakePod("p");
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("p")).Said(), "409 AlreadyExists");
}

void WhatIsMissingIsNotFound(Session& session) {
  const Answer missing = session.Get(session.Workflows() + "/none");
  EXPECT_EQ(missing.Said(), "404 NotFound");
  EXPECT_EQ(missing["message"], json::Value("workflows.coreflow.dev \"none\" not found"));
  EXPECT_EQ(missing["details"]["name"], json::Value("none"));
  EXPECT_EQ(session.MergePatch(session.Pods() + "/none", json::Object{}).Said(), "404 NotFound");
  EXPECT_EQ(session.Delete(session.Pods() + "/none").Said(), "404 NotFound");
  EXPECT_EQ(session.Put(session.Pods() + "/none", PodBody("none")).Said(), "404 NotFound");
}

void CreateInAMissingNamespaceIsNotFound(Session& session) {
  const Answer made = session.Post("/api/v1/namespaces/no-such-namespace/pods", PodBody("p"));
  EXPECT_EQ(made.Said(), "404 NotFound");
  EXPECT_EQ(made["details"]["kind"], json::Value("namespaces"));
}

void CreateInADyingNamespaceIsForbiddenWithItsCause(Session& session) {
  // Something holds the namespace, so that it stays a while.
  session.MakeLease("held");
  session.MergePatch(session.Leases() + "/held",
                     json::Object{{"metadata", json::Object{{"finalizers", json::Array{"coreflow.dev/test"}}}}});
  EXPECT_EQ(session.Delete("/api/v1/namespaces/" + session.name_space()).status, 200);
  const Answer made = session.Post(session.Pods(), PodBody("p"));
  EXPECT_EQ(made.Said(), "403 Forbidden");
  ASSERT_EQ(made["details"]["causes"].Elements().size(), 1U) << testing::PrintToString(made);
  EXPECT_EQ(made["details"]["causes"].AsArray()[0]["reason"], json::Value("NamespaceTerminating"));
  session.MergePatch(session.Leases() + "/held", json::Object{{"metadata", json::Object{{"finalizers", nullptr}}}});
}

void BadNamesAndLabelsAreInvalidWithTheirField(Session& session) {
  const Answer name = session.Post(session.Pods(), PodBody("No_Name"));
  EXPECT_EQ(name.Said(), "422 Invalid");
  EXPECT_EQ(name["details"]["causes"].Elements().at(0)["field"], json::Value("metadata.name"));
  const Answer label = session.Post(session.Leases(), LeaseBody("a", {{"app", "not a value"}}));
  EXPECT_EQ(label.Said(), "422 Invalid");
  EXPECT_EQ(label["details"]["causes"].Elements().at(0)["field"], json::Value("metadata.labels"));
  EXPECT_EQ(session.Post(session.Leases(), LeaseBody("a", {{"app", std::string(64, 'x')}})).Said(), "422 Invalid");
}

void ThePodSpecIsChecked(Session& session) {
  json::Object bare = PodBody("p").Members();
  bare["spec"] = json::Object{{"containers", json::Array{}}};
  EXPECT_EQ(session.Post(session.Pods(), bare).Said(), "422 Invalid");
  bare["spec"] = json::Object{{"containers", json::Array{json::Object{{"name", "main"}}}}};
  const Answer imageless = session.Post(session.Pods(), bare);
  EXPECT_EQ(imageless.Said(), "422 Invalid");
  EXPECT_EQ(imageless["details"]["causes"].Elements().at(0)["field"], json::Value("spec.containers[0].image"));
}

void ANewPodIsPendingWithDefaults(Session& session) {
  const json::Value pod = session.MakePod("p");
  EXPECT_EQ(pod["status"]["phase"], json::Value("Pending"));
  EXPECT_EQ(pod["status"]["qosClass"], json::Value("BestEffort"));
  EXPECT_EQ(pod["spec"]["terminationGracePeriodSeconds"], json::Value(30));
  const json::Value& container = pod["spec"]["containers"].Elements().at(0);
  EXPECT_EQ(container["terminationMessagePath"], json::Value("/dev/termination-log"));
  EXPECT_EQ(container["terminationMessagePolicy"], json::Value("File"));
  EXPECT_EQ(container["imagePullPolicy"], json::Value("IfNotPresent"));
  EXPECT_EQ(pod["metadata"]["generation"], json::Value(1));
}

void TheBodyMustAgreeWithThePath(Session& session) {
  EXPECT_EQ(session.Post(session.Leases(), WithMetadata(LeaseBody("a"), "namespace", "elsewhere")).Said(),
            "400 BadRequest");
  EXPECT_EQ(session.Post(session.Leases(), PodBody("a")).Said(), "400 BadRequest");
  session.MakeLease("a");
  EXPECT_EQ(session.Put(session.Leases() + "/a", LeaseBody("b")).Said(), "400 BadRequest");
  EXPECT_EQ(session.Post(session.Leases(), "no object").Said(), "400 BadRequest");
}

void ABodyOfMoreThanThreeMebibytesIsTooLarge(Session& session) {
  json::Object body{{"apiVersion", "v1"},
                    {"kind", "ConfigMap"},
                    {"metadata", json::Object{{"name", "big"}}},
                    {"data", json::Object{{"x", std::string(3 * 1024 * 1024, 'x')}}}};
  EXPECT_EQ(session.Post(session.ConfigMaps(), body).Said(), "413 RequestEntityTooLarge");
}

void PutMakesALeaseButNoWorkflow(Session& session) {
  EXPECT_EQ(session.Put(session.Leases() + "/new", LeaseBody("new")).Said(), "201");
  EXPECT_EQ(session.Put(session.Workflows() + "/new", WorkflowBody("new")).Said(), "404 NotFound");
}

void OneOwnerIsTheController(Session& session) {
  const json::Value owner = session.MakeWorkflow("w");
  const json::Object reference{{"apiVersion", "coreflow.dev/v1alpha1"},
                               {"kind", "Workflow"},
                               {"name", "w"},
                               {"uid", owner["metadata"]["uid"]},
                               {"controller", true}};
  json::Object other = reference;
  other["uid"] = "00000000-0000-4000-8000-000000000000";
  json::Object incomplete = reference;
  incomplete.erase("uid");
  const auto with = [](json::Array owners) {
    return WithMetadata(LeaseBody("a"), "ownerReferences", json::Value(std::move(owners)));
  };
  EXPECT_EQ(session.Post(session.Leases(), with({reference, other})).Said(), "422 Invalid");
  EXPECT_EQ(session.Post(session.Leases(), with({incomplete})).Said(), "422 Invalid");
  EXPECT_EQ(session.Post(session.Leases(), with({reference})).Said(), "201");
}

}  // namespace

std::vector<Case> WriteCases() {
  return {
      {"CreateFillsInWhatTheServerKnows", CreateFillsInWhatTheServerKnows},
      {"CreateIgnoresTheStatusWhereItIsASubresource", CreateIgnoresTheStatusWhereItIsASubresource},
      {"ASecondCreateSaysThatItExists", ASecondCreateSaysThatItExists},
      {"CreateRefusesAResourceVersion", CreateRefusesAResourceVersion},
      {"NamesAreGenerated", NamesAreGenerated},
      {"ADryRunStoresNothing", ADryRunStoresNothing},
      {"WhatIsMissingIsNotFound", WhatIsMissingIsNotFound},
      {"CreateInAMissingNamespaceIsNotFound", CreateInAMissingNamespaceIsNotFound},
      {"CreateInADyingNamespaceIsForbiddenWithItsCause", CreateInADyingNamespaceIsForbiddenWithItsCause},
      {"BadNamesAndLabelsAreInvalidWithTheirField", BadNamesAndLabelsAreInvalidWithTheirField},
      {"ThePodSpecIsChecked", ThePodSpecIsChecked},
      {"ANewPodIsPendingWithDefaults", ANewPodIsPendingWithDefaults},
      {"TheBodyMustAgreeWithThePath", TheBodyMustAgreeWithThePath},
      {"ABodyOfMoreThanThreeMebibytesIsTooLarge", ABodyOfMoreThanThreeMebibytesIsTooLarge},
      {"PutMakesALeaseButNoWorkflow", PutMakesALeaseButNoWorkflow},
      {"OneOwnerIsTheController", OneOwnerIsTheController},
  };
}

}  // namespace coreflow::conformance
