#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {
namespace {

constexpr const char* kDocument = R"(
components:
  schemas:
    io.k8s.Pod:
      type: object
      x-kubernetes-group-version-kind: [{group: '', kind: Pod, version: v1}]
      properties:
        spec: {allOf: [{$ref: '#/components/schemas/io.k8s.PodSpec'}], default: {}, description: What is wanted.}
        again: {$ref: '#/components/schemas/io.k8s.Pod'}
    io.k8s.PodSpec:
      type: object
      required: [containers]
      properties:
        containers:
          type: array
          x-kubernetes-list-type: map
          x-kubernetes-list-map-keys: [name]
          x-kubernetes-patch-merge-key: name
          x-kubernetes-patch-strategy: merge,retainKeys
          items: {allOf: [{$ref: '#/components/schemas/io.k8s.Container'}], default: {}}
        any: {$ref: '#/components/schemas/io.k8s.Raw'}
    io.k8s.Container: {type: object, properties: {name: {type: string, default: ''}}}
    io.k8s.Raw: {type: object}
)";

Schema Pod() { return *Document::Parse(Yaml(kDocument))->FindKind("", "v1", "Pod"); }

TEST(Document, FollowsReferencesAlsoInCircles) {
  const Schema pod = Pod();
  const Node& root = pod.root();
  EXPECT_EQ(MemberOf(&root, "again"), &root);
  const Node* spec = MemberOf(&root, "spec");
  EXPECT_EQ(spec->description, "What is wanted.");
  EXPECT_EQ(spec->default_value, json::Value(json::Object()));
  const Node* containers = MemberOf(spec, "containers");
  EXPECT_EQ(containers->patch_merge_key, "name");
  EXPECT_EQ(containers->patch_strategies, (std::vector<std::string>{"merge", "retainKeys"}));
  EXPECT_EQ(MemberOf(containers->items, "name")->type, Type::kString);
}

TEST(Document, PrunesAndValidates) {
  Pruned pruned =
      Pod().Prune(Yaml("{spec: {containers: [{name: a, nmae: b}], any: {thing: {goes: 1}}}, again: {x: 1}}"));
  EXPECT_EQ(pruned.unknown, (std::vector<std::string>{"again.x", "spec.containers[0].nmae"}));
  EXPECT_EQ(pruned.value["spec"]["any"], Yaml("{thing: {goes: 1}}"));
  EXPECT_EQ(Show(Pod().Validate(Yaml("{again: {spec: {}}}"))),
            "FieldValueRequired again.spec.containers: Required value");
}

TEST(Document, FindsByName) {
  auto document = Document::Parse(Yaml(kDocument));
  EXPECT_TRUE(document->Find("io.k8s.Raw").has_value());
  EXPECT_FALSE(document->Find("io.k8s.Other").has_value());
  EXPECT_FALSE(document->FindKind("apps", "v1", "Pod").has_value());
}

TEST(Document, RefusesReferencesThatLeadNowhere) {
  auto document = Document::Parse(Yaml("{definitions: {A: {properties: {b: {$ref: '#/definitions/B'}}}}}"));
  ASSERT_FALSE(document.has_value());
  EXPECT_EQ(document.error().message, "A.properties.b: $ref leads nowhere: #/definitions/B");
}

}  // namespace
}  // namespace coreflow::schema
