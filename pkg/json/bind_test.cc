#include "pkg/json/bind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::json {
namespace {

enum class Mode { kFast, kSafe };
constexpr auto EnumNames(Mode) { return std::to_array<std::string_view>({"Fast", "Safe"}); }

struct Retry {
  int64_t limit = 3;
  std::optional<std::string> when;

  bool operator==(const Retry&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(Field("limit", &Retry::limit, {.minimum = 0, .maximum = 10}), Field("when", &Retry::when));
  }
};

struct Task {
  std::string name;
  std::vector<std::string> args;
  std::optional<Retry> retry;

  bool operator==(const Task&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(Field("name", &Task::name, {.required = true, .max_length = 5}),
                           Field("args", &Task::args, {.min_length = 1, .max_items = 2}), Field("retry", &Task::retry));
  }
};

struct Plan {
  std::vector<Task> tasks;
  std::map<std::string, std::string> labels;
  Mode mode = Mode::kSafe;
  std::optional<bool> dry;
  double ratio = 0.5;
  Value extra;
  std::optional<Time> at;
  std::string note;

  bool operator==(const Plan&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(Field("tasks", &Plan::tasks), Field("labels", &Plan::labels), Field("mode", &Plan::mode),
                           Field("dry", &Plan::dry), Field("ratio", &Plan::ratio), Field("extra", &Plan::extra),
                           Field("at", &Plan::at), Field("note", &Plan::note, {.omit_default = true}));
  }
};
void PrintTo(const Plan& plan, std::ostream* out) { *out << Write(ToJson(plan)); }

Bound<Plan> BindText(const std::string& text, UnknownFields unknown = UnknownFields::kIgnore) {
  Result<Value> value = Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return Bind<Plan>(*value, unknown);
}

struct WrongCase {
  std::string name;
  std::string text;
  std::string want;
};
void PrintTo(const WrongCase& c, std::ostream* out) { *out << c.text; }

class WrongTest : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongTest, EachProblemSaysWhereAndWhatWouldBeRight) {
  EXPECT_EQ(Describe(BindText(GetParam().text, UnknownFields::kProblem).problems), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, WrongTest,
    testing::Values(
        WrongCase{"NotAnObject", "[]", "expected object, got array"},
        WrongCase{"WrongScalar", R"({"tasks":[{"name":"a"},{"name":"b","retry":{"limit":"two"}}]})",
                  ".tasks[1].retry.limit: expected integer, got string \"two\""},
        WrongCase{"Fraction", R"({"tasks":[{"name":"a","retry":{"limit":1.5}}]})",
                  ".tasks[0].retry.limit: expected integer, got number 1.5"},
        WrongCase{"BeyondInt64", R"({"tasks":[{"name":"a","retry":{"limit":1e300}}]})",
                  ".tasks[0].retry.limit: expected integer, got number 1e+300"},
        WrongCase{"TooLarge", R"({"tasks":[{"name":"a","retry":{"limit":11}}]})",
                  ".tasks[0].retry.limit: must be at most 10, is 11"},
        WrongCase{"TooSmall", R"({"tasks":[{"name":"a","retry":{"limit":-1}}]})",
                  ".tasks[0].retry.limit: must be at least 0, is -1"},
        WrongCase{"Missing", R"({"tasks":[{}]})", ".tasks[0].name: required"},
        WrongCase{"TooLong", R"({"tasks":[{"name":"abcdef"}]})",
                  ".tasks[0].name: has 6 characters, at most 5 are allowed"},
        WrongCase{"TooMany", R"({"tasks":[{"name":"a","args":["1","2","3"]}]})",
                  ".tasks[0].args: has 3 elements, at most 2 are allowed"},
        WrongCase{"EmptyElement", R"({"tasks":[{"name":"a","args":[""]}]})", ".tasks[0].args[0]: must not be empty"},
        WrongCase{"UnknownConstant", R"({"mode":"Sefe"})",
                  ".mode: expected one of Fast, Safe, got string \"Sefe\"; did you mean \"Safe\"?"},
        WrongCase{"NoTextForAConstant", R"({"mode":false})", ".mode: expected one of Fast, Safe, got boolean false"},
        WrongCase{"UnknownField", R"({"tasks":[{"nmae":"a","name":"a"}]})",
                  ".tasks[0].nmae: unknown field; did you mean \"name\"?"},
        WrongCase{"MapValue", R"({"labels":{"a/b":1,"c":"d"}})", ".labels[\"a/b\"]: expected string, got integer 1"},
        WrongCase{"NotATime", R"({"at":"yesterday"})",
                  ".at: expected time such as 2026-11-21T03:37:00Z, got string \"yesterday\""},
        WrongCase{"AllAtOnce", R"({"tasks":{},"dry":1,"ratio":"x"})",
                  ".tasks: expected array, got object; .dry: expected boolean, got integer 1; "
                  ".ratio: expected number, got string \"x\""}),
    [](const auto& info) { return info.param.name; });

struct ExactCase {
  std::string name;
  std::string text;
};
void PrintTo(const ExactCase& c, std::ostream* out) { *out << c.text; }

class ExactTest : public testing::TestWithParam<ExactCase> {};

TEST_P(ExactTest, RoundTripIsExact) {
  Bound<Plan> bound = BindText(GetParam().text, UnknownFields::kProblem);
  EXPECT_THAT(bound.problems, testing::IsEmpty());
  EXPECT_EQ(Write(ToJson(bound.value)), GetParam().text);
  EXPECT_EQ(Bind<Plan>(ToJson(bound.value)).value, bound.value);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, ExactTest,
    testing::Values(
        ExactCase{"Initial", R"({"mode":"Safe","ratio":0.5})"},
        ExactCase{"Everything",
                  R"({"at":"2026-11-21T03:37:00Z","dry":false,"extra":[1,1.5,null,{"a":null}],"labels":{"a/b":""},)"
                  R"("mode":"Fast","note":"x","ratio":1.0,"tasks":[{"args":["p","q"],"name":"a",)"
                  R"("retry":{"limit":0,"when":""}}]})"},
        ExactCase{"EmptyStructThatIsThere",
                  R"({"mode":"Safe","ratio":0.5,"tasks":[{"name":"","retry":{"limit":3}}]})"}),
    [](const auto& info) { return info.param.name; });

TEST(BindTest, NullCountsAsAbsentAndUnknownFieldsPassWhenLenient) {
  Bound<Plan> bound = BindText(R"({"mode":null,"dry":null,"labels":null,"later":1})");
  EXPECT_THAT(bound.problems, testing::IsEmpty());
  EXPECT_EQ(bound.value, Plan{});
}

TEST(BindTest, WholeNumbersWithAFractionAreIntegers) {
  EXPECT_EQ(BindText(R"({"tasks":[{"name":"a","retry":{"limit":4.0}}]})").value.tasks.at(0).retry->limit, 4);
}

TEST(BindTest, PathsStartAtTheRootThatTheCallerNames) {
  Bound<Plan> bound = Bind<Plan>(Value(Object{{"dry", 1}}), UnknownFields::kIgnore, ".spec");
  EXPECT_EQ(Describe(bound.problems), ".spec.dry: expected boolean, got integer 1");
}

TEST(BindTest, OnlyTheFirstHundredProblemsAreKept) {
  Array numbers(1000, Value(1));
  Bound<Task> bound = Bind<Task>(Value(Object{{"name", "a"}, {"args", numbers}}));
  EXPECT_EQ(bound.problems.size(), 101u);
  EXPECT_EQ(bound.problems.back().message, "1901 more problems");
}

TEST(BindTest, CharactersAreCountedNotBytes) {
  EXPECT_TRUE(BindText("{\"tasks\":[{\"name\":\"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA9\"}]}").ok());
}

}  // namespace
}  // namespace coreflow::json
