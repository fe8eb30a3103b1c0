// coreflow diff: what was changed between two runs, and what came of it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "pkg/cli/compared_run.h"
#include "pkg/compare/compare.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A Workflow of two steps and a list, whose train has this script.
std::string Manifest(const std::string& script, const std::string& name = "etl") {
  return "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: " + name +
         "}, spec: {podCleanup: Never, failFast: false, parameters: [{name: lr, default: '0.01'}, {name: parts, type: "
         "Array, default: [a, b]}], defaults: {image: busybox}, steps: [{name: load, outputs: [{name: rows, type: "
         "Integer}]}, {name: each, forEach: {items: params.parts}}, {name: train, script: \"" +
         script +
         "\", parameters: [{name: lr}], dependsOn: [load, each]}], outputs: [{name: total, value: steps.load.outputs.rows}]}}";
}

class DiffTest : public CliTest {
 protected:
  // Two runs of etl; between them `change`.
  void SetUp() override {
    behaviours_["load"].end.output = "rows=300";
    files_["etl.yaml"] = Manifest("train\\n");
    ASSERT_EQ(Coreflow("run etl.yaml --wait").code, 0);
  }
};

TEST_F(DiffTest, TellsWhatWasChangedAndWhatCameOfIt) {
  behaviours_["train"].runs_for = std::chrono::seconds(13);
  behaviours_["load"].end.output = "rows=400";
  files_["etl.yaml"] = Manifest("train\\nsleep 12\\n");
  ASSERT_EQ(Coreflow("rerun etl --with etl.yaml --wait").code, 0);
  EXPECT_EQ(Coreflow("diff etl"),
            (Ran{.out = "etl/2 differs from etl/1: the script of train; output total 300 → 400; it took 13s longer, "
                        "most of it in train\n"
                        "\n"
                        "Script of train:\n"
                        "  @@ -1 +1,2 @@\n"
                        "   train\n"
                        "  +sleep 12\n"
                        "\n"
                        "Durations:\n"
                        "  STEP    BEFORE   AFTER   DIFFERENCE\n"
                        "  train   1s       13s     +12s\n"
                        "  (run)   4s       17s     +13s\n"
                        "\n"
                        "Outputs:\n"
                        "  OUTPUT         BEFORE   AFTER\n"
                        "  rows of load   300      400\n"
                        "  total          300      400\n"}));
  EXPECT_EQ(Coreflow("diff etl/2 etl/1").out.substr(0, 42), "etl/1 differs from etl/2: the script of tr");
}

TEST_F(DiffTest, ParametersAndItemsByTheirValues) {
  ASSERT_EQ(Coreflow("run etl -p lr=0.02 -p 'parts=[\"b\", \"c\"]' --wait").code, 0);
  EXPECT_EQ(
      Coreflow("diff etl/1 etl").out,
      "etl/2 differs from etl/1: parameter lr 0.01 → 0.02, parameter parts [\"a\",\"b\"] → [\"b\",\"c\"]; each (c) is "
      "new; each (a) did not run\n"
      "\n"
      "Parameters:\n"
      "  NAME    BEFORE      AFTER\n"
      "  lr      0.01        0.02\n"
      "  parts   [\"a\",\"b\"]   [\"b\",\"c\"]\n"
      "\n"
      "Steps:\n"
      "  STEP       BEFORE      AFTER\n"
      "  each (a)   Succeeded   -\n"
      "  each (c)   -           Succeeded\n");
}

TEST_F(DiffTest, ARunThatFailedAndOneThatTookItsResults) {
  behaviours_["train"].end.exit_code = 3;
  ASSERT_EQ(Coreflow("rerun etl --wait").code, 3);
  EXPECT_EQ(Coreflow("diff etl").out,
            "etl/2 differs from etl/1: it failed at train (exit code 3) where etl/1 succeeded\n"
            "\n"
            "Steps:\n"
            "  STEP    BEFORE      AFTER\n"
            "  train   Succeeded   Failed: CommandFailed, exit code 3\n");
  behaviours_.erase("train");
  ASSERT_EQ(Coreflow("retry etl --wait").code, 0);
  EXPECT_THAT(Coreflow("diff etl").out,
              StartsWith("etl/3 differs from etl/2: it succeeded where etl/2 failed at train (exit code 3)"));
  EXPECT_THAT(Coreflow("diff etl/1 etl/3").out,
              StartsWith("etl/3 differs from etl/1: 3 of its results were taken from elsewhere"));
}

