// What kubectl and helm need besides.
#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

using json::Array;
using json::Object;

json::Value CoreEvent(const Session& session, const std::string& name, const std::string& about) {
  return Object{{"apiVersion", "v1"},
                {"kind", "Event"},
                {"metadata", Object{{"name", name}}},
                {"involvedObject", Object{{"kind", "Pod"}, {"name", about}, {"namespace", session.name_space()}}},
                {"reason", "Tested"},
                {"message", "a test"},
                {"type", "Normal"},
                {"source", Object{{"component", "tester"}}},
                {"count", 3},
                {"firstTimestamp", "2026-01-01T00:00:00Z"},
                {"lastTimestamp", "2026-01-01T00:00:01Z"}};
}

void AnEventIsTheSameInBothGroups(Session& session) {
  const std::string core = session.Collection("v1", "events");
  const std::string other = session.Collection("events.k8s.io/v1", "events");
  EXPECT_EQ(session.Post(core, CoreEvent(session, "e", "p")).Said(), "201");
  const Answer seen = session.Get(other + "/e");
  EXPECT_EQ(seen["apiVersion"], json::Value("events.k8s.io/v1"));
  EXPECT_EQ(seen["note"], json::Value("a test"));
  EXPECT_EQ(seen["regarding"]["name"], json::Value("p"));
  EXPECT_EQ(seen["deprecatedCount"], json::Value(3));
  EXPECT_EQ(seen["deprecatedSource"]["component"], json::Value("tester"));
  EXPECT_EQ(seen["deprecatedLastTimestamp"], json::Value("2026-01-01T00:00:01Z"));
  const Answer back = session.Get(core + "/e");
  EXPECT_EQ(back["apiVersion"], json::Value("v1"));
  EXPECT_EQ(back["message"], json::Value("a test"));
  EXPECT_TRUE(back["note"].IsNull());
  EXPECT_EQ(VersionOf(back.body), VersionOf(seen.body));
  EXPECT_EQ(session.Get(core + "/f")["message"], json::Value("events \"f\" not found"));
  EXPECT_EQ(session.Delete(core + "/e").Said(), "200");
  EXPECT_EQ(session.Get(other + "/e").Said(), "404 NotFound");
}

void EventsAreSelectedByWhatTheyAreAbout(Session& session) {
  const std::string core = session.Collection("v1", "events");
  session.Post(core, CoreEvent(session, "e", "p"));
  session.Post(core, CoreEvent(session, "f", "q"));
  EXPECT_EQ(Names(session.Get(core + "?fieldSelector=involvedObject.name%3Dp,type%3DNormal").body), "e");
  EXPECT_EQ(Names(session.Get(core + "?fieldSelector=involvedObject.kind%3DPod").body), "e f");
  const std::string other = session.Collection("events.k8s.io/v1", "events");
  EXPECT_EQ(Names(session.Get(other + "?fieldSelector=regarding.name%3Dq").body), "f");
  EXPECT_EQ(session.Get(other + "?fieldSelector=involvedObject.name%3Dq").Said(), "400 BadRequest");
}

void EventsOfTheCoreGroupCanBeWatchedAndPatched(Session& session) {
  const std::string core = session.Collection("v1", "events");
  session.Post(core, CoreEvent(session, "e", "p"));
  WatchLog log = session.Watch(core);
  EXPECT_EQ(Said(log.Await(1)), "ADDED e");
  const Answer patched =
      session.Patch(core + "/e", "application/strategic-merge-patch+json", Object{{"count", 4}, {"message", "more"}});
  EXPECT_EQ(patched["count"], json::Value(4));
  const auto frames = log.Await(2);
  ASSERT_EQ(Said(frames), "ADDED e, MODIFIED e");
  EXPECT_EQ(frames[1].object["message"], json::Value("more"));
  EXPECT_EQ(session.Get(session.Collection("events.k8s.io/v1", "events") + "/e")["note"], json::Value("more"));
}

void TextsOfASecretBecomeData(Session& session) {
  const json::Value secret = Object{{"apiVersion", "v1"},
                                    {"kind", "Secret"},
                                    {"metadata", Object{{"name", "s"}}},
                                    {"stringData", Object{{"a", "b"}}},
                                    {"data", Object{{"a", "eA=="}, {"c", "eQ=="}}}};
  const Answer made = session.Post(session.Collection("v1", "secrets"), secret);
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(json::Write(made["data"]), R"({"a":"Yg==","c":"eQ=="})");
  EXPECT_TRUE(made["stringData"].IsNull());
  EXPECT_EQ(made["type"], json::Value("Opaque"));
}

