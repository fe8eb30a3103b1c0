// What is asked for, and in which form.
#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

constexpr const char* kOneObject = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

void APathThatIsNoneIsNotFound(Session& session) {
  const std::string targets[] = {"/nonsense",
                                 "/api/v1/pods/p",
                                 "/api/v1/namespaces/" + session.name_space() + "/namespaces",
                                 session.Pods() + "/p/x/y",
                                 session.Leases() + "/a/status",
                                 session.Collection("coreflow.dev/v1alpha1", "workflowrecords") + "/r/status"};
  for (const std::string& target : targets) EXPECT_EQ(session.Get(target).status, 404) << target;
}

void AMethodThatDoesNotFitIsNotAllowed(Session& session) {
  EXPECT_EQ(session.Post(session.Leases() + "/a", LeaseBody("a")).Said(), "405 MethodNotAllowed");
  EXPECT_EQ(session.Put(session.Leases(), LeaseBody("a")).Said(), "405 MethodNotAllowed");
  EXPECT_EQ(session.MergePatch(session.Leases(), json::Object{}).Said(), "405 MethodNotAllowed");
  EXPECT_EQ(session.Delete(session.Pods() + "/p/status").Said(), "405 MethodNotAllowed");
}

void AnswersComeInAFormThatIsAccepted(Session& session) {
  session.MakeLease("a");
  EXPECT_EQ(session.Get(session.Leases(), "text/html").Said(), "406 NotAcceptable");
  EXPECT_EQ(session.Get(session.Workflows(), "text/html").Said(), "406 NotAcceptable");
  for (const char* accept : {"*/*", "application/json", "text/html,application/json"}) {
    EXPECT_EQ(session.Get(session.Leases(), accept)["kind"], json::Value("LeaseList")) << accept;
  }
}

void MetadataAloneCanBeRead(Session& session) {
  const json::Value made = session.MakeWorkflow("w", {{"annotations", json::Object{{"x", "y"}}}});
  const Answer got = session.Get(session.Workflows() + "/w", kOneObject);
  EXPECT_EQ(got["kind"], json::Value("PartialObjectMetadata"));
  EXPECT_EQ(got["metadata"]["uid"], made["metadata"]["uid"]);
  EXPECT_EQ(got.body.Find("spec"), nullptr);
  WatchLog watch = session.Watch(session.Workflows(), kOneObject);
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "ADDED w");
  EXPECT_EQ(frames[0].object["kind"], json::Value("PartialObjectMetadata"));
  EXPECT_EQ(frames[0].object.Find("spec"), nullptr);
}

void ABodyOfAnotherTypeIsNotRead(Session& session) {
  EXPECT_EQ(session.Post(session.Leases(), LeaseBody("a"), "text/plain").Said(), "415 UnsupportedMediaType");
  EXPECT_EQ(session.Post(session.Workflows(), WorkflowBody("w"), "text/plain").Said(), "415 UnsupportedMediaType");
  EXPECT_EQ(session.Post(session.Leases(), LeaseBody("a"), "application/json; charset=utf-8").Said(), "201");
  EXPECT_EQ(session.Patch(session.Leases() + "/a", "application/json", json::Object{}).Said(),
            "415 UnsupportedMediaType");
}

void ABuiltInObjectNeedNotSayItsKind(Session& session) {
  const auto without = [](const json::Value& body, std::initializer_list<const char*> fields) {
    json::Object members = body.Members();
    for (const char* field : fields) members.erase(field);
    return json::Value(std::move(members));
  };
  const Answer made = session.Post(session.Leases(), without(LeaseBody("a"), {"kind", "apiVersion"}));
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made["kind"], json::Value("Lease"));
  EXPECT_EQ(session.Post(session.Workflows(), without(WorkflowBody("w"), {"kind"})).Said(), "400 BadRequest");
  EXPECT_EQ(session.Post(session.Workflows(), without(WorkflowBody("w"), {"apiVersion"})).Said(), "400 BadRequest");
}

void WhatANameIsAskedWithIsDecoded(Session& session) {
  session.MakeLease("a.b");
  EXPECT_EQ(session.Get(session.Leases() + "/a%2Eb").Said(), "200");
  session.MakeLease("c", {{"app", "x"}});
  EXPECT_EQ(Names(session.Get(session.Leases() + "?labelSelector=app+in+%28x%29").body), "c");
  EXPECT_EQ(Names(session.Get(session.Leases() + "?labelSelector=app%3Dx&labelSelector=%21app").body), "c");
}

}  // namespace

std::vector<Case> RequestCases() {
  return {
      {"APathThatIsNoneIsNotFound", APathThatIsNoneIsNotFound},
      {"AMethodThatDoesNotFitIsNotAllowed", AMethodThatDoesNotFitIsNotAllowed},
      {"AnswersComeInAFormThatIsAccepted", AnswersComeInAFormThatIsAccepted},
      {"MetadataAloneCanBeRead", MetadataAloneCanBeRead},
      {"ABodyOfAnotherTypeIsNotRead", ABodyOfAnotherTypeIsNotRead},
      {"ABuiltInObjectNeedNotSayItsKind", ABuiltInObjectNeedNotSayItsKind},
      {"WhatANameIsAskedWithIsDecoded", WhatANameIsAskedWithIsDecoded},
  };
}

}  // namespace coreflow::conformance