TEST_F(DiffTest, WithExitCodeOnlyWhatIsNoDurationCounts) {
  ASSERT_EQ(Coreflow("rerun etl --wait").code, 0);
  EXPECT_EQ(Coreflow("diff etl --exit-code"), (Ran{.out = "etl/2 does not differ from etl/1\n"}));
  behaviours_["train"].runs_for = std::chrono::seconds(13);
  ASSERT_EQ(Coreflow("rerun etl --wait").code, 0);
  const Ran slower = Coreflow("diff etl --exit-code");
  EXPECT_EQ(slower.code, 0);
  EXPECT_THAT(slower.out,
              StartsWith("etl/3 differs from etl/2 in nothing but their durations: it took 11s longer, most "
                         "of it in train\n"));
  ASSERT_EQ(Coreflow("run etl -p lr=0.02 --wait").code, 0);
  EXPECT_EQ(Coreflow("diff etl --exit-code").code, 1);
  EXPECT_EQ(Coreflow("diff etl").code, 0);
  EXPECT_EQ(Coreflow("diff etl/3 etl/3 --exit-code"), (Ran{.code = 2, .err = "coreflow: both are etl/3\n"}));
  EXPECT_EQ(Coreflow("diff etl/9 etl --exit-code").code, 6);
}

TEST_F(DiffTest, AsJsonEveryListIsThere) {
  ASSERT_EQ(Coreflow("run etl -p lr=0.02 --wait").code, 0);
  const json::Value difference = json::Parse(Coreflow("diff etl -o json").out).value();
  EXPECT_EQ(difference["before"]["run"], json::Value("etl/1"));
  EXPECT_EQ(difference["after"]["state"], json::Value("Succeeded"));
  EXPECT_EQ(difference["differs"], json::Value(true));
  EXPECT_EQ(difference["parameters"],
            json::Value(json::Array{json::Object{{"name", "lr"}, {"before", "0.01"}, {"after", "0.02"}}}));
  for (const char* list : {"spec", "scripts", "images", "steps", "durations", "outputs", "artifacts"}) {
    EXPECT_EQ(difference[list], json::Value(json::Array{})) << list;
  }
  EXPECT_EQ(difference.Find("logs"), nullptr);
  EXPECT_THAT(Coreflow("diff etl -o yaml").out, HasSubstr("\nparameters:\n- after: \"0.02\"\n"));
}

TEST_F(DiffTest, LogsOfThePodsThatAreStillThere) {
  ASSERT_EQ(Coreflow("rerun etl --wait").code, 0);
  logs_["train"] = "epoch 1\nepoch 2\n";
  EXPECT_EQ(Coreflow("diff etl --logs --step train").out,
            "etl/2 does not differ from etl/1\n\nNo log that is still there differs.\n");
  for (const json::Value& pod : cluster_.List(apiserver::Pods(), "default")) {
    const json::Value& labels = pod["metadata"]["labels"];
    if (labels["coreflow.dev/step"].StringOr("") != "train") continue;
    const std::string name = pod["metadata"]["name"].StringOr("");
    logs_[name] = fmt::format("epoch 1\nloss {}\n", logs_.size());
  }
  EXPECT_THAT(Coreflow("diff etl --logs --step train").out,
              HasSubstr("\nLog of train:\n  @@ -1,2 +1,2 @@\n   epoch 1\n"));
  EXPECT_THAT(Coreflow("diff etl --logs").out, HasSubstr("\nLog of train:\n"));
  EXPECT_THAT(Coreflow("diff etl").out, Not(HasSubstr("Log")));
}

TEST_F(DiffTest, OfLogsThatAreGoneItSaysSo) {
  std::string kept = Manifest("train\\n", "swept");
  kept.replace(kept.find("podCleanup: Never"), 17, "podCleanup: OnCompletion");
  files_["swept.yaml"] = kept;
  ASSERT_EQ(Coreflow("run swept.yaml --wait").code, 0);
  ASSERT_EQ(Coreflow("rerun swept --wait").code, 0);
  Pass(std::chrono::minutes(1));
  EXPECT_EQ(Coreflow("diff swept --logs --step train").out,
            "swept/2 does not differ from swept/1\n"
            "\n"
            "No log that is still there differs.\n"
            "\n"
            "Logs that can't be compared:\n"
            "  STEP    WHY\n"
            "  train   the pod of swept/1 is gone; spec.podCleanup says how long pods are kept\n");
}

TEST_F(DiffTest, ARunThatGoesOnIsComparedAsFarAsItHasCome) {
  behaviours_["train"].runs_for = std::chrono::hours(1);
  ASSERT_EQ(Coreflow("run etl -p lr=0.02").code, 0);
  Pass(std::chrono::minutes(1));
  EXPECT_EQ(Coreflow("diff etl").out,
            "etl/2 differs from etl/1: parameter lr 0.01 → 0.02; etl/2 goes on\n"
            "\n"
            "Parameters:\n"
            "  NAME   BEFORE   AFTER\n"
            "  lr     0.01     0.02\n");
}