void AnObjectCanBeSentInProtobuf(Session& session) {
  // A Secret s with data a: "b" and an empty type, as client-go writes it.
  using std::string_literals::operator""s;
  const std::string meta = "\x0a\x01s\x12\x00\x1a\x00\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00"s;
  const std::string secret =
      "\x0a"s + static_cast<char>(meta.size()) + meta + "\x12\x06\x0a\x01\x61\x12\x01\x62\x1a\x00"s;
  const std::string type = "\x0a\x02v1\x12\x06Secret"s;
  const std::string body = "k8s\0\x0a"s + static_cast<char>(type.size()) + type + "\x12" +
                           static_cast<char>(secret.size()) + secret + "\x1a\x00\x22\x00"s;
  const Answer made =
      session.Raw("POST", session.Collection("v1", "secrets"), "application/vnd.kubernetes.protobuf", body);
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  EXPECT_EQ(made["metadata"]["name"], json::Value("s"));
  EXPECT_EQ(json::Write(made["data"]), R"({"a":"Yg=="})");
  EXPECT_EQ(made["type"], json::Value("Opaque"));
}

void AnObjectCanBeSentInYaml(Session& session) {
  const Answer made = session.Raw("POST", session.Collection("v1", "configmaps"), "application/yaml",
                                  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n");
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made["data"]["a"], json::Value("b"));
}

void ANodeIsMadeWithItsStatus(Session& session) {
  const std::string name = session.name_space() + "-node";
  const Object ready{{"type", "Ready"}, {"status", "True"}};
  const Answer made = session.Post("/api/v1/nodes", Object{{"apiVersion", "v1"},
                                                           {"kind", "Node"},
                                                           {"metadata", Object{{"name", name}}},
                                                           {"status", Object{{"conditions", Array{ready}}}}});
  EXPECT_EQ(made.Said(), "201");
  EXPECT_EQ(made["status"]["conditions"].Elements().size(), 1U);
  EXPECT_EQ(session.Delete("/api/v1/nodes/" + name).Said(), "200");
}

void ACrdIsEstablished(Session& session) {
  const std::string crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const Answer crd = session.Get(crds + "/workflows.coreflow.dev");
  EXPECT_EQ(crd.Said(), "200");
  std::string conditions;
  for (const json::Value& condition : crd["status"]["conditions"].Elements()) {
    conditions += condition["type"].StringOr("") + "=" + condition["status"].StringOr("") + " ";
  }
  EXPECT_EQ(conditions, "NamesAccepted=True Established=True ");
  EXPECT_EQ(crd["status"]["acceptedNames"]["kind"], json::Value("Workflow"));
  EXPECT_EQ(crd["status"]["storedVersions"], json::Value(Array{"v1alpha1"}));
  const json::Value again = Object{{"apiVersion", "apiextensions.k8s.io/v1"},
                                   {"kind", "CustomResourceDefinition"},
                                   {"metadata", Object{{"name", "workflows.coreflow.dev"}}},
                                   {"spec", crd["spec"]}};
  EXPECT_EQ(session.Post(crds, again).Said(), "409 AlreadyExists");
}

}  // namespace

std::vector<Case> KubectlCases() {
  return {
      {"AnEventIsTheSameInBothGroups", AnEventIsTheSameInBothGroups},
      {"EventsAreSelectedByWhatTheyAreAbout", EventsAreSelectedByWhatTheyAreAbout},
      {"EventsOfTheCoreGroupCanBeWatchedAndPatched", EventsOfTheCoreGroupCanBeWatchedAndPatched},
      {"TextsOfASecretBecomeData", TextsOfASecretBecomeData},
      {"AnObjectCanBeSentInProtobuf", AnObjectCanBeSentInProtobuf},
      {"AnObjectCanBeSentInYaml", AnObjectCanBeSentInYaml},
      {"ANodeIsMadeWithItsStatus", ANodeIsMadeWithItsStatus},
      {"ACrdIsEstablished", ACrdIsEstablished},
  };
}

}  // namespace coreflow::conformance
