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
  const json::Value none = json::Object{{"observedGeneration", -1}};
  EXPECT_EQ(made["status"], none) << "the default of the CRD";
  EXPECT_EQ(session.Get(session.Workflows() + "/w")["status"], none);
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

void CreateDropsWhatOnlyTheServerSays(Session& session) {
  json::Object body = LeaseBody("a").Members();
  body["metadata"] = json::Object{{"name", "a"},
                                  {"uid", "mine"},
                                  {"creationTimestamp", "2001-01-01T00:00:00Z"},
                                  {"deletionTimestamp", "2001-01-01T00:00:00Z"},
                                  {"deletionGracePeriodSeconds", 5},
                                  {"selfLink", "/mine"}};
  const Answer made = session.Post(session.Leases(), body);
  EXPECT_EQ(made.Said(), "201");
  EXPECT_NE(made["metadata"]["uid"], json::Value("mine"));
  EXPECT_NE(made["metadata"]["creationTimestamp"], json::Value("2001-01-01T00:00:00Z"));
  for (const char* field : {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"}) {
    EXPECT_TRUE(made["metadata"][field].IsNull()) << field;
  }
}

void MetadataIsChecked(Session& session) {
  const auto one = [](const char* key, json::Value value) { return json::Object{{key, std::move(value)}}; };
  struct Wrong {
    const char* field;
    json::Object metadata;
  };
  const Wrong cases[] = {{"metadata.name", one("name", "")},
                         {"metadata.name", one("name", std::string(254, 'a'))},
                         {"metadata.name", one("name", "a..b")},
                         {"metadata.name", one("name", "-a")},
                         {"metadata.labels", one("labels", one("a b", "x"))},
                         {"metadata.labels", one("labels", one("A.x/b", "x"))},
                         {"metadata.labels", one("labels", one("a/b/c", "x"))},
                         {"metadata.labels", one("labels", json::Object{{std::string(64, 'x'), "x"}})},
                         {"metadata.labels", one("labels", one("a", "-x"))},
                         {"metadata.annotations", one("annotations", one("a b", "x"))},
                         {"metadata.annotations", one("annotations", one("a", std::string(262'144, 'x')))},
                         {"metadata.finalizers", one("finalizers", json::Array{"a b"})}};
  for (const auto& [field, metadata] : cases) {
    json::Object body = LeaseBody("a").Members();
    json::Object given{{"name", "a"}};
    for (const auto& [key, value] : metadata) given[key] = value;
    body["metadata"] = given;
    const Answer refused = session.Post(session.Leases(), body);
    EXPECT_EQ(refused.Said(), "422 Invalid") << testing::PrintToString(refused);
    ASSERT_EQ(refused["details"]["causes"].Elements().size(), 1U) << testing::PrintToString(refused);
    EXPECT_EQ(refused["details"]["causes"].AsArray()[0]["field"], json::Value(field));
  }
  const json::Value name_space = json::Object{{"metadata", json::Object{{"name", "a.b"}}}};
  EXPECT_EQ(session.Post("/api/v1/namespaces", name_space).Said(), "422 Invalid");
  EXPECT_EQ(session.Post(session.Leases(), LeaseBody("a.b")).Said(), "201");
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

json::Value WithSpec(const char* field, json::Value value) {
  json::Object body = PodBody("p").Members();
  json::Object spec = body["spec"].Members();
  spec[field] = std::move(value);
  body["spec"] = std::move(spec);
  return body;
}

json::Object Container(const char* name, const char* image) { return {{"name", name}, {"image", image}}; }

void EachFaultOfAPodSaysItsField(Session& session) {
  const json::Object main = Container("main", "x:1");
  const std::pair<const char*, json::Value> cases[] = {
      {"spec.containers", WithSpec("containers", json::Array{})},
      {"spec.containers[0].name", WithSpec("containers", json::Array{json::Object{{"image", "x:1"}}})},
      {"spec.containers[0].name", WithSpec("containers", json::Array{Container("M_x", "x:1")})},
      {"spec.containers[1].name", WithSpec("containers", json::Array{main, main})},
      {"spec.initContainers[0].name", WithSpec("initContainers", json::Array{main})},
      {"spec.restartPolicy", WithSpec("restartPolicy", "Sometimes")},
      {"spec.activeDeadlineSeconds", WithSpec("activeDeadlineSeconds", 0)},
      {"spec.activeDeadlineSeconds", WithSpec("activeDeadlineSeconds", 2'147'483'648)}};
  for (const auto& [field, pod] : cases) {
    const Answer refused = session.Post(session.Pods(), pod);
    EXPECT_EQ(refused.Said(), "422 Invalid") << field;
    ASSERT_EQ(refused["details"]["causes"].Elements().size(), 1U) << testing::PrintToString(refused);
    EXPECT_EQ(refused["details"]["causes"].AsArray()[0]["field"], json::Value(field));
  }
}

void AnImageIsPulledByItsTag(Session& session) {
  const std::string digest = "@sha256:" + std::string(64, 'a');
  const std::pair<std::string, const char*> cases[] = {
      {"busybox", "Always"},          {"busybox:latest", "Always"},           {"busybox:1.36", "IfNotPresent"},
      {"r.example:5000/x", "Always"}, {"r.example:5000/x:1", "IfNotPresent"}, {"busybox" + digest, "IfNotPresent"}};
  for (const auto& [image, policy] : cases) {
    const Answer made = session.Post(session.Pods() + "?dryRun=All",
                                     WithSpec("initContainers", json::Array{Container("init", image.c_str())}));
    EXPECT_EQ(made["spec"]["initContainers"].Elements().at(0)["imagePullPolicy"], json::Value(policy)) << image;
  }
}

void APodsClassFollowsFromItsResources(Session& session) {
  const json::Object both{{"cpu", "1"}, {"memory", "1Gi"}};
  const std::pair<json::Object, const char*> cases[] = {
      {{}, "BestEffort"},
      {{{"limits", both}}, "Guaranteed"},
      {{{"limits", both}, {"requests", both}}, "Guaranteed"},
      {{{"limits", json::Object{{"cpu", "1"}}}}, "Burstable"},
      {{{"requests", json::Object{{"memory", "1Gi"}}}}, "Burstable"},
      {{{"limits", both}, {"requests", json::Object{{"cpu", "100m"}}}}, "Burstable"}};
  for (const auto& [resources, wanted] : cases) {
    json::Object container = Container("main", "x:1");
    container["resources"] = resources;
    const Answer made = session.Post(session.Pods() + "?dryRun=All", WithSpec("containers", json::Array{container}));
    EXPECT_EQ(made["status"]["qosClass"], json::Value(wanted)) << testing::PrintToString(made);
  }
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
  const std::pair<const char*, json::Value> defaults[] = {{"dnsPolicy", "ClusterFirst"},
                                                          {"schedulerName", "default-scheduler"},
                                                          {"serviceAccountName", "default"},
                                                          {"securityContext", json::Object{}},
                                                          {"enableServiceLinks", true},
                                                          {"preemptionPolicy", "PreemptLowerPriority"},
                                                          {"priority", 0}};
  for (const auto& [field, value] : defaults) EXPECT_EQ(pod["spec"][field], value) << field;
  EXPECT_EQ(container["resources"], json::Value(json::Object{}));
  json::Object ended = PodBody("ended").Members();
  ended["status"] = json::Object{{"phase", "Succeeded"}};
  EXPECT_EQ(session.Post(session.Pods(), ended)["status"]["phase"], json::Value("Pending"));
}

void TheBodyMustAgreeWithThePath(Session& session) {
  EXPECT_EQ(session.Post(session.Leases(), WithMetadata(LeaseBody("a"), "namespace", "elsewhere")).Said(),
            "400 BadRequest");
  EXPECT_EQ(session.Post(session.Leases(), PodBody("a")).Said(), "400 BadRequest");
  session.MakeLease("a");
  EXPECT_EQ(session.Put(session.Leases() + "/a", LeaseBody("b")).Said(), "400 BadRequest");
  EXPECT_EQ(session.Post(session.Leases(), "no object").Said(), "400 BadRequest");
}

// A pod of about so many bytes.
json::Value PodOf(size_t bytes) {
  json::Object body = PodBody("big-" + std::to_string(bytes)).Members();
  json::Object spec = body["spec"].Members();
  json::Object container = spec["containers"].AsArray()[0].Members();
  container["env"] = json::Array{json::Object{{"name", "X"}, {"value", std::string(bytes, 'x')}}};
  spec["containers"] = json::Array{std::move(container)};
  body["spec"] = std::move(spec);
  return body;
}

void ABodyOfMoreThanThreeMebibytesIsTooLarge(Session& session) {
  EXPECT_EQ(session.Post(session.Pods(), PodOf(3 * 1024 * 1024)).Said(), "413 RequestEntityTooLarge");
}

void AnObjectOfMoreThanOneAndAHalfMebibytesIsNotStored(Session& session) {
  EXPECT_EQ(session.Post(session.Pods(), PodOf(1'500'000)).Said(), "201");
  const Answer refused = session.Post(session.Pods(), PodOf(1'600'000));
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused["message"], json::Value("etcdserver: request is too large"));
}

json::Value EventBody(const Session& session, const char* name) {
  return json::Object{{"apiVersion", "events.k8s.io/v1"},
                      {"kind", "Event"},
                      {"metadata", json::Object{{"name", name}}},
                      {"eventTime", "2026-01-01T00:00:00.000000Z"},
                      {"reportingController", "coreflow.dev/conformance"},
                      {"reportingInstance", "conformance"},
                      {"action", "Test"},
                      {"reason", "Tested"},
                      {"type", "Normal"},
                      {"regarding", json::Object{{"kind", "Pod"}, {"namespace", session.name_space()}, {"name", "p"}}}};
}

void PutMakesALeaseButNoWorkflow(Session& session) {
  EXPECT_EQ(session.Put(session.Leases() + "/new", LeaseBody("new")).Said(), "201");
  EXPECT_EQ(session.Put(session.Workflows() + "/new", WorkflowBody("new")).Said(), "404 NotFound");
  const std::string events = session.Collection("events.k8s.io/v1", "events");
  EXPECT_EQ(session.Put(events + "/e", EventBody(session, "e")).Said(), "201");
}

void AnEventIsMadeAndItsSeriesPatched(Session& session) {
  const std::string events = session.Collection("events.k8s.io/v1", "events");
  EXPECT_EQ(session.Post(events, EventBody(session, "e")).Said(), "201");
  const Answer patched = session.MergePatch(
      events + "/e",
      json::Object{{"series", json::Object{{"count", 2}, {"lastObservedTime", "2026-01-01T00:00:01.000000Z"}}}});
  EXPECT_EQ(patched.Said(), "200");
  EXPECT_EQ(patched["series"]["count"], json::Value(2));
  EXPECT_EQ(patched["reason"], json::Value("Tested"));
  EXPECT_EQ(session.Put(events + "/e", EventBody(session, "e")).Said(), "200") << "without a version";
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
  const Answer nameless = session.Post(session.Leases(), with({incomplete}));
  EXPECT_EQ(nameless.Said(), "422 Invalid");
  EXPECT_EQ(nameless["details"]["causes"].Elements().at(0)["field"], json::Value("metadata.ownerReferences.uid"));
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
      {"CreateDropsWhatOnlyTheServerSays", CreateDropsWhatOnlyTheServerSays},
      {"MetadataIsChecked", MetadataIsChecked},
      {"EachFaultOfAPodSaysItsField", EachFaultOfAPodSaysItsField},
      {"AnImageIsPulledByItsTag", AnImageIsPulledByItsTag},
      {"APodsClassFollowsFromItsResources", APodsClassFollowsFromItsResources},
      {"AnObjectOfMoreThanOneAndAHalfMebibytesIsNotStored", AnObjectOfMoreThanOneAndAHalfMebibytesIsNotStored},
      {"AnEventIsMadeAndItsSeriesPatched", AnEventIsMadeAndItsSeriesPatched},
  };
}

}  // namespace coreflow::conformance
