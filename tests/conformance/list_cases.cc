#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

void ListSeesWhatWasJustWritten(Session& session) {
  const json::Value made = session.MakeLease("a");
  const Answer list = session.Get(session.Leases());
  EXPECT_EQ(Names(list.body), "a");
  EXPECT_FALSE(Later(VersionOf(made), VersionOf(list.body)));
}

void PagesAreOneSnapshot(Session& session) {
  for (const char* name : {"a", "b", "c", "d"}) session.MakeLease(name);
  const Answer first = session.Get(session.Leases() + "?limit=2");
  EXPECT_EQ(Names(first.body), "a b");
  session.MakeLease("bb");
  EXPECT_EQ(session.Delete(session.Leases() + "/d").status, 200);
  const std::string token = first["metadata"]["continue"].StringOr("");
  const Answer second = session.Get(session.Leases() + "?limit=2&continue=" + token);
  EXPECT_EQ(Names(second.body), "c d");
  EXPECT_EQ(VersionOf(second.body), VersionOf(first.body));
  EXPECT_EQ(second["metadata"]["continue"].StringOr(""), "");
}

void APageSaysHowManyRemainUnlessASelectorHidesSome(Session& session) {
  for (const char* name : {"a", "b", "c"}) session.MakeLease(name, {{"app", "x"}});
  EXPECT_EQ(session.Get(session.Leases() + "?limit=1")["metadata"]["remainingItemCount"], json::Value(2));
  EXPECT_TRUE(
      session.Get(session.Leases() + "?limit=1&labelSelector=app%3Dx")["metadata"]["remainingItemCount"].IsNull());
}

void AContinueTokenThatIsNoneIsABadRequest(Session& session) {
  EXPECT_EQ(session.Get(session.Leases() + "?limit=2&continue=nonsense").Said(), "400 BadRequest");
}

void ALimitIsIgnoredWhenAnyAgeIsAllowed(Session& session) {
  for (const char* name : {"a", "b", "c"}) session.MakeLease(name);
  // The watch cache may lag a moment behind the writes.
  Answer list;
  for (int i = 0; i < 20 && Names(list.body) != "a b c"; ++i) {
    list = session.Get(session.Leases() + "?limit=1&resourceVersion=0");
  }
  EXPECT_EQ(Names(list.body), "a b c");
}

void AVersionFromTheFutureIsATimeoutWithItsCause(Session& session) {
  const Answer list = session.Get(session.Leases() + "?resourceVersion=999999999");
  EXPECT_EQ(list.Said(), "504 Timeout");
  EXPECT_EQ(list["details"]["causes"].Elements().at(0)["reason"], json::Value("ResourceVersionTooLarge"));
  EXPECT_EQ(list["details"]["retryAfterSeconds"], json::Value(1));
  EXPECT_EQ(session.Get(session.Leases() + "?resourceVersionMatch=Exact&resourceVersion=999999999").Said(),
            "504 Timeout");
}

void ExactVersionListsThePast(Session& session) {
  session.MakeLease("a");
  const std::string then = VersionOf(session.Get(session.Leases()).body);
  session.MakeLease("b");
  const Answer list = session.Get(session.Leases() + "?resourceVersionMatch=Exact&resourceVersion=" + then);
  EXPECT_EQ(Names(list.body), "a");
}

void MatchWithoutVersionIsInvalid(Session& session) {
  EXPECT_EQ(session.Get(session.Leases() + "?resourceVersionMatch=Exact").Said(), "422 Invalid");
}

