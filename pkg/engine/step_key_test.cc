#include "pkg/engine/step_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/accept.h"
#include "pkg/engine/item_key.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The key of an item of the first step.
StepKey Of(Kind kind, const std::string& spec, int32_t item = 0, int32_t run = 1) {
  const Accepted accepted = Accept(kind, Spec(spec), "etl", "ns");
  EXPECT_EQ(DescribeProblems(accepted.problems), "");
  Progress progress(accepted.graph, {.name = "etl", .namespace_name = "ns", .uid = "u", .number = run});
  progress.Advance();
  return KeyOf(progress, {.step = 0, .item = item}).value();
}

// With these fields beside name and image.
StepKey With(const std::string& fields, int32_t item = 0, int32_t run = 1) {
  return Of(
      Kind::kWorkflow,
      R"({"parameters": [{"name": "size", "type": "Integer", "default": 3}], "steps": [{"name": "a", "image": "i:1", )" +
          fields + "}]}",
      item, run);
}

TEST(StepKeyTest, IsWhatAStepRunsAndIsGiven) {
  const StepKey key = With(
      R"("script": "run", "parameters": [{"name": "size"}], "env": [{"name": "MODE", "value": "$[[ params.size + 1 ]]"}],
         "outputs": [{"name": "n", "type": "Integer"}])");
  EXPECT_EQ(key.parts, (std::map<std::string, std::string>{{"image", "i:1"},
                                                           {"interpreter", R"(["sh","-ec"])"},
                                                           {"script", "run"},
                                                           {"parameter size", "3"},
                                                           {"env MODE", "4"},
                                                           {"output n", "Integer"}}));
}

TEST(StepKeyTest, HowItIsTriedBoundedAndPlacedIsNoPart) {
  const StepKey plain = With(R"("command": ["x"])");
  for (const char* field : {R"("retryPolicy": {"limit": 3})", R"("timeoutSeconds": 60)", R"("continueOnFailure": true)",
                            R"("resources": {"limits": {"memory": "1Gi"}})", R"("imagePullPolicy": "Always")",
                            R"("pod": {"nodeSelector": {"a": "b"}, "labels": {"c": "d"}})", R"("runAfter": "Finished")",
                            R"("when": "true")", R"("args": [])", R"("archiveLogs": true)"}) {
    EXPECT_EQ(With(std::string(R"("command": ["x"], )") + field), plain) << field;
  }
}

TEST(StepKeyTest, WhatTheContainerSeesIsAPart) {
  const StepKey plain = With(R"("command": ["x"])");
  for (const char* field : {R"("args": ["y"])", R"("workingDir": "/w")", R"("env": [{"name": "A", "value": ""}])",
                            R"("env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}])",
                            R"("envFrom": [{"configMapRef": {"name": "c"}}])", R"("parameters": [{"name": "size"}])",
                            R"("outputs": [{"name": "n"}])", R"("pod": {"volumes": [{"name": "v", "emptyDir": {}}]})",
                            R"("pod": {"initContainers": [{"name": "v", "image": "j"}]})",
                            R"("pod": {"overrides": {"hostNetwork": true}})"}) {
    EXPECT_NE(DigestOf(With(std::string(R"("command": ["x"], )") + field)), DigestOf(plain)) << field;
  }
}

TEST(StepKeyTest, TheSaltOfACacheIsAPartAndTheRestOfItIsNot) {
  const StepKey plain = With(R"("command": ["x"])");
  EXPECT_EQ(With(R"("command": ["x"], "cache": {"mode": "Auto", "ttlSeconds": 60, "salt": ""})"), plain);
  EXPECT_EQ(With(R"("command": ["x"], "cache": {"mode": "Never", "salt": "1"})"), plain);
  EXPECT_THAT(Differences(plain, With(R"("command": ["x"], "cache": {"mode": "Refresh", "salt": "1"})")),
              ElementsAre("salt added"));
}

