#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/patch/apply.h"
#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

Writer By(const char* manager, int day, const char* subresource = "") {
  return {.manager = manager,
          .api_version = "v1",
          .subresource = subresource,
          .time = *ParseTime("2026-01-0" + std::to_string(day) + "T00:00:00Z")};
}

json::Value Track(const json::Value& live, const char* next, const Writer& writer) {
  json::Object object = Yaml(next).Members();
  if (!live.IsNull() && !object.contains("metadata")) object["metadata"] = live["metadata"];
  return TrackUpdate(live, object, &TestSchema().root(), writer);
}

// "manager/subresource day: fields", a line for each entry.
std::string Owners(const json::Value& object) {
  std::string out;
  for (const json::Value& entry : object["metadata"]["managedFields"].Elements()) {
    out += entry["manager"].AsString() + "/" + entry["subresource"].StringOr("") + " " +
           entry["time"].StringOr("").substr(8, 2) + ": " + json::Write(entry["fieldsV1"]) + "\n";
  }
  return out;
}

constexpr const char* kCreated = "{metadata: {name: a, labels: {x: z}}, spec: {name: a, set: [s]}}";

TEST(TrackUpdate, WhoCreatesOwnsAllButTheIdentity) {
  EXPECT_EQ(
      Owners(Track(json::Value(), kCreated, By("kubectl", 1))),
      "kubectl/ 01: {\"f:metadata\":{\"f:labels\":{\".\":{},\"f:x\":{}}},\"f:spec\":{\".\":{},\"f:name\":{},\"f:set\":{"
      "\".\":{},\"v:\\\"s\\\"\":{}}}}\n");
}

TEST(TrackUpdate, WhatIsChangedChangesHands) {
  json::Value live = Track(json::Value(), "{metadata: {name: a}, spec: {name: a, note: b}}", By("one", 1));
  live = Track(live, "{spec: {name: a, note: c, count: 1}}", By("two", 2));
  EXPECT_EQ(Owners(live),
            "one/ 01: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n"
            "two/ 02: {\"f:spec\":{\"f:count\":{},\"f:note\":{}}}\n");
  live = Track(live, "{spec: {name: a}}", By("one", 3));
  EXPECT_EQ(Owners(live), "one/ 01: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n");
}

TEST(TrackUpdate, WithoutChangeNothingChanges) {
  json::Value live = Track(json::Value(), kCreated, By("one", 1));
  EXPECT_EQ(Track(live, "{spec: {name: a, set: [s]}}", By("two", 2)), live);
}

TEST(TrackUpdate, StatusHasAnEntryOfItsOwn) {
  json::Value live = Track(json::Value(), "{metadata: {name: a}, spec: {name: a}}", By("one", 1));
  live = Track(live, "{spec: {name: a}, status: {phase: x}}", By("one", 2, "status"));
  EXPECT_EQ(Owners(live),
            "one/ 01: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n"
            "one/status 02: {\"f:status\":{\".\":{},\"f:phase\":{}}}\n");
}

TEST(TrackUpdate, EntriesThatAreNotConcernedStayAsTheyAre) {
  json::Value live = Track(json::Value(), "{metadata: {name: a}, spec: {name: a, steps: [{name: s}]}}", By("one", 1));
  json::Value next = Track(live, "{spec: {name: a, steps: [{name: s, image: i}]}}", By("two", 2));
  EXPECT_EQ(next["metadata"]["managedFields"].AsArray()[0], live["metadata"]["managedFields"].AsArray()[0]);
  next = Track(next, "{spec: {name: a}}", By("three", 3));  // what is gone nobody owns, in whatever depth
  EXPECT_EQ(Owners(next), "one/ 01: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n");
}

TEST(TrackUpdate, RequestsThatForgetManagedFieldsKeepThem) {
  json::Value live = Track(json::Value(), "{metadata: {name: a}, spec: {name: a}}", By("one", 1));
  live = Track(live, "{metadata: {name: a}, spec: {name: b}}", By("two", 2));
  EXPECT_EQ(Owners(live), "one/ 01: {\"f:spec\":{}}\ntwo/ 02: {\"f:spec\":{\"f:name\":{}}}\n");
}

TEST(TrackUpdate, AnEmptyListEndsTheBookkeeping) {
  json::Value live = Track(json::Value(), "{metadata: {name: a}, spec: {name: a}}", By("one", 1));
  EXPECT_EQ(Owners(Track(live, "{metadata: {name: a, managedFields: []}, spec: {name: b}}", By("two", 2))), "");
  EXPECT_EQ(Owners(Track(live, "{metadata: {name: a, managedFields: [{}]}, spec: {name: b}}", By("two", 2))), "");
}

TEST(TrackUpdate, IgnoredFieldsAreNotOwned) {
  Writer writer = By("one", 1);
  writer.ignored = FieldSet::Of({{"status"}});
  EXPECT_EQ(Owners(Track(json::Value(), "{metadata: {name: a}, spec: {name: a}, status: {phase: x}}", writer)),
            "one/ 01: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n");
}

}  // namespace
}  // namespace coreflow::patch
