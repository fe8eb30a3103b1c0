#include "pkg/patch/fields.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/patch/shape.h"
#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

const schema::Node* Root() { return &TestSchema().root(); }

std::string Fields(std::string_view object) { return json::Write(FieldsOf(Yaml(object), Root()).ToJson()); }

TEST(Fields, LeavesAreFieldsAndSoAreElementsAndFreeNames) {
  EXPECT_EQ(Fields("spec: {name: a, labels: {x: z}, steps: [{name: b, args: [c, d]}], set: [e], atomic: {f: g}}"),
            R"({"f:spec":{"f:atomic":{},"f:labels":{"f:x":{}},"f:name":{},"f:set":{"v:\"e\"":{}},)"
            R"("f:steps":{"k:{\"name\":\"b\"}":{".":{},"f:args":{},"f:name":{}}}}})");
}

TEST(Fields, EmptyMapsAreFieldsEmptyKeyedListsAreNot) {
  EXPECT_EQ(Fields("spec: {labels: {}, steps: [], config: {a: {}}}"),
            R"({"f:spec":{"f:config":{"f:a":{}},"f:labels":{}}})");
}

TEST(Fields, MissingKeysHaveTheirDefaults) {
  EXPECT_EQ(Fields("spec: {ports: [{port: 80}, {port: 80, protocol: UDP}]}"),
            R"({"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}},)"
            R"("k:{\"port\":80,\"protocol\":\"UDP\"}":{".":{},"f:port":{},"f:protocol":{}}}}})");
}

TEST(Fields, WithoutSchemaMapsAreGranularAndListsAtomic) {
  EXPECT_EQ(json::Write(FieldsOf(Yaml("{a: {b: [1, 2]}}"), nullptr).ToJson()), R"({"f:a":{".":{},"f:b":{}}})");
}

struct CompareCase {
  const char* name;
  const char* before;
  const char* after;
  const char* removed = "{}";
  const char* modified = "{}";
  const char* added = "{}";
};
void PrintTo(const CompareCase& test, std::ostream* out) { *out << test.name; }

class CompareTest : public testing::TestWithParam<CompareCase> {};

TEST_P(CompareTest, TellsWhatChanged) {
  Comparison got = Compare(Yaml(GetParam().before), Yaml(GetParam().after), Root());
  EXPECT_EQ(json::Write(got.removed.ToJson()), GetParam().removed);
  EXPECT_EQ(json::Write(got.modified.ToJson()), GetParam().modified);
  EXPECT_EQ(json::Write(got.added.ToJson()), GetParam().added);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, CompareTest,
    testing::Values(
        CompareCase{.name = "Nothing", .before = "spec: {name: a, count: 1}", .after = "spec: {name: a, count: 1.0}"},
        CompareCase{.name = "Leaves",
                    .before = "spec: {name: a, note: b}",
                    .after = "spec: {name: c, count: 1}",
                    .removed = R"({"f:spec":{"f:note":{}}})",
                    .modified = R"({"f:spec":{"f:name":{}}})",
                    .added = R"({"f:spec":{"f:count":{}}})"},
        CompareCase{.name = "NewMapsAreFieldsThemselves",
                    .before = "spec: {}",
                    .after = "spec: {labels: {a: b}}",
                    .added = R"({"f:spec":{"f:labels":{".":{},"f:a":{}}}})"},
        CompareCase{.name = "ElementsByTheirKeys",
                    .before = "spec: {steps: [{name: a, image: x}, {name: b}]}",
                    .after = "spec: {steps: [{name: c}, {name: a, image: z}]}",
                    .removed = R"({"f:spec":{"f:steps":{"k:{\"name\":\"b\"}":{".":{},"f:name":{}}}}})",
                    .modified = R"({"f:spec":{"f:steps":{"k:{\"name\":\"a\"}":{"f:image":{}}}}})",
                    .added = R"({"f:spec":{"f:steps":{"k:{\"name\":\"c\"}":{".":{},"f:name":{}}}}})"},
        CompareCase{.name = "SetsByTheirElements",
                    .before = "spec: {set: [a, b]}",
                    .after = "spec: {set: [b, c]}",
                    .removed = R"({"f:spec":{"f:set":{"v:\"a\"":{}}}})",
                    .added = R"({"f:spec":{"f:set":{"v:\"c\"":{}}}})"},
        CompareCase{.name = "AtomicMapsAsAWhole",
                    .before = "spec: {atomic: {a: b}}",
                    .after = "spec: {atomic: {a: c, d: e}}",
                    .modified = R"({"f:spec":{"f:atomic":{}}})"},
        CompareCase{.name = "EmptyIsNotAbsent",
                    .before = "spec: {labels: {}}",
                    .after = "spec: {}",
                    .removed = R"({"f:spec":{"f:labels":{}}})"},
        CompareCase{.name = "ElementsThatStandTwice",
                    .before = "spec: {set: [a, a]}",
                    .after = "spec: {set: [a]}",
                    .removed = R"({"f:spec":{"f:set":{"v:\"a\"":{}}}})",
                    .added = R"({"f:spec":{"f:set":{"v:\"a\"":{}}}})"}),
    [](const auto& info) { return info.param.name; });