void MetadataAloneCanBeListed(Session& session) {
  session.MakeWorkflow("a", {{"annotations", json::Object{{"x", "y"}}}});
  const Answer list =
      session.Get(session.Workflows(), "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  EXPECT_EQ(list["kind"], json::Value("PartialObjectMetadataList"));
  ASSERT_EQ(list["items"].Elements().size(), 1U);
  const json::Value& item = list["items"].AsArray()[0];
  EXPECT_EQ(item["kind"], json::Value("PartialObjectMetadata"));
  EXPECT_EQ(item["metadata"]["annotations"]["x"], json::Value("y"));
  EXPECT_EQ(item.Find("spec"), nullptr);
}

void ItemsOfBuiltInListsDoNotSayTheirKind(Session& session) {
  session.MakeLease("a");
  session.MakeWorkflow("w");
  const Answer leases = session.Get(session.Leases());
  const Answer workflows = session.Get(session.Workflows());
  EXPECT_EQ(leases["kind"], json::Value("LeaseList"));
  EXPECT_EQ(leases["items"].Elements().at(0).Find("kind"), nullptr);
  EXPECT_EQ(workflows["items"].Elements().at(0)["kind"], json::Value("Workflow"));
}

void LabelSelectorsSelect(Session& session) {
  session.MakeLease("a", {{"app", "x"}, {"tier", "1"}});
  session.MakeLease("b", {{"app", "y"}});
  session.MakeLease("c");
  const std::pair<const char*, const char*> cases[] = {{"app%3Dx", "a"},
                                                       {"app%3D%3Dx", "a"},
                                                       {"app%21%3Dx", "b c"},
                                                       {"app%20in%20%28x%2Cy%29", "a b"},
                                                       {"app%20notin%20%28x%29", "b c"},
                                                       {"app", "a b"},
                                                       {"%21app", "c"},
                                                       {"app%3Dx%2Ctier%3D1", "a"},
                                                       {"app%3Dx%2Ctier%3D2", ""}};
  for (const auto& [selector, names] : cases) {
    EXPECT_EQ(Names(session.Get(session.Leases() + "?labelSelector=" + selector).body), names) << selector;
  }
  EXPECT_EQ(session.Get(session.Leases() + "?labelSelector=%3D%3D").Said(), "400 BadRequest");
}

void FieldSelectorsSelect(Session& session) {
  session.MakePod("a");
  session.MakePod("b");
  EXPECT_EQ(Names(session.Get(session.Pods() + "?fieldSelector=metadata.name%3Db").body), "b");
  EXPECT_EQ(Names(session.Get(session.Pods() + "?fieldSelector=metadata.name%21%3Db").body), "a");
  EXPECT_EQ(Names(session.Get(session.Pods() + "?fieldSelector=status.phase%3DPending").body), "a b");
  EXPECT_EQ(Names(session.Get(session.Pods() + "?fieldSelector=status.phase%3DRunning").body), "");
  EXPECT_EQ(session.Get(session.Pods() + "?fieldSelector=spec.nonsense%3Db").Said(), "400 BadRequest");
}

void WorkflowsAreSelectedByTheirState(Session& session) {
  session.MakeWorkflow("a");
  session.MakeWorkflow("b");
  session.MergePatch(session.Workflows() + "/b/status", json::Object{{"status", json::Object{{"state", "Running"}}}});
  EXPECT_EQ(Names(session.Get(session.Workflows() + "?fieldSelector=status.state%3DRunning").body), "b");
}

void AListOfAllNamespacesIsInTheOrderOfKeys(Session& session) {
  session.MakeLease("b");
  session.MakeLease("a");
  const Answer list = session.Get("/apis/coordination.k8s.io/v1/leases");
  std::vector<std::string> ours;
  for (const json::Value& item : list["items"].Elements()) {
    if (item["metadata"]["namespace"] == json::Value(session.name_space())) {
      ours.push_back(item["metadata"]["name"].StringOr(""));
    }
  }
  EXPECT_EQ(ours, (std::vector<std::string>{"a", "b"}));
}

// Where pages go on is a text that says it: {"v":"meta.k8s.io/v1","rv":1,"start":"a\u0000"}, in base64.
constexpr const char* kLongAgo = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0";
constexpr const char* kOtherVersion = "eyJ2IjoibWV0YS5rOHMuaW8vdjIiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0";

void AnExpiredPageOffersToGoOnWithWhatIsThereNow(Session& session) {
  for (const char* name : {"a", "b", "c"}) session.MakeLease(name);
  const Answer expired = session.Get(session.Leases() + "?limit=1&continue=" + kLongAgo);
  EXPECT_EQ(expired.Said(), "410 Expired");
  const Answer next =
      session.Get(session.Leases() + "?limit=1&continue=" + expired["metadata"]["continue"].StringOr("none"));
  EXPECT_EQ(Names(next.body), "b");
  const Answer last =
      session.Get(session.Leases() + "?limit=1&continue=" + next["metadata"]["continue"].StringOr("none"));
  EXPECT_EQ(Names(last.body), "c");
  EXPECT_EQ(last["metadata"]["continue"].StringOr(""), "");
}

void AVersionThatIsForgottenCannotBeListed(Session& session) {
  EXPECT_EQ(session.Get(session.Leases() + "?resourceVersionMatch=Exact&resourceVersion=1").Said(), "410 Expired");
  EXPECT_EQ(session.Get(session.Leases() + "?limit=1&resourceVersion=1").Said(), "410 Expired");
  EXPECT_EQ(session.Get(session.Leases() + "?resourceVersionMatch=NotOlderThan&resourceVersion=1").Said(), "200");
  EXPECT_EQ(session.Get(session.Leases() + "?resourceVersion=1").Said(), "200");
}

void ListOptionsThatMakeNoSenseAreRefused(Session& session) {
  const std::pair<std::string, const char*> cases[] = {
      {"resourceVersion=nonsense", "400 BadRequest"},
      {"limit=nonsense", "400 BadRequest"},
      {std::string("continue=") + kOtherVersion, "400 BadRequest"},
      {std::string("resourceVersion=5&continue=") + kLongAgo, "400 BadRequest"},
      {std::string("resourceVersion=5&resourceVersionMatch=Exact&continue=") + kLongAgo, "422 Invalid"},
      {"resourceVersion=5&resourceVersionMatch=Nonsense", "422 Invalid"},
      {"resourceVersion=0&resourceVersionMatch=Exact", "422 Invalid"}};
  for (const auto& [options, wanted] : cases) {
    EXPECT_EQ(session.Get(session.Leases() + "?" + options).Said(), wanted) << options;
  }
}

void WithASelectorTheLastPageMayBeEmpty(Session& session) {
  session.MakeLease("a", {{"app", "x"}});
  session.MakeLease("b");
  const Answer first = session.Get(session.Leases() + "?limit=1&labelSelector=app%3Dx");
  EXPECT_EQ(Names(first.body), "a");
  const std::string token = first["metadata"]["continue"].StringOr("");
  ASSERT_NE(token, "");
  const Answer second = session.Get(session.Leases() + "?limit=1&labelSelector=app%3Dx&continue=" + token);
  EXPECT_EQ(Names(second.body), "");
  EXPECT_EQ(second["metadata"]["continue"].StringOr(""), "");
}

void FieldsThatCannotBeSelectedAreRefused(Session& session) {
  const std::pair<std::string, int> cases[] = {
      {session.Leases() + "?fieldSelector=metadata.namespace%3D" + session.name_space(), 200},
      {session.Leases() + "?fieldSelector=metadata.name%3D%3Da", 200},
      {session.Leases() + "?fieldSelector=spec.holderIdentity%3Dx", 400},
      {session.Leases() + "?fieldSelector=nonsense", 400},
      {session.Leases() + "?fieldSelector=%3Dx", 400},
      {session.Pods() + "?fieldSelector=spec.nodeName%3Dx", 200},
      {session.Pods() + "?fieldSelector=status.reason%3Dx", 400},
      {session.Workflows() + "?fieldSelector=spec.suspend%3Dtrue", 200},
      {session.Workflows() + "?fieldSelector=status.message%3Dx", 400}};
  for (const auto& [target, wanted] : cases) EXPECT_EQ(session.Get(target).status, wanted) << target;
}

void WhatIsSuspendedIsSelectedByIt(Session& session) {
  session.MakeWorkflow("a");
  session.MakeWorkflow("b");
  session.MergePatch(session.Workflows() + "/b", json::Object{{"spec", json::Object{{"suspend", true}}}});
  EXPECT_EQ(Names(session.Get(session.Workflows() + "?fieldSelector=spec.suspend%3Dtrue").body), "b");
}

}  // namespace

