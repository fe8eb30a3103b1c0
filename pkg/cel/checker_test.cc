#include <gtest/gtest.h>

#include "pkg/cel/show_for_test.h"

namespace coreflow::cel {
namespace {

Type StepType(std::vector<Type::Field> outputs) {
  return Type::Struct("step", {{"outputs", Type::Struct("outputs", std::move(outputs))},
                               {"status", Type::String()},
                               {"total", Type::Int()},
                               {"succeeded", Type::Int()},
                               {"items", Type::List(Type::Dyn())}});
}

// params.{shards, ratio, name}, steps.{split, word_count, word}, item, labels
Declarations Workflow() {
  Declarations declarations;
  declarations.Add(
      "params", Type::Struct("params", {{"shards", Type::Int()}, {"ratio", Type::Double()}, {"name", Type::String()}}));
  declarations.Add("steps", Type::Struct("steps", {{"split", StepType({{"parts", Type::List(Type::Int())}})},
                                                   {"word_count", StepType({{"words", Type::Int()}}), "word-count"},
                                                   {"word", StepType({})}}));
  declarations.Add("item", Type::Dyn());
  declarations.Add("labels", Type::Map(Type::String(), Type::String()));
  return declarations;
}

// The type of an expression, or its problems.
std::string TypeOf(const std::string& expression, const std::optional<Type>& wanted = std::nullopt) {
  Compilation compilation = Compile(expression, Workflow(), wanted);
  return compilation ? compilation.program->type().ToString() : ShowProblems(compilation.problems);
}

class Checker : public testing::TestWithParam<Example> {};

TEST_P(Checker, Says) { EXPECT_EQ(TypeOf(GetParam().expression), GetParam().shows) << GetParam().expression; }

INSTANTIATE_TEST_SUITE_P(
    Infers, Checker,
    testing::Values(Example{"steps.split.outputs.parts", "list(int)"},
                    Example{"steps.split.outputs.parts.sum()", "int"}, Example{"steps.word_count.outputs.words", "int"},
                    Example{"steps['word-count'].outputs.words", "int"},
                    Example{"steps.`word-count`.outputs.words", "int"},
                    Example{"steps.split.outputs.parts.map(p, string(p))", "list(string)"},
                    Example{"steps.split.outputs.parts.filter(p, p > 2)", "list(int)"},
                    Example{"params.ratio * double(params.shards)", "double"}, Example{"item", "dyn"},
                    Example{"item.name + 'x'", "string"}, Example{"item + 1", "int"}, Example{"item + item", "dyn"},
                    Example{"labels.app", "string"}, Example{"labels['app.kubernetes.io/name']", "string"},
                    Example{"has(steps.split.status) ? 1 : 2", "int"}, Example{"[1, 'a']", "list(dyn)"},
                    Example{"[[1], []]", "list(list(dyn))"}, Example{"{'a': 1}", "map(string, int)"},
                    Example{"{}", "map(dyn, dyn)"}, Example{"[1, 2].exists(i, i > params.shards)", "bool"},
                    Example{"type(1) == int", "bool"}, Example{"labels.map(k, labels[k])", "list(string)"},
                    Example{"null == params", "bool"}, Example{"[1, 2][item]", "int"},
                    Example{"params.shards < params.ratio", "bool"}));

INSTANTIATE_TEST_SUITE_P(
    Refuses, Checker,
    testing::Values(
        Example{"stps.split", "0: unknown name 'stps'; did you mean steps?"},
        Example{"foo", "0: unknown name 'foo'; known are item, labels, params, steps"},
        Example{"steps.spilt", "6: steps has no field 'spilt'; did you mean steps.split?"},
        Example{"steps.split.outputs.words", "20: steps.split.outputs has no field 'words'; it has parts"},
        Example{"params.zone", "7: params has no field 'zone'; it has shards, ratio, name"},
        Example{"params.shards.x", "14: params.shards is int and has no field 'x'"},
        Example{"params.shards + params.ratio",
                "14: there is no + with (int, double); convert one side with int(…), uint(…) or double(…)"},
        Example{
            "'a' - 'b'",
            "4: there is no - with (string, string); it takes (int, int), (uint, uint), (double, double), (timestamp, duration), (timestamp, timestamp), (duration, duration)"},
        Example{
            "params.shards == '4'",
            "14: int and string are never equal; convert one of them, for example with int(…), double(…) or dyn(…)"},
        Example{"params.name.startsWith(1)",
                "12: there is no string.startsWith(int); it takes string.startsWith(string)"},
        Example{"startWith(params.name)", "0: unknown function 'startWith'; did you mean startsWith?"},
        Example{"startsWith(params.name, 'a')", "0: startsWith is a method; write x.startsWith(…)"},
        Example{"params.name.string()", "12: string is no method; write string(x)"},
        Example{"size", "0: size is a function; write size(…)"},
        Example{"params.shards && true", "7: && needs a bool, but this is int"},
        Example{
            "item ? 1 : 'a'",
            "5: both results of ? : must have the same type, not int and string; dyn(…) around one of them allows it"},
        Example{"params.shards.map(x, x)", "7: map() goes over a list or the keys of a map, but this is int"},
        Example{"[1].all(x, x)", "11: all() needs a bool, but this is int"},
        Example{"[1].map(1, 2)", "4: the first argument of map() names its variable: write list.map(x, …)"},
        Example{"has(item)", "0: has() asks for a field: write has(a.b)"},
        Example{"{[1]: 2}", "1: a key of a map must be bool, int, uint or string, not list(int)"},
        Example{"steps[item]", "6: the fields of steps are read by constant names: .name or ['name']"},
        Example{"[1][1.0]", "3: there is no [] with (list(int), double); it takes (list(A), int), (map(A, B), A)"},
        Example{"'a'.matches('(')", "12: the regular expression is wrong: missing ): ("},
        Example{"[1].map(x, y)", "11: unknown name 'y'; known are x, item, labels, params, steps"}));

INSTANTIATE_TEST_SUITE_P(
    ExplainsDashes, Checker,
    testing::Values(Example{"steps.word-count.outputs.words",
                            "6: a dash means minus here; did you mean steps.word_count?"},
                    Example{"steps.word-count", "6: a dash means minus here; did you mean steps.word_count?"},
                    Example{"steps.word-countx.status", "6: a dash means minus here; did you mean steps.word_count?"},
                    Example{"steps.word.total-1", "int"}, Example{"steps.word.total-steps.word.succeeded", "int"}));

INSTANTIATE_TEST_SUITE_P(
    StopsAtBadSyntax, Checker,
    testing::Values(Example{"", "0: the expression ends where a value should follow"},
                    Example{"1 +", "3: the expression ends where a value should follow"},
                    Example{"(1", "2: the expression ends where the closing ) should follow"},
                    Example{"1 2", "2: unexpected 2 where an operator or the end should stand"},
                    Example{"a = 1", "2: = is no operator; write == to compare"},
                    Example{"true & false", "5: & is no operator; write && for and"},
                    Example{"'abc", "0: the string is not closed; ' is missing"},
                    Example{"'\\q'", "0: unknown escape \\q; write \\\\ for a backslash, or a raw string r'…'"},
                    Example{"f(1,)", "4: unexpected ) where an argument should stand"},
                    Example{"while", "0: while is a reserved word and names no variable"},
                    Example{"item.in", "5: a field named in is read with ['in']"},
                    Example{"Foo{a: 1}", "3: there are no messages to construct; a map is written {'key': value}"},
                    Example{"1x", "0: a number must not run into a name: 1x…"},
                    Example{"a ? b", "5: the expression ends where the : of a ? b : c should follow"},
                    Example{"\xff", "0: the text is not UTF-8"}, Example{"'\xc3", "0: the text is not UTF-8"},
                    Example{"# a", "0: unexpected character #"}, Example{"a ~ b", "2: unexpected character ~"}));

TEST(CheckerProblems, AreAllReportedInOrder) {
  EXPECT_EQ(TypeOf("params.shrds + steps.x.y + nope + params.name"),
            "7: params has no field 'shrds'; did you mean params.shards?\n"
            "21: steps has no field 'x'; it has split, word_count, word\n"
            "27: unknown name 'nope'; known are item, labels, params, steps");
}

TEST(CheckerProblems, AreAtMostFifty) {
  std::string many = "[";
  for (int i = 0; i < 200; ++i) many += "nope" + std::to_string(i) + ", ";
  EXPECT_EQ(Compile(many + "1]", {}).problems.size(), 50u);
}

TEST(WantedType, MustAgree) {
  EXPECT_EQ(TypeOf("params.shards", Type::Bool()), "0: this must be bool, but the expression gives int");
  EXPECT_EQ(TypeOf("params.shards > 3", Type::Bool()), "bool");
  EXPECT_EQ(TypeOf("item", Type::List(Type::Int())), "list(int)") << "what is dyn is checked when evaluated";
  EXPECT_EQ(TypeOf("[1]", Type::List(Type::Dyn())), "list(int)");
  EXPECT_EQ(TypeOf("[1]", Type::List(Type::String())),
            "0: this must be list(string), but the expression gives list(int)");
}

TEST(WantedType, IsVerifiedWhenEvaluated) {
  auto evaluate = [](const char* expression, const Type& wanted) {
    auto value = Compile(expression, {}, wanted).program->Evaluate(MapActivation({}));
    return value ? testing::PrintToString(*value) : value.error().message;
  };
  EXPECT_EQ(evaluate("dyn(true)", Type::Bool()), "true");
  EXPECT_EQ(evaluate("dyn('true')", Type::Bool()), "expected bool, but the expression gave string");
  EXPECT_EQ(evaluate("[dyn(1), dyn('a')]", Type::List(Type::Int())), "expected int, but the expression gave string");
  EXPECT_EQ(evaluate("dyn({'a': 1})", Type::Map(Type::String(), Type::Int())), "{\"a\": 1}");
}

}  // namespace
}  // namespace coreflow::cel
