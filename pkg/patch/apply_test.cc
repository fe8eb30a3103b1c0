#include "pkg/patch/apply.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/patch/managed_fields.h"
#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

constexpr const char* kVersion = "coreflow.dev/v1alpha1";

json::Value Object(std::string_view rest) {
  json::Object object = Yaml(rest).Members();
  object.emplace("apiVersion", kVersion);
  object.emplace("kind", "Workflow");
  object.emplace("metadata", json::Object{{"name", "a"}, {"namespace", "default"}});
  return object;
}

Writer By(const char* manager, int day, const char* subresource = "") {
  return {.manager = manager,
          .api_version = kVersion,
          .subresource = subresource,
          .time = *ParseTime("2026-01-0" + std::to_string(day) + "T00:00:00Z")};
}

// The world of one object that several write to, one after another.
class ApplyTest : public testing::Test {
 protected:
  // "ok", or why not.
  std::string Apply(const Writer& writer, std::string_view config, bool force = false) {
    Applied applied = patch::Apply(live_, Object(config), &TestSchema().root(), writer, force);
    if (auto* conflicts = std::get_if<Conflicts>(&applied)) {
      causes_ = conflicts->causes;
      return conflicts->message;
    }
    if (auto* error = std::get_if<Error>(&applied)) return error->message;
    live_ = std::get<json::Value>(applied);
    return "ok";
  }

  void Update(const Writer& writer, std::string_view object) {
    json::Object next = Object(object).Members();
    if (!live_.IsNull()) next["metadata"] = live_["metadata"];
    live_ = TrackUpdate(live_, next, &TestSchema().root(), writer);
  }

  // What there is beside metadata.
  json::Value Spec() const { return live_["spec"]; }

  // "manager operation day: fields", a line for each entry.
  std::string Owners() const {
    std::string out;
    for (const json::Value& entry : live_["metadata"]["managedFields"].Elements()) {
      out += entry["manager"].AsString() + " " + entry["operation"].AsString() + " " +
             entry["time"].StringOr("").substr(8, 2) + ": " + json::Write(entry["fieldsV1"]) + "\n";
    }
    return out;
  }

  json::Value live_;
  std::vector<schema::Cause> causes_;
};

TEST_F(ApplyTest, CreatesAnObjectThatItOwns) {
  EXPECT_EQ(Apply(By("kubectl", 1), "spec: {name: a, steps: [{name: s, image: i}]}"), "ok");
  EXPECT_EQ(live_["metadata"]["name"], json::Value("a"));
  EXPECT_EQ(Spec(), Yaml("{name: a, steps: [{name: s, image: i}]}"));
  EXPECT_EQ(
      Owners(),
      "kubectl Apply 01: {\"f:spec\":{\"f:name\":{},\"f:steps\":{\"k:{\\\"name\\\":\\\"s\\\"}\":{\".\":{},\"f:image\":{},"
      "\"f:name\":{}}}}}\n");
}

TEST_F(ApplyTest, ChangesNothingTheSecondTime) {
  Apply(By("kubectl", 1), "spec: {name: a}");
  json::Value before = live_;
  EXPECT_EQ(Apply(By("kubectl", 2), "spec: {name: a}"), "ok");
  EXPECT_EQ(live_, before);
}

TEST_F(ApplyTest, RemovesWhatItNoLongerApplies) {
  Apply(By("kubectl", 1), "spec: {name: a, note: b, labels: {c: d}, steps: [{name: s}, {name: t}], set: [e]}");
  EXPECT_EQ(Apply(By("kubectl", 2), "spec: {name: a, steps: [{name: t}]}"), "ok");
  EXPECT_EQ(Spec(), Yaml("{name: a, steps: [{name: t}]}"));
  EXPECT_EQ(
      Owners(),
      "kubectl Apply 02: {\"f:spec\":{\"f:name\":{},\"f:steps\":{\"k:{\\\"name\\\":\\\"t\\\"}\":{\".\":{},\"f:name\":{}}}}}\n");
}