struct MergeCase {
  const char* name;
  const char* live;
  const char* applied;
  const char* want;
};
void PrintTo(const MergeCase& test, std::ostream* out) { *out << test.name; }

class MergeTest : public testing::TestWithParam<MergeCase> {};

TEST_P(MergeTest, PutsTheAppliedIn) {
  EXPECT_EQ(MergeApplied(Yaml(GetParam().live), Yaml(GetParam().applied), Root()), Yaml(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Tables, MergeTest,
    testing::Values(MergeCase{"Maps", "spec: {name: a, labels: {a: b}}", "spec: {note: c, labels: {d: e}}",
                              "spec: {name: a, note: c, labels: {a: b, d: e}}"},
                    MergeCase{"Atomic", "spec: {atomic: {a: b}}", "spec: {atomic: {c: d}}", "spec: {atomic: {c: d}}"},
                    MergeCase{"ListsByKeys", "spec: {steps: [{name: a, image: x}, {name: b}]}",
                              "spec: {steps: [{name: c}, {name: a, args: [z]}]}",
                              "spec: {steps: [{name: c}, {name: a, image: x, args: [z]}, {name: b}]}"},
                    MergeCase{"OrderOfTheApplied", "spec: {set: [a, b, c]}", "spec: {set: [c, a]}",
                              "spec: {set: [b, c, a]}"},
                    MergeCase{"OthersStayWhereTheyAre", "spec: {set: [x, a, z, b]}", "spec: {set: [a, n, b]}",
                              "spec: {set: [x, a, z, n, b]}"},
                    MergeCase{"EmptyKeepsWhatIsThere", "spec: {labels: {a: b}, set: [a]}",
                              "spec: {labels: {}, set: []}", "spec: {labels: {a: b}, set: [a]}"},
                    MergeCase{"AnotherKindOfValue", "spec: {config: {a: [1]}}", "spec: {config: {a: {b: 1}}}",
                              "spec: {config: {a: {b: 1}}}"}),
    [](const auto& info) { return info.param.name; });

TEST(Remove, TakesFieldsOut) {
  json::Value object = Yaml("spec: {name: a, labels: {a: b, c: d}, steps: [{name: a, image: x}, {name: b}], set: [e]}");
  auto fields = FieldSet::FromJson(Yaml(R"({"f:spec": {"f:name": {}, "f:labels": {"f:a": {}},
      "f:steps": {'k:{"name":"b"}': {}, 'k:{"name":"a"}': {"f:image": {}}}, "f:set": {'v:"e"': {}}}})"));
  EXPECT_EQ(Remove(object, *fields, Root()), Yaml("spec: {labels: {c: d}, steps: [{name: a}]}"));
}

TEST(CannotApply, SaysWhy) {
  auto why = [](const char* object) { return CannotApply(Yaml(object), Root()); };
  EXPECT_EQ(why("spec: {name: a, config: {any: {thing: 1}}, labels: {a: b}}"), "");
  EXPECT_EQ(why("spec: {nmae: a}"), ".spec.nmae: field not declared in schema");
  EXPECT_EQ(why("spec: {steps: [{name: a}, {name: a}]}"), ".spec.steps: duplicate entries for key [name=\"a\"]");
  EXPECT_EQ(
      why("spec: {steps: [{image: a}]}"),
      ".spec.steps: element 0: associative list with keys has an element that omits all key fields [\"name\"] (and "
      "doesn't have default values for any key fields)");
  EXPECT_EQ(why("spec: {steps: [{name: a, z: 1}], set: [{}]}"),
            "errors:\n  .spec.set: element 0: associative list without keys has an element that's a map type\n"
            "  .spec.steps[name=\"a\"].z: field not declared in schema");
}

}  // namespace
}  // namespace coreflow::patch