std::vector<Case> ListCases() {
  return {
      {"ListSeesWhatWasJustWritten", ListSeesWhatWasJustWritten},
      {"PagesAreOneSnapshot", PagesAreOneSnapshot},
      {"APageSaysHowManyRemainUnlessASelectorHidesSome", APageSaysHowManyRemainUnlessASelectorHidesSome},
      {"AContinueTokenThatIsNoneIsABadRequest", AContinueTokenThatIsNoneIsABadRequest},
      {"ALimitIsIgnoredWhenAnyAgeIsAllowed", ALimitIsIgnoredWhenAnyAgeIsAllowed},
      {"AVersionFromTheFutureIsATimeoutWithItsCause", AVersionFromTheFutureIsATimeoutWithItsCause},
      {"ExactVersionListsThePast", ExactVersionListsThePast},
      {"MatchWithoutVersionIsInvalid", MatchWithoutVersionIsInvalid},
      {"MetadataAloneCanBeListed", MetadataAloneCanBeListed},
      {"ItemsOfBuiltInListsDoNotSayTheirKind", ItemsOfBuiltInListsDoNotSayTheirKind},
      {"LabelSelectorsSelect", LabelSelectorsSelect},
      {"FieldSelectorsSelect", FieldSelectorsSelect},
      {"WorkflowsAreSelectedByTheirState", WorkflowsAreSelectedByTheirState},
      {"AListOfAllNamespacesIsInTheOrderOfKeys", AListOfAllNamespacesIsInTheOrderOfKeys},
      {"AnExpiredPageOffersToGoOnWithWhatIsThereNow", AnExpiredPageOffersToGoOnWithWhatIsThereNow},
      {"AVersionThatIsForgottenCannotBeListed", AVersionThatIsForgottenCannotBeListed},
      {"ListOptionsThatMakeNoSenseAreRefused", ListOptionsThatMakeNoSenseAreRefused},
      {"WithASelectorTheLastPageMayBeEmpty", WithASelectorTheLastPageMayBeEmpty},
      {"FieldsThatCannotBeSelectedAreRefused", FieldsThatCannotBeSelectedAreRefused},
      {"WhatIsSuspendedIsSelectedByIt", WhatIsSuspendedIsSelectedByIt},
  };
}

}  // namespace coreflow::conformance