TEST_F(ApplyTest, KeepsWhatOthersOwnToo) {
  Apply(By("one", 1), "spec: {name: a, labels: {x: z, w: v}}");
  EXPECT_EQ(Apply(By("two", 2), "spec: {labels: {x: z}}"), "ok");
  EXPECT_EQ(Apply(By("one", 3), "spec: {name: a}"), "ok");
  EXPECT_EQ(Spec(), Yaml("{name: a, labels: {x: z}}"));
}

TEST_F(ApplyTest, KeepsMembersThatUpdatesAdded) {
  Apply(By("kubectl", 1), "spec: {labels: {a: b}, steps: [{name: s, image: i}]}");
  Update(By("operator", 2), "spec: {labels: {a: b, c: d}, steps: [{name: s, image: i, args: [x]}]}");
  EXPECT_EQ(Apply(By("kubectl", 3), "spec: {steps: [{name: s}]}"), "ok");
  EXPECT_EQ(Spec(), Yaml("{labels: {c: d}, steps: [{name: s, args: [x]}]}"));
}

TEST_F(ApplyTest, AnElementGoesWithAllThatIsInItUnlessAnotherOwnsTheElement) {
  Apply(By("kubectl", 1), "spec: {name: a, steps: [{name: s}]}");
  Update(By("operator", 2), "spec: {name: a, steps: [{name: s, image: i}]}");
  EXPECT_EQ(Apply(By("kubectl", 3), "spec: {name: a}"), "ok");
  EXPECT_EQ(Spec(), Yaml("{name: a}"));
  EXPECT_EQ(Owners(), "kubectl Apply 03: {\"f:spec\":{\"f:name\":{}}}\n");
}

TEST_F(ApplyTest, RefusesToTakeWhatAnUpdateSet) {
  Apply(By("kubectl", 1), "spec: {name: a}");
  Update(By("operator", 2), "spec: {name: b}");
  EXPECT_EQ(Apply(By("kubectl", 3), "spec: {name: a}"),
            "Apply failed with 1 conflict: conflict with \"operator\" using coreflow.dev/v1alpha1: .spec.name");
  EXPECT_EQ(causes_,
            (std::vector<schema::Cause>{{.type = "FieldManagerConflict",
                                         .field = ".spec.name",
                                         .message = "conflict with \"operator\" using coreflow.dev/v1alpha1"}}));
  EXPECT_EQ(Spec(), Yaml("{name: b}"));
}

TEST_F(ApplyTest, NamesAllConflictsByManager) {
  Apply(By("one", 1), "spec: {name: a, note: b}");
  Apply(By("two", 1), "spec: {steps: [{name: s, image: i}]}");
  EXPECT_EQ(Apply(By("three", 2), "spec: {name: x, note: z, steps: [{name: s, image: j}]}"),
            "Apply failed with 3 conflicts: conflicts with \"one\":\n- .spec.name\n- .spec.note\n"
            "conflicts with \"two\":\n- .spec.steps[name=\"s\"].image");
}

TEST_F(ApplyTest, SharesWhatHasTheSameValue) {
  Apply(By("one", 1), "spec: {name: a}");
  EXPECT_EQ(Apply(By("two", 2), "spec: {name: a}"), "ok");
  EXPECT_EQ(Owners(), "one Apply 01: {\"f:spec\":{\"f:name\":{}}}\ntwo Apply 02: {\"f:spec\":{\"f:name\":{}}}\n");
}

TEST_F(ApplyTest, TakesByForce) {
  Apply(By("one", 1), "spec: {name: a, note: b}");
  EXPECT_EQ(Apply(By("two", 2), "spec: {name: x}", true), "ok");
  EXPECT_EQ(Spec(), Yaml("{name: x, note: b}"));
  EXPECT_EQ(Owners(), "one Apply 01: {\"f:spec\":{\"f:note\":{}}}\ntwo Apply 02: {\"f:spec\":{\"f:name\":{}}}\n");
}

