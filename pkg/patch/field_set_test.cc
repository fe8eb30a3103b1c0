#include "pkg/patch/field_set.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

FieldSet Set(std::string_view text) {
  auto set = FieldSet::FromJson(Yaml(text));
  EXPECT_TRUE(set.has_value());
  return *set;
}

TEST(FieldSet, ReadsBackWhatItWrites) {
  json::Value fields = Yaml(R"({"f:metadata": {"f:labels": {".": {}, "f:app": {}}},
      "f:spec": {"f:steps": {'k:{"name":"a"}': {".": {}, "f:image": {}}}, "f:set": {'v:"x"': {}}, "f:list": {"i:0": {}}}})");
  EXPECT_EQ(FieldSet::FromJson(fields)->ToJson(), fields);
}

TEST(FieldSet, WritesKeysInOneWay) {
  EXPECT_EQ(Set(R"({'k:{"b": 2, "a":"x"}': {}})"), Set(R"({'k:{"a":"x","b":2}': {}})"));
}

TEST(FieldSet, LeavesOutWhatItDoesNotKnow) { EXPECT_EQ(Set(R"({"z:new": {}, "f:a": {}})"), Set(R"({"f:a": {}})")); }

TEST(FieldSet, RefusesWhatIsNone) {
  EXPECT_FALSE(FieldSet::FromJson(json::Array()).has_value());
  EXPECT_FALSE(FieldSet::FromJson(Yaml("{a: {}}")).has_value());
  EXPECT_FALSE(FieldSet::FromJson(Yaml("{'k:nothing': {}}")).has_value());
}

TEST(FieldSet, Unites) {
  EXPECT_EQ(Set(R"({"f:a": {"f:b": {}}})").Union(Set(R"({"f:a": {".": {}, "f:c": {}}, "f:d": {}})")),
            Set(R"({"f:a": {".": {}, "f:b": {}, "f:c": {}}, "f:d": {}})"));
}

TEST(FieldSet, Intersects) {
  EXPECT_EQ(Set(R"({"f:a": {".": {}, "f:b": {}}, "f:c": {}})").Intersection(Set(R"({"f:a": {"f:b": {}}, "f:d": {}})")),
            Set(R"({"f:a": {"f:b": {}}})"));
}

TEST(FieldSet, SubtractsMembersOnly) {
  EXPECT_EQ(Set(R"({"f:a": {".": {}, "f:b": {}}, "f:c": {}})").Difference(Set(R"({"f:a": {}, "f:c": {}})")),
            Set(R"({"f:a": {"f:b": {}}})"));
  EXPECT_EQ(Set(R"({"f:a": {}})").Difference(Set(R"({"f:a": {"f:b": {}}})")), Set(R"({"f:a": {}})"));
}

TEST(FieldSet, SubtractsWhatIsBelow) {
  EXPECT_EQ(Set(R"({"f:a": {"f:b": {}}, "f:c": {"f:d": {}, "f:e": {}}})")
                .RecursiveDifference(Set(R"({"f:a": {}, "f:c": {"f:d": {}}})")),
            Set(R"({"f:c": {"f:e": {}}})"));
}

TEST(FieldSet, ShowsPathsAsPeopleReadThem) {
  std::string shown;
  FieldSet set = Set(R"({"f:spec": {"f:steps": {'k:{"name":"a","port":80}': {"f:image": {}}}, "f:set": {'v:"x"': {}},
                         "f:list": {"i:0": {}}}})");
  for (const FieldPath& path : set.Paths()) shown += ShowPath(path) + " ";
  EXPECT_EQ(shown, ".spec.list[0] .spec.set[=\"x\"] .spec.steps[name=\"a\",port=80].image ");
}

}  // namespace
}  // namespace coreflow::patch
