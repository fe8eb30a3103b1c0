// What pods ask of those who take nodes away.
#include <gtest/gtest.h>

#include "pkg/engine/owner.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

constexpr char kSafeToEvict[] = "cluster-autoscaler.kubernetes.io/safe-to-evict";
constexpr char kDoNotDisrupt[] = "karpenter.sh/do-not-disrupt";

// The annotations of the attempt's pod in a run whose only step has these fields, and whose attempts before are
// evicted.
json::Value AnnotationsOf(int32_t attempt, const std::string& fields) {
  json::Value found;
  World world(Kind::kWorkflow, Spec(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"])" + fields + "}]}"),
              [&](const PodView& pod) {
                return pod.facts->attempt < attempt ? ContainerEnd{.exit_code = 137, .pod_reason = "Evicted"}
                                                    : ContainerEnd{.never = true};
              });
  const auto owner = world.NewOwner();
  world.Settle(*owner);
  for (const auto& [name, pod] : world.pods()) {
    if (pod.view.facts->attempt == attempt) found = pod.object.at("metadata")["annotations"];
  }
  EXPECT_TRUE(found.IsObject()) << "attempt " << attempt << " has no pod: " << json::Write(world.status());
  return found;
}

bool IsLeftAlone(const json::Value& annotations) {
  const bool stays = annotations[kSafeToEvict] == json::Value("false");
  EXPECT_EQ(annotations[kDoNotDisrupt] == json::Value("true"), stays) << json::Write(annotations);
  EXPECT_EQ(annotations.Find(kSafeToEvict) != nullptr, stays) << json::Write(annotations);
  return stays;
}

TEST(Disruption, APodWhoseLossIsMadeUpForMayBeDisturbed) {
  EXPECT_FALSE(IsLeftAlone(AnnotationsOf(1, "")));
  EXPECT_FALSE(IsLeftAlone(AnnotationsOf(1, R"(, "retryPolicy": {"infrastructureLimit": 1})")));
}

TEST(Disruption, APodWhoseLossWouldFailTheStepIsToBeLeftAlone) {
  EXPECT_TRUE(IsLeftAlone(AnnotationsOf(1, R"(, "retryPolicy": {"infrastructureLimit": 0})")));
  EXPECT_TRUE(IsLeftAlone(AnnotationsOf(2, R"(, "retryPolicy": {"infrastructureLimit": 1})"))) << "the last one";
}

TEST(Disruption, WhatTheUserSaysHolds) {
  const json::Value annotations = AnnotationsOf(1, R"(, "retryPolicy": {"infrastructureLimit": 0},
                         "pod": {"annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "true"}})");
  EXPECT_EQ(annotations[kSafeToEvict], json::Value("true"));
  EXPECT_EQ(annotations[kDoNotDisrupt], json::Value("true"));
}

}  // namespace
}  // namespace coreflow::engine
