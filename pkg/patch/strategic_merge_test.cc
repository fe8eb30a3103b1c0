#include "pkg/patch/strategic_merge.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

const schema::Schema& Pod() {
  static const schema::Document kDocument = *schema::Document::Parse(Yaml(R"(
components:
  schemas:
    Pod:
      type: object
      properties:
        finalizers: {type: array, items: {type: string}, x-kubernetes-patch-strategy: merge}
        args: {type: array, items: {type: string}}
        labels: {type: object, additionalProperties: {type: string}}
        strategy: {type: object, x-kubernetes-patch-strategy: retainKeys, properties: {type: {type: string},
                   rolling: {type: object}}}
        containers:
          type: array
          x-kubernetes-patch-strategy: merge
          x-kubernetes-patch-merge-key: name
          items: {allOf: [{$ref: '#/components/schemas/Container'}], default: {}}
    Container:
      type: object
      properties:
        name: {type: string}
        image: {type: string}
        env:
          type: array
          x-kubernetes-patch-strategy: merge
          x-kubernetes-patch-merge-key: name
          items: {type: object, properties: {name: {type: string}, value: {type: string}}}
)"));
  static const schema::Schema kPod = *kDocument.Find("Pod");
  return kPod;
}

struct Case {
  const char* name;
  const char* target;
  const char* patch;
  const char* want;  // or the error
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class StrategicMergeTest : public testing::TestWithParam<Case> {};

TEST_P(StrategicMergeTest, Patches) {
  auto got = StrategicMerge(Yaml(GetParam().target), Yaml(GetParam().patch), &Pod().root());
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(json::Write(*got), json::Write(Yaml(GetParam().want)));
}

INSTANTIATE_TEST_SUITE_P(
    Tables, StrategicMergeTest,
    testing::Values(
        Case{"MapsAreMergedAndNullRemoves", "labels: {a: b, c: d}", "labels: {a: null, e: f, g: null}",
             "labels: {c: d, e: f}"},
        Case{"NewMapsHaveNoNulls", "{}", "labels: {a: null, b: c}", "labels: {b: c}"},
        Case{"ListsWithoutStrategyAreReplaced", "args: [a, b]", "args: [c]", "args: [c]"},
        Case{"ListsAreMergedByKey", "containers: [{name: a, image: x}, {name: b}]",
             "containers: [{name: b, image: z}, {name: c}]",
             "containers: [{name: a, image: x}, {name: b, image: z}, {name: c}]"},
        Case{"ListsWithinLists", "containers: [{name: a, env: [{name: x, value: '1'}]}]",
             "containers: [{name: a, env: [{name: z, value: '2'}]}]",
             "containers: [{name: a, env: [{name: z, value: '2'}, {name: x, value: '1'}]}]"},
        Case{"SetsAreMerged", "finalizers: [a, b]", "finalizers: [b, c]", "finalizers: [a, b, c]"},
        Case{"ElementsAreDeleted", "containers: [{name: a}, {name: b}]", "containers: [{name: a, $patch: delete}]",
             "containers: [{name: b}]"},
        Case{"ListsAreReplaced", "containers: [{name: a}, {name: b}]", "containers: [{$patch: replace}, {name: c}]",
             "containers: [{name: c}]"},
        Case{"MapsAreReplaced", "labels: {a: b}", "labels: {$patch: replace, c: d}", "labels: {c: d}"},
        Case{"MapsAreEmptied", "labels: {a: b}", "labels: {$patch: delete}", "labels: {}"},
        Case{"ScalarsAreDeleted", "finalizers: [a, b, c]", "{'$deleteFromPrimitiveList/finalizers': [a, c]}",
             "finalizers: [b]"},
        Case{"RetainKeysDropsTheOthers", "strategy: {type: Rolling, rolling: {max: 1}}",
             "strategy: {$retainKeys: [type], type: Recreate}", "strategy: {type: Recreate}"},
        Case{"DirectivesWithinNewElementsAreDropped", "{}",
             "containers: [{name: a, env: [{name: x}], '$setElementOrder/env': [{name: x}]}]",
             "containers: [{name: a, env: [{name: x}]}]"},
        Case{"OrderIsSet", "containers: [{name: a}, {name: b}, {name: c}]",
             "{'$setElementOrder/containers': [{name: c}, {name: a}], containers: [{name: a, image: x}]}",
             "containers: [{name: b}, {name: c}, {name: a, image: x}]"},
        Case{"OrderOfScalarsIsSet", "finalizers: [a, b]",
             "{'$setElementOrder/finalizers': [c, a], finalizers: [c], '$deleteFromPrimitiveList/finalizers': [b]}",
             "finalizers: [c, a]"}),
    [](const auto& info) { return info.param.name; });

TEST(StrategicMerge, RefusesWhatCannotBeDone) {
  auto error = [](const char* patch) {
    auto got = StrategicMerge(Yaml("{containers: [{name: a}], strategy: {type: x}}"), Yaml(patch), &Pod().root());
    return got ? json::Write(*got) : got.error().message;
  };
  EXPECT_EQ(error("[]"), "invalid JSON document");
  EXPECT_EQ(error("containers: [{image: a}]"), "map: {\"image\":\"a\"} does not contain declared merge key: name");
  EXPECT_EQ(error("containers: [{name: a, $patch: merge}]"), "merging lists cannot yet be specified in the patch");
  EXPECT_EQ(error("strategy: {$patch: other}"), "unknown patch type: other in map: {\"$patch\":\"other\"}");
  EXPECT_EQ(error("strategy: {$retainKeys: [type], rolling: {}}"), "invalid patch format of retainKeys");
  EXPECT_EQ(error("{'$setElementOrder/containers': 1}"), "invalid patch format of setElementOrder list");
}

TEST(StrategicMerge, WithoutSchemaListsAreReplaced) {
  auto got = StrategicMerge(Yaml("{a: [1, 2], b: {c: 1}}"), Yaml("{a: [3], b: {d: 2}}"), nullptr);
  EXPECT_EQ(*got, Yaml("{a: [3], b: {c: 1, d: 2}}"));
}

}  // namespace
}  // namespace coreflow::patch
