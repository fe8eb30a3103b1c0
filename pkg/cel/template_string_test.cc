#include "pkg/cel/template_string.h"

#include <gtest/gtest.h>

#include "pkg/cel/show_for_test.h"

namespace coreflow::cel {
namespace {

const Declarations kDeclarations = Declarations()
                                       .Add("name", Type::String())
                                       .Add("n", Type::Int())
                                       .Add("a", Type::Map(Type::Int(), Type::Int()))
                                       .Add("params", Type::Struct("params", {{"shards", Type::Int()}}));

const MapActivation kActivation({{"name", Value::String("$[[ n ]]")},
                                 {"n", Value::Int(4)},
                                 {"a", *Value::Map({{Value::Int(4), Value::Int(4)}})}});

std::string Render(const std::string& text) {
  TemplateCompilation compilation = CompileTemplate(text, kDeclarations);
  if (!compilation) return "problem " + ShowProblems(compilation.problems);
  auto result = compilation.compiled->Evaluate(kActivation);
  return result ? *result : "error " + result.error().message;
}

class Templates : public testing::TestWithParam<Example> {};

TEST_P(Templates, Give) { EXPECT_EQ(Render(GetParam().expression), GetParam().shows) << GetParam().expression; }

INSTANTIATE_TEST_SUITE_P(
    Text, Templates,
    testing::Values(Example{"", ""}, Example{"plain $[ text ]] ]]", "plain $[ text ]] ]]"},
                    Example{"$(NAME) ${x} {{ y }}", "$(NAME) ${x} {{ y }}"}, Example{"n=$[[ n ]]!", "n=4!"},
                    Example{"$[[n]]$[[n+1]]", "45"},
                    Example{"a $[[ name ]] b", "a $[[ n ]] b"},  // a value is never looked at again
                    Example{"$[[ '$[[' ]] n ]]", "$[[ n ]]"}, Example{"$[[ a[a[n]] ]]", "4"},
                    Example{"$[[a[a[n]]]]", "4"}, Example{"$[[ \"]]\" ]]", "]]"}, Example{"$[[ [[1]] ]]", "[[1]]"},
                    Example{"$[[[[1]]]]", "[[1]]"},
                    Example{"$[[ {'a': [1, null], 'b': 1.5} ]]", R"({"a":[1,null],"b":1.5})"},
                    Example{"$[[ null ]]", "null"}, Example{"$[[ timestamp(0) ]]", "1970-01-01T00:00:00Z"},
                    Example{"$[[ duration('90s') ]]", "90s"}, Example{"$[[ b'abc' ]]", "YWJj"},
                    Example{"$[[ quantity('1024Mi') ]]", "1Gi"}, Example{"$[[ n // ]] is a comment\n ]]", "4"},
                    Example{"$[[ n ]]]", "4]"}, Example{"$$[[ n ]]", "$4"}));

INSTANTIATE_TEST_SUITE_P(
    Problems, Templates,
    testing::Values(Example{"a $[[ n",
                            "problem 2: $[[ is not closed; ]] is missing (a literal $[[ is written $[[ '$[[' ]])"},
                    Example{"a $[[ ']]", "problem 6: the string is not closed; ' is missing"},
                    Example{"$[[ ]]", "problem 4: the expression ends where a value should follow"},
                    Example{"$[[ nn ]] $[[ params.shard ]]",
                            "problem 4: unknown name 'nn'; known are a, n, name, params\n"
                            "21: params has no field 'shard'; did you mean params.shards?"},
                    Example{"$[[ (n ]] $[[ m ]]",
                            "problem 7: the expression ends where the closing ) should follow\n"
                            "14: unknown name 'm'; known are a, n, name, params"},
                    Example{"$[[ 1 / (n - 4) ]]", "error division by zero (at offset 3)"},
                    Example{"$[[ n $ ]] x", "problem 6: unexpected character $"},
                    Example{"$[[ params.shards ]]", "error 'params' has no value (at offset 1)"},
                    Example{"$[[ type(n) ]]", "error a type (int) has no JSON form"}));

TEST(TemplateParts, TellWhatTheyRead) {
  auto compiled = *CompileTemplate("$[[ params.shards + n ]] and $[[ n ]]", kDeclarations).compiled;
  EXPECT_TRUE(compiled.HasExpressions());
  EXPECT_EQ(compiled.References(), (std::vector<Reference>{{"n"}, {"params", "shards"}}));
  EXPECT_EQ(compiled.SoleType(), std::nullopt);
  EXPECT_EQ(CompileTemplate("$[[ n ]]", kDeclarations).compiled->SoleType(), Type::Int());
  EXPECT_FALSE(CompileTemplate("n", kDeclarations).compiled->HasExpressions());
}

}  // namespace
}  // namespace coreflow::cel
