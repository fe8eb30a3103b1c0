#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/graph/graph.h"

namespace coreflow::graph {
namespace {

api::ResolvedStep Named(std::string name) { return {.name = std::move(name), .image = "busybox:1.36"}; }

// The problems of a run, one a line: "path: message".
std::string Problems(const api::ResolvedRun& run) {
  std::string lines;
  for (const json::Problem& problem : Compile(run).problems) lines += problem.path + ": " + problem.message + "\n";
  return lines;
}

TEST(Compile, OrdersParentsOfADiamond) {
  api::ResolvedRun run;
  run.steps = {Named("a"), Named("b"), Named("c"), Named("d")};
  run.steps[1].depends_on = {"a"};
  run.steps[2].depends_on = {"a"};
  run.steps[3].depends_on = {"c", "b"};
  auto graph = Compile(run).graph;
  ASSERT_TRUE(graph) << Problems(run);
  EXPECT_EQ(graph->steps[3].parents, (std::vector<int>{1, 2}));
  EXPECT_EQ(graph->steps[0].children, (std::vector<int>{1, 2}));
}

TEST(Compile, AStepDependsOnWhatItsExpressionsRead) {
  api::ResolvedRun run;
  run.steps = {Named("split-it"), Named("count"), Named("report")};
  run.steps[0].outputs = {{.name = "parts", .type = ValueType::kArray}};
  run.steps[1].fan_out = api::ResolvedFanOut{.items = "steps.split_it.outputs.parts"};
  run.steps[1].outputs = {{.name = "words", .type = ValueType::kInteger}};
  run.steps[2].command = {"echo", "$[[ steps.count.outputs.words.sum() ]]"};
  run.steps[2].when = "steps['split-it'].status == 'Succeeded'";
  auto graph = Compile(run).graph;
  ASSERT_TRUE(graph) << Problems(run);
  EXPECT_EQ(graph->steps[1].parents, (std::vector<int>{0}));
  EXPECT_EQ(graph->steps[2].parents, (std::vector<int>{0, 1}));
  EXPECT_TRUE(graph->steps[1].outputs_are_read);
  EXPECT_FALSE(graph->steps[2].outputs_are_read);
}

TEST(Compile, AnInputIsAnArtifactOrAListOfThem) {
  api::ResolvedRun run;
  run.steps = {Named("make-it"), Named("parts"), Named("use")};
  run.steps[0].output_artifacts = {{.name = "the-model", .path = "/out"}};
  run.steps[1].output_artifacts = {{.name = "part", .path = "/out"}};
  run.steps[1].fan_out = api::ResolvedFanOut{.items = "[1, 2]"};
  run.steps[2].input_artifacts = {{.name = "a", .path = "/a", .from = "steps.make_it.artifacts.the_model"},
                                  {.name = "b", .path = "/b", .from = "steps['make-it'].artifacts['the-model']"},
                                  {.name = "c", .path = "/c", .from = "steps.parts.artifacts.part"},
                                  {.name = "d", .path = "/d", .from = "steps.parts.artifacts.part[0]"}};
  auto graph = Compile(run).graph;
  ASSERT_TRUE(graph) << Problems(run);
  EXPECT_EQ(graph->steps[2].parents, (std::vector<int>{0, 1}));
  EXPECT_TRUE(graph->steps[0].outputs_are_read);
  std::vector<bool> lists;
  for (const InputArtifact& input : graph->steps[2].input_artifacts) lists.push_back(input.list);
  EXPECT_EQ(lists, (std::vector<bool>{false, false, true, false}));
}

TEST(Compile, WhatIsNoArtifactIsNoInput) {
  api::ResolvedRun run;
  run.steps = {Named("a"), Named("b")};
  run.steps[0].outputs = {{.name = "n", .type = ValueType::kString}};
  run.steps[0].output_artifacts = {{.name = "model", .path = "/out"}};
  run.steps[1].input_artifacts = {{.name = "x", .path = "/x", .from = "steps.a.outputs.n"},
                                  {.name = "y", .path = "/y", .from = "steps.a.artifacts.modell"}};
  EXPECT_EQ(Problems(run),
            ".spec.steps[1].inputs.artifacts[0].from: is string, not an artifact such as "
            "steps.<step>.artifacts.<name>, or a list of them\n"
            ".spec.steps[1].inputs.artifacts[1].from: steps.a.artifacts has no field 'modell'; did you mean "
            "steps.a.artifacts.model?\n");
}

TEST(Compile, ReportsEverythingAtOnceWithItsPath) {
  api::ResolvedRun run;
  run.steps = {Named("load-data"), Named("b"), Named("c")};
  run.steps[0].depends_on = {"load-data"};
  run.steps[1].depends_on = {"load_data"};
  run.steps[1].when = "1 + 1";
  run.steps[2].command = {"echo", "$[[ params.nothing ]]"};
  run.steps[2].parameters = {{.name = "rate"}};
  std::string problems = Problems(run);
  EXPECT_NE(problems.find(".spec.steps[0].dependsOn[0]: a step can't depend on itself"), std::string::npos) << problems;
  EXPECT_NE(problems.find("there is no step \"load_data\"; did you mean \"load-data\"?"), std::string::npos)
      << problems;
  EXPECT_NE(problems.find(".spec.steps[1].when: "), std::string::npos) << problems;
  EXPECT_NE(problems.find(".spec.steps[2].command[1]: "), std::string::npos) << problems;
  EXPECT_NE(problems.find(".spec.steps[2].parameters[0]: the run has no parameter \"rate\""), std::string::npos)
      << problems;
}

TEST(Compile, NamesTheStepsOfACircle) {
  api::ResolvedRun run;
  run.steps = {Named("a"), Named("b")};
  run.steps[0].depends_on = {"b"};
  run.steps[1].depends_on = {"a"};
  EXPECT_NE(Problems(run).find("in a circle: "), std::string::npos) << Problems(run);
}

TEST(Compile, OnlyFinallyReadsTheEndOfTheRun) {
  api::ResolvedRun run;
  run.steps = {Named("a")};
  run.finally = {Named("notify")};
  run.finally[0].command = {"echo", "$[[ workflow.status ]] $[[ steps.a.status ]]"};
  EXPECT_EQ(Problems(run), "");
  run.steps[0].command = {"echo", "$[[ workflow.status ]]"};
  EXPECT_NE(Problems(run).find(".spec.steps[0].command[1]"), std::string::npos);
  run.steps[0].command = {"echo", "$[[ steps.notify.status ]]"};
  EXPECT_NE(Problems(run).find("this step can't read their results"), std::string::npos) << Problems(run);
}

TEST(Templated, DollarsOfResultsSurviveTheKubelet) {
  cel::Declarations declarations;
  declarations.Add("x", cel::Type::String());
  std::vector<json::Problem> problems;
  json::Value source = json::Object{{"args", json::Array{"$(HOME) $[[ x ]]"}}, {"image", "$[[ x ]]"}};
  TemplatedValue value = TemplatedValue::Compile(source, declarations, "", problems);
  ASSERT_TRUE(problems.empty());
  auto filled = value.Fill(cel::MapActivation({{"x", cel::Value::String("$(PATH) $[[ y ]]")}}));
  ASSERT_TRUE(filled);
  EXPECT_EQ((*filled)["args"].Elements()[0].AsString(), "$(HOME) $$(PATH) $$[[ y ]]");
  EXPECT_EQ((*filled)["image"].AsString(), "$(PATH) $[[ y ]]");
}

}  // namespace
}  // namespace coreflow::graph