TEST_F(DiffTest, RunsOfSeveralObjects) {
  files_["copy.yaml"] = Manifest("train\\n", "copy");
  ASSERT_EQ(Coreflow("run copy.yaml --wait").code, 0);
  EXPECT_EQ(Coreflow("diff etl @latest"), (Ran{.out = "copy/1 does not differ from etl/1\n"}));
  EXPECT_EQ(Coreflow("diff workflow/etl/1 cop").out, "copy/1 does not differ from etl/1\n");
}

TEST_F(DiffTest, AJobIsToldInTheWordsOfItsSpec) {
  const std::string job =
      "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: render}, spec: {completions: 2, template: {image: busybox}}}";
  files_["job.yaml"] = job;
  ASSERT_EQ(Coreflow("run job.yaml --wait").code, 0);
  files_["job.yaml"].replace(job.find("completions: 2"), 14, "completions: 3");
  files_["job.yaml"].replace(job.find("busybox"), 7, "alpine");
  ASSERT_EQ(Coreflow("rerun render --with job.yaml --wait").code, 0);
  EXPECT_THAT(Coreflow("diff job/render").out,
              StartsWith("render/2 differs from render/1: completions 2 → 3, template.image busybox → alpine; job "
                         "(2) is new; "));
}

TEST_F(DiffTest, ATagThatMovedIsKnownFromThePods) {
  const FoundRun run{.resource = kube::kWorkflows, .key = {.ns = "default", .name = "etl"}, .object = Object("etl")};
  RunParts parts{.records = cluster_.List(apiserver::Records(), "default"),
                 .pods = cluster_.List(apiserver::Pods(), "default")};
  const compare::Run before = ComparedRunOf(run, parts).value();
  const compare::Item& item = before.steps.front().items.front();
  EXPECT_EQ(item.image, "busybox");
  EXPECT_THAT(item.digest, StartsWith("sha256:"));
  EXPECT_EQ(before.steps[1].items.back().value, json::Value("b"));
  const std::string moved = "sha256:" + std::string(64, '0');
  for (json::Value& pod : parts.pods) {
    std::string text = json::Write(pod);
    for (size_t at = 0; (at = text.find(item.digest, at)) != std::string::npos;) {
      text.replace(at, moved.size(), moved);
    }
    pod = json::Parse(text).value();
  }
  const compare::Difference difference = compare::Compare(before, ComparedRunOf(run, parts).value());
  ASSERT_EQ(difference.images.size(), 3U) << "one for each step, not for each item";
  EXPECT_EQ(difference.images[1],
            (compare::ImageChange{.step = "each", .image = "busybox", .before = item.digest, .after = moved}));
}

TEST_F(DiffTest, ALogThatIsKeptIsNoArtifactToCompare) {
  const FoundRun run{.resource = kube::kWorkflows, .key = {.ns = "default", .name = "etl"}, .object = Object("etl")};
  RunParts parts{.records = cluster_.List(apiserver::Records(), "default")};
  json::Array left;
  for (const char* name : {"$log", "data"}) {
    left.emplace_back(json::Object{{"name", name}, {"digest", "sha256:" + std::string(64, '0')}, {"bytes", 1}});
  }
  for (json::Value& record : parts.records) {
    json::Array results;
    for (const json::Value& item : record["results"].Elements()) {
      json::Object changed = item.AsObject();
      changed["artifacts"] = left;
      results.emplace_back(std::move(changed));
    }
    json::Object changed = record.AsObject();
    changed["results"] = std::move(results);
    record = std::move(changed);
  }
  const compare::Run compared = ComparedRunOf(run, parts).value();
  const compare::Item& item = compared.steps.front().items.front();
  ASSERT_EQ(item.artifacts.size(), 1U);
  EXPECT_EQ(item.artifacts.begin()->first, "data");
  ASSERT_TRUE(item.log);
  EXPECT_EQ(item.log->digest, std::string(64, '0'));
}

TEST_F(DiffTest, WhatThereIsNotIsSaidWithTheNearest) {
  EXPECT_EQ(
      Coreflow("diff etl"),
      (Ran{.code = 6, .err = "coreflow: etl/1 is the first run that is kept; say which one to compare it with\n"}));
  EXPECT_EQ(Coreflow("diff etl/1 etl/7"), (Ran{.code = 6, .err = "coreflow: etl has no run 7; it has 1\n"}));
  EXPECT_EQ(Coreflow("diff elt/1 etl"),
            (Ran{.code = 6,
                 .err = "coreflow: there is no Workflow or Job elt in namespace default; did you mean \"etl\"?\n"}));
  ASSERT_EQ(Coreflow("rerun etl --wait").code, 0);
  EXPECT_EQ(Coreflow("diff etl --logs --step trian"),
            (Ran{.code = 6, .err = "coreflow: neither etl/1 nor etl/2 has a step trian; did you mean \"train\"?\n"}));
  EXPECT_EQ(Coreflow("diff etl --step train").code, 1);
  EXPECT_EQ(Coreflow("diff").code, 2);
}

}  // namespace
}  // namespace coreflow::cli
