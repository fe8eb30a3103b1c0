#include "pkg/engine/observation.h"

#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/parse.h"

namespace coreflow::engine {
namespace {

struct MarkCase {
  const char* name = "";
  const char* metadata = "";
  bool want = false;
};
void PrintTo(const MarkCase& one, std::ostream* out) { *out << one.name; }

class GitOpsMarkTest : public testing::TestWithParam<MarkCase> {};

TEST_P(GitOpsMarkTest, IsKnown) {
  const json::Value object = json::Object{{"metadata", *json::Parse(GetParam().metadata)}};
  EXPECT_EQ(ParseObject(Kind::kWorkflow, object).tracked_by_gitops, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    All, GitOpsMarkTest,
    testing::Values(
        MarkCase{"Nothing", R"({})", false},
        MarkCase{"ArgoCd", R"({"annotations": {"argocd.argoproj.io/tracking-id": "a:coreflow.dev/Workflow:b/c"}})",
                 true},
        MarkCase{"ArgoCdByALabelOfItsOwn", R"({"labels": {"argocd.argoproj.io/instance": "a"}})", true},
        MarkCase{"Kustomization", R"({"labels": {"kustomize.toolkit.fluxcd.io/name": "a"}})", true},
        MarkCase{"HelmRelease", R"({"labels": {"helm.toolkit.fluxcd.io/name": "a"}})", true},
        MarkCase{"Helm", R"({"labels": {"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "a"}})",
                 true},
        MarkCase{"AnotherManager", R"({"labels": {"app.kubernetes.io/managed-by": "somebody"}})", false},
        MarkCase{"TheRecommendedLabelOfAnInstance", R"({"labels": {"app.kubernetes.io/instance": "a"}})", false},
        MarkCase{"MetadataThatAreNone", R"({"labels": "a", "annotations": 1})", false}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::engine
