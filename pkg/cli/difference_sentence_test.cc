#include "pkg/cli/difference_sentence.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow::cli {
namespace {

using compare::Difference;
using std::chrono::seconds;

// etl/3 and etl/4, which both succeeded; `change` makes the difference.
struct Case {
  std::string name;
  void (*change)(Difference&);
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class SentenceTest : public testing::TestWithParam<Case> {};

TEST_P(SentenceTest, Says) {
  Difference difference{.before = {.name = "etl/3", .state = "Succeeded", .reason = "Succeeded", .over = true},
                        .after = {.name = "etl/4", .state = "Succeeded", .reason = "Succeeded", .over = true}};
  GetParam().change(difference);
  EXPECT_EQ(Sentence(difference), GetParam().want);
}

const compare::End kGood{.state = "Succeeded", .reason = "Succeeded", .attempts = 1};
const compare::End kBad{.state = "Failed", .reason = "StepFailed", .attempts = 1, .exit_code = 2};

INSTANTIATE_TEST_SUITE_P(
    Differences, SentenceTest,
    testing::Values(
        Case{.name = "Nothing", .change = [](Difference&) {}, .want = "etl/4 does not differ from etl/3"},
        Case{
            .name = "CausesThenDurations",
            .change =
                [](Difference& d) {
                  d.parameters = {{.path = "lr", .before = "0.01", .after = "0.02"}};
                  d.scripts = {{.step = "train", .before = "a", .after = "b"}};
                  d.time = {.before = seconds(10), .after = seconds(22)};
                  d.times = {{.step = "train", .before = seconds(5), .after = seconds(15)}};
                },
            .want = "etl/4 differs from etl/3: parameter lr 0.01 → 0.02, the script of train; it took 12s longer, most "
                    "of it in train"},
        Case{.name = "NothingButDurations",
             .change =
                 [](Difference& d) {
                   d.time = {.before = seconds(30), .after = seconds(20)};
                   d.times = {{.step = "load", .before = seconds(9), .after = seconds(5)},
                              {.step = "train", .before = seconds(9), .after = seconds(6)}};
                 },
             .want = "etl/4 differs from etl/3 in nothing but their durations: it took 10s less"},
        Case{.name = "AStepTookLongerAndTheRunDidNot",
             .change = [](Difference& d) { d.times = {{.step = "load", .before = seconds(2), .after = seconds(5)}}; },
             .want = "etl/4 differs from etl/3 in nothing but their durations: load took 3s longer"},
        Case{.name = "ManyCausesAreCounted",
             .change =
                 [](Difference& d) {
                   d.parameters = {{.path = "a", .after = 1}, {.path = "b", .before = 1}};
                   d.spec = {{.path = "steps[x]", .after = "x"},
                             {.path = "failFast", .before = true, .after = false},
                             {.path = "finally[y].image", .before = "i:1", .after = "i:2"}};
                 },
             .want = "etl/4 differs from etl/3: parameter a added, parameter b removed, step x added, 2 more changes"},
        Case{.name = "LongValuesAreNotTold",
             .change =
                 [](Difference& d) {
                   d.parameters = {{.path = "a", .before = std::string(50, 'x'), .after = "y"}};
                   d.spec = {{.path = "steps[x].image", .before = "i:1", .after = "i:2"}};
                 },
             .want = "etl/4 differs from etl/3: parameter a, steps[x].image i:1 → i:2"},
        Case{.name = "ATagHasMoved",
             .change = [](Difference& d) { d.images = {{.step = "train", .image = "busybox:latest"}}; },
             .want = "etl/4 differs from etl/3: what busybox:latest is, in train"},
        Case{.name = "ItFailed",
             .change =
                 [](Difference& d) {
                   d.after.state = "Failed";
                   d.steps = {{.at = {.step = "each", .item = "b"}, .before = kGood, .after = kBad},
                              {.at = {.step = "report"}, .before = kGood}};
                 },
             .want = "etl/4 differs from etl/3: it failed at each (b) (exit code 2) where etl/3 succeeded"},
        Case{.name = "ItFailedAsAWhole",
             .change =
                 [](Difference& d) {
                   d.after.state = "Failed";
                   d.after.reason = "DeadlineExceeded";
                 },
             .want = "etl/4 differs from etl/3: it failed (DeadlineExceeded) where etl/3 succeeded"},
        Case{.name = "ItSucceeded",
             .change =
                 [](Difference& d) {
                   d.before.state = "Failed";
                   d.steps = {{.at = {.step = "each", .item = "b"}, .before = kBad, .after = kGood}};
                 },
             .want = "etl/4 differs from etl/3: it succeeded where etl/3 failed at each (b) (exit code 2)"},
        Case{.name = "ResultsWereTaken",
             .change =
                 [](Difference& d) {
                   d.steps = {{.at = {.step = "load"},
                               .before = kGood,
                               .after = compare::End{.state = "Succeeded", .reason = "Reused", .attempts = 1}},
                              {.at = {.step = "train"},
                               .before = kGood,
                               .after = compare::End{.state = "Succeeded", .reason = "Succeeded", .attempts = 3}}};
                 },
             .want = "etl/4 differs from etl/3: 1 of its results was taken from elsewhere; train 1 → 3 attempts"},
        Case{.name = "StepsThatTheSpecHasOrLacksAreToldOnce",
             .change =
                 [](Difference& d) {
                   d.spec = {{.path = "steps[tidy]", .after = "x"}};
                   d.steps = {{.at = {.step = "tidy"}, .after = kGood},
                              {.at = {.step = "each", .item = "a"}, .after = kGood},
                              {.at = {.step = "each", .item = "b"}, .before = kGood}};
                 },
             .want = "etl/4 differs from etl/3: step tidy added; each (a) is new; each (b) did not run"},
        Case{.name = "OneOutput",
             .change =
                 [](Difference& d) {
                   d.outputs = {{.at = {.step = "load"}, .name = "rows", .before = 300, .after = 400}};
                   d.artifacts = {{.at = {.step = "load"}, .name = "data"}};
                 },
             .want = "etl/4 differs from etl/3: output rows of load 300 → 400; artifact data of load is another"},
        Case{.name = "TheOutputsOfTheRunGoBeforeThoseOfSteps",
             .change =
                 [](Difference& d) {
                   d.outputs = {{.at = {.step = "load"}, .name = "rows", .before = 300, .after = 400},
                                {.name = "total", .before = 300, .after = 400}};
                 },
             .want = "etl/4 differs from etl/3: output total 300 → 400"},
        Case{.name = "ARunThatGoesOn",
             .change =
                 [](Difference& d) {
                   d.after = {.name = "etl/4", .state = "Running", .over = false};
                   d.parameters = {{.path = "n", .before = 1, .after = "1"}};
                 },
             .want = R"(etl/4 differs from etl/3: parameter n 1 → "1"; etl/4 goes on)"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::cli