TEST(StepKeyTest, IsTheSameInEveryRunUnlessTheStepReadsTheRun) {
  EXPECT_EQ(With(R"("command": ["x"])", 0, 1), With(R"("command": ["x"])", 0, 2));
  EXPECT_NE(With(R"("command": ["x", "$[[ workflow.run ]]"])", 0, 1),
            With(R"("command": ["x", "$[[ workflow.run ]]"])", 0, 2));
}

TEST(StepKeyTest, ItemsDifferInTheirValueAndNotInTheirPlace) {
  const std::string spec = R"("command": ["x"], "forEach": {"items": "['p', 'q', 'p']"})";
  EXPECT_EQ(With(spec, 0), With(spec, 2));
  EXPECT_THAT(Differences(With(spec, 0), With(spec, 1)), ElementsAre("item p → q"));
}

TEST(StepKeyTest, IndexesOfAJobDiffer) {
  const std::string spec = R"({"completions": 2, "template": {"image": "i:1", "command": ["x"]}})";
  EXPECT_THAT(Differences(Of(Kind::kJob, spec, 0), Of(Kind::kJob, spec, 1)), ElementsAre("index 0 → 1"));
}

TEST(StepKeyTest, DifferencesAreToldInWords) {
  const StepKey before = {{{"image", "i:1"}, {"script", "a\nb"}, {"env A", "1"}, {"args", std::string(50, 'x')}}};
  const StepKey now = {{{"image", "i:2"}, {"script", "a\nc"}, {"env B", "1"}, {"args", "y"}}};
  EXPECT_THAT(Differences(before, now),
              ElementsAre("args changed", "env A removed", "image i:1 → i:2", "script changed", "env B added"));
  EXPECT_THAT(Differences(now, now), IsEmpty());
}

TEST(StepKeyTest, WhatItTakesIsAPartByItsContentsAndPlace) {
  const Accepted accepted = Accept(Kind::kWorkflow, Spec(R"json({"steps": [
    {"name": "a", "image": "i", "command": ["x"], "outputArtifacts": [{"name": "m", "path": "/m"}]},
    {"name": "b", "image": "i", "inputs": {"artifacts": [
      {"name": "model", "path": "/in", "from": "steps.a.artifacts.m"}]}}]})json"),
                                   "etl", "ns");
  const graph::Step& step = accepted.graph->steps[1];
  const graph::InputArtifact& model = step.input_artifacts[0];
  const artifact::Artifact one{.digest = std::string(64, '1'), .bytes = 3};
  const artifact::Artifact other{.digest = std::string(64, '2'), .bytes = 3};
  const auto key_of = [&](const graph::InputArtifact& input, std::vector<artifact::Artifact> artifacts) {
    const api::ResolvedStep source;
    return KeyOf({.source = &source, .inputs = {{.source = &input, .artifacts = std::move(artifacts)}}}, step, 0);
  };
  const StepKey key = key_of(model, {one});
  EXPECT_EQ(key.parts.at("input model"), "/in None:" + one.digest);
  graph::InputArtifact elsewhere = model;
  elsewhere.path = "/elsewhere";
  for (const StepKey& differs :
       {key_of(model, {other}), key_of(model, {}), key_of(model, {one, other}),
        key_of(model, {{.digest = one.digest, .bytes = 3, .archive = api::Archive::kTar}}), key_of(elsewhere, {one})}) {
    EXPECT_NE(DigestOf(differs), DigestOf(key));
  }
  EXPECT_EQ(key_of(model, {{.digest = one.digest, .bytes = 4}}), key);
}

TEST(StepKeyTest, ItsDigestIsFixedForEver) {
  EXPECT_EQ(DigestOf({{{"image", "i:1"}}}), "v1:e97916b66b5ea16246e89915053748bccc44564fc46603858ee4db3a434e35a3");
}

}  // namespace
}  // namespace coreflow::engine
