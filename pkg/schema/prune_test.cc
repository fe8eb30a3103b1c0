#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {
namespace {

constexpr const char* kSchema = R"(
type: object
properties:
  spec:
    type: object
    properties:
      name: {type: string}
      labels: {type: object, additionalProperties: {type: string}}
      steps: {type: array, items: {type: object, properties: {name: {type: string}}}}
      free: {type: object, x-kubernetes-preserve-unknown-fields: true,
             properties: {known: {type: object, properties: {a: {type: string}}}}}
      pod: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
)";

struct Case {
  const char* name;
  const char* object;
  const char* want;
  std::vector<std::string> unknown{};
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class PruneTest : public testing::TestWithParam<Case> {};

TEST_P(PruneTest, DropsWhatTheSchemaDoesNotKnow) {
  Pruned pruned = SchemaOf(kSchema).Prune(Yaml(GetParam().object));
  EXPECT_EQ(pruned.value, Yaml(GetParam().want));
  EXPECT_EQ(pruned.unknown, GetParam().unknown);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, PruneTest,
    testing::Values(Case{.name = "KnownFieldsStay",
                         .object = "spec: {name: a, labels: {x: v}, steps: [{name: b}]}",
                         .want = "spec: {name: a, labels: {x: v}, steps: [{name: b}]}"},
                    Case{.name = "UnknownFieldsAreNamedInOrder",
                         .object = "spec: {zz: 1, name: a, steps: [{name: b}, {nmae: c}]}\nextra: {deep: 1}",
                         .want = "spec: {name: a, steps: [{name: b}, {}]}",
                         .unknown = {"extra", "spec.steps[1].nmae", "spec.zz"}},
                    Case{.name = "MetadataIsNotLookedAt",
                         .object = "{apiVersion: v1, kind: A, metadata: {name: a, whatever: 1}, spec: {}}",
                         .want = "{apiVersion: v1, kind: A, metadata: {name: a, whatever: 1}, spec: {}}"},
                    Case{.name = "WhatIsPreservedStaysButForWhatIsKnown",
                         .object = "spec: {free: {any: {thing: 1}, known: {a: b, c: d}}}",
                         .want = "spec: {free: {any: {thing: 1}, known: {a: b}}}",
                         .unknown = {"spec.free.known.c"}},
                    Case{.name = "EmbeddedResourcesKeepWhatTheyAre",
                         .object = "spec: {pod: {kind: Pod, metadata: {labels: {a: b}}, other: 1}}",
                         .want = "spec: {pod: {kind: Pod, metadata: {labels: {a: b}}}}",
                         .unknown = {"spec.pod.other"}}),
    [](const auto& info) { return info.param.name; });

TEST(Prune, SharesWhatDoesNotChange) {
  json::Value object = Yaml("spec: {labels: {a: b}, steps: [{name: a}], zz: 1}");
  Pruned pruned = SchemaOf(kSchema).Prune(object);
  EXPECT_EQ(&pruned.value["spec"]["labels"].AsObject(), &object["spec"]["labels"].AsObject());
}

}  // namespace
}  // namespace coreflow::schema
