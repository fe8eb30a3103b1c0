#include "pkg/compare/compare.h"

#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/write.h"

namespace coreflow::compare {
namespace {

using std::chrono::seconds;

Item Ended(int64_t took = 5) {
  return {.state = "Succeeded",
          .reason = "Succeeded",
          .ended = true,
          .attempts = 1,
          .exit_code = 0,
          .start = Time(seconds(10)),
          .end = Time(seconds(10 + took)),
          .image = "busybox:latest",
          .given = "same"};
}

// One step, which succeeded.
Run Etl(int number) {
  return {.name = "etl/" + std::to_string(number),
          .state = "Succeeded",
          .reason = "Succeeded",
          .over = true,
          .start = Time(seconds(0)),
          .end = Time(seconds(20)),
          .parameters = {{"lr", "0.01"}},
          .spec = json::Object{{"failFast", true}},
          .steps = {{.name = "train", .script = "go\n", .items = {Ended()}, .ended = true}},
          .outputs = {{"model", "m"}}};
}

std::string Text(const std::optional<json::Value>& value) { return value ? json::Write(*value) : "-"; }
std::string Text(const std::optional<End>& end) {
  if (!end) return "-";
  return end->state + "/" + end->reason + "/" + std::to_string(end->attempts) + "/" +
         (end->exit_code ? std::to_string(*end->exit_code) : "-");
}
std::string Text(const std::optional<artifact::Artifact>& artifact) { return artifact ? artifact->digest : "-"; }

// Everything that differs, a line each.
std::vector<std::string> Lines(const Difference& d) {
  std::vector<std::string> lines;
  for (const auto& c : d.parameters)
    lines.push_back("parameter " + c.path + " " + Text(c.before) + " " + Text(c.after));
  for (const auto& c : d.spec) lines.push_back("spec " + c.path + " " + Text(c.before) + " " + Text(c.after));
  for (const auto& c : d.scripts) lines.push_back("script " + c.step);
  for (const auto& c : d.images) lines.push_back("image " + c.step + " " + c.image + " " + c.before + " " + c.after);
  for (const auto& c : d.steps) lines.push_back("step " + NameOf(c.at) + " " + Text(c.before) + " " + Text(c.after));
  for (const auto& c : d.times) lines.push_back("time " + c.step + " " + std::to_string(c.longer().count()));
  for (const auto& c : d.outputs) {
    lines.push_back("output " + NameOf(c.at) + "." + c.name + " " + Text(c.before) + " " + Text(c.after));
  }
  for (const auto& c : d.artifacts) {
    lines.push_back("artifact " + NameOf(c.at) + "." + c.name + " " + Text(c.before) + " " + Text(c.after));
  }
  return lines;
}

struct Case {
  std::string name;
  void (*change)(Run& before, Run& after);
  std::vector<std::string> want;
  bool differs = true;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class CompareTest : public testing::TestWithParam<Case> {};

TEST_P(CompareTest, Tells) {
  compare::Run before = Etl(1);
  compare::Run after = Etl(2);
  GetParam().change(before, after);
  const Difference difference = Compare(before, after);
  EXPECT_EQ(Lines(difference), GetParam().want);
  EXPECT_EQ(Differs(difference), GetParam().differs);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, CompareTest,
    testing::Values(Case{.name = "NothingOfTheSame", .change = [](Run&, Run&) {}, .want = {}, .differs = false},
                    Case{.name = "Parameters",
                         .change =
                             [](Run&, Run& after) {
                               after.parameters = {{"lr", "0.02"}, {"n", 1}};
                             },
                         .want = {R"(parameter lr "0.01" "0.02")", "parameter n - 1"}},
                    Case{.name = "AParameterThatCameIsToldOnce",
                         .change =
                             [](Run& before, Run& after) {
                               before.spec = json::Object{{"failFast", true}, {"parameters", json::Array{}}};
                               after.parameters["n"] = 1;
                               after.spec = json::Object{{"failFast", true},
                                                         {"parameters", json::Array{json::Object{{"name", "n"}}}}};
                             },
                         .want = {"parameter n - 1"}},
                    Case{.name = "SpecAndScripts",
                         .change =
                             [](Run&, Run& after) {
                               after.spec = json::Object{{"failFast", false}};
                               after.steps[0].script = "go on\n";
                             },
                         .want = {"spec failFast true false", "script train"}},
                    Case{.name = "ATagThatMoved",
                         .change =
                             [](Run& before, Run& after) {
                               before.steps[0].items[0].digest = "sha256:a";
                               after.steps[0].items[0].digest = "sha256:b";
                             },
                         .want = {"image train busybox:latest sha256:a sha256:b"}},
                    Case{.name = "ATagThatMovedByTheKeysOfTheCache",
                         .change =
                             [](Run& before, Run& after) {
                               before.steps[0].items[0].cache_key = "v1:a";
                               after.steps[0].items[0].cache_key = "v1:b";
                             },
                         .want = {"image train busybox:latest  "}},
                    Case{.name = "OtherKeysOfWhatWasGivenSomethingElseTellNothingOfTheImage",
                         .change =
                             [](Run& before, Run& after) {
                               before.steps[0].items[0].cache_key = "v1:a";
                               after.steps[0].items[0].cache_key = "v1:b";
                               after.steps[0].items[0].given = "other";
                             },
                         .want = {},
                         .differs = false},
                    Case{.name = "AnImageOfAnotherNameHasNotMoved",
                         .change =
                             [](Run& before, Run& after) {
                               before.steps[0].items[0].digest = "sha256:a";
                               after.steps[0].items[0].digest = "sha256:b";
                               after.steps[0].items[0].image = "busybox:1.37";
                             },
                         .want = {},
                         .differs = false}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Results, CompareTest,
    testing::Values(
        Case{.name = "AnotherEnd",
             .change =
                 [](Run&, Run& after) {
                   after.state = "Failed";
                   after.steps[0].items[0].state = "Failed";
                   after.steps[0].items[0].reason = "StepFailed";
                   after.steps[0].items[0].attempts = 2;
                   after.steps[0].items[0].exit_code = 1;
                   after.outputs = {};
                 },
             .want = {"step train Succeeded/Succeeded/1/0 Failed/StepFailed/2/1"}},
        Case{.name = "StepsThatCameAndWent",
             .change = [](Run&, Run& after) { after.steps[0].name = "fit"; },
             .want = {"step train Succeeded/Succeeded/1/0 -", "step fit - Succeeded/Succeeded/1/0", "time train -5000",
                      "time fit 5000"}},
        Case{.name = "ItemsByTheirValues",
             .change =
                 [](Run& before, Run& after) {
                   for (Run* run : {&before, &after}) {
                     run->steps[0].items = {Ended(), Ended()};
                     run->steps[0].items[0].value = run == &before ? "a" : "b";
                     run->steps[0].items[1].value = run == &before ? "b" : "c";
                   }
                   before.steps[0].items[1].outputs = {{"rows", 1}};
                   after.steps[0].items[0].outputs = {{"rows", 2}};
                 },
             .want = {"step train (a) Succeeded/Succeeded/1/0 -", "step train (c) - Succeeded/Succeeded/1/0",
                      "output train (b).rows 1 2"}},
        Case{.name = "Durations",
             .change = [](Run&, Run& after) { after.steps[0].items[0] = Ended(12); },
             .want = {"time train 7000"},
             .differs = false},
        Case{.name = "SmallDifferencesOfDurationsAreNotNotable",
             .change =
                 [](Run& before, Run& after) {
                   before.steps[0].items[0] = Ended(100);
                   after.steps[0].items[0] = Ended(109);
                 },
             .want = {},
             .differs = false},
        Case{.name = "OutputsAndArtifacts",
             .change =
                 [](Run& before, Run& after) {
                   after.outputs = {{"model", "n"}};
                   before.steps[0].items[0].artifacts = {{"data", {.digest = "a"}}, {"same", {.digest = "s"}}};
                   after.steps[0].items[0].artifacts = {{"data", {.digest = "b"}}, {"same", {.digest = "s"}}};
                 },
             .want = {R"(output .model "m" "n")", "artifact train.data a b"}},
        Case{.name = "OfARunThatGoesOnWhatHasEnded",
             .change =
                 [](Run& before, Run& after) {
                   before.steps.push_back({.name = "report", .items = {Ended()}, .ended = true});
                   after.steps.push_back({.name = "report"});
                   after.over = false;
                   after.state = "Running";
                   after.end = {};
                   after.outputs = {};
                   after.steps[0].items[0].attempts = 2;
                 },
             .want = {"step train Succeeded/Succeeded/1/0 Succeeded/Succeeded/2/0"}},
        Case{.name = "AnotherReasonOfTheSameEnd",
             .change = [](Run&, Run& after) { after.reason = "Other"; },
             .want = {}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::compare