TEST_F(ApplyTest, AdoptsAnObjectThatNobodyManages) {
  live_ = Object("spec: {name: a, note: b}");
  EXPECT_EQ(
      Apply(By("kubectl", 2), "spec: {name: x}"),
      "Apply failed with 1 conflict: conflict with \"before-first-apply\" using coreflow.dev/v1alpha1: .spec.name");
  EXPECT_EQ(Apply(By("kubectl", 2), "spec: {name: a}"), "ok");
  EXPECT_EQ(Owners(),
            "kubectl Apply 02: {\"f:spec\":{\"f:name\":{}}}\n"
            "before-first-apply Update 02: {\"f:spec\":{\".\":{},\"f:name\":{},\"f:note\":{}}}\n");
}

TEST_F(ApplyTest, AdoptsAlsoWhenItChangesNothingItself) {
  live_ = Object("spec: {name: a}");
  EXPECT_EQ(Apply(By("kubectl", 2), "{}"), "ok");
  EXPECT_EQ(Owners(), "before-first-apply Update 02: {\"f:spec\":{\".\":{},\"f:name\":{}}}\n");
}

TEST_F(ApplyTest, RefusesWhatCannotBeApplied) {
  EXPECT_EQ(
      Apply(By("kubectl", 1), "spec: {nmae: a}"),
      "failed to create typed patch object (default/a; coreflow.dev/v1alpha1, Kind=Workflow): .spec.nmae: field not "
      "declared in schema");
  EXPECT_EQ(Apply(By("kubectl", 1), "metadata: {managedFields: []}"), "metadata.managedFields must be nil");
  Writer other = By("kubectl", 1);
  other.api_version = "coreflow.dev/v2";
  EXPECT_EQ(Apply(other, "spec: {}"),
            "Incorrect version specified in apply patch. Specified patch version: coreflow.dev/v1alpha1, expected: "
            "coreflow.dev/v2");
}

TEST_F(ApplyTest, FinalizersAndOwnersAreOwnedOneByOne) {
  Apply(By("one", 1), "metadata: {name: a, namespace: default, finalizers: [x/one], labels: {l: one}}");
  EXPECT_EQ(Apply(By("two", 2),
                  "metadata: {name: a, namespace: default, finalizers: [x/two], ownerReferences: [{uid: u, name: n}]}"),
            "ok");
  EXPECT_EQ(Apply(By("one", 3), "metadata: {name: a, namespace: default}"), "ok");
  EXPECT_EQ(live_["metadata"]["finalizers"], Yaml("[x/two]"));
  EXPECT_EQ(live_["metadata"].Find("labels"), nullptr);
  EXPECT_EQ(Owners(),
            "two Apply 02: {\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x/two\\\"\":{}},\"f:ownerReferences\":"
            "{\"k:{\\\"uid\\\":\\\"u\\\"}\":{}}}}\n");
}

TEST_F(ApplyTest, WithoutSchemaListsAreReplaced) {
  Applied first = patch::Apply(json::Value(), Object("{data: {a: [1], b: 2}}"), nullptr, By("one", 1), false);
  Applied second = patch::Apply(std::get<json::Value>(first), Object("{data: {a: [3]}}"), nullptr, By("one", 2), false);
  EXPECT_EQ(std::get<json::Value>(second)["data"], Yaml("{a: [3]}"));
}

TEST_F(ApplyTest, IgnoredFieldsAreNotOwned) {
  Writer writer = By("kubectl", 1);
  writer.ignored = FieldSet::Of({{"status"}});
  EXPECT_EQ(Apply(writer, "{spec: {name: a}, status: {phase: x}}"), "ok");
  EXPECT_EQ(Owners(), "kubectl Apply 01: {\"f:spec\":{\"f:name\":{}}}\n");
}

}  // namespace
}  // namespace coreflow::patch
