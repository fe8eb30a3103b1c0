#include <gtest/gtest.h>

#include "pkg/cel/show_for_test.h"
#include "pkg/cel/template_string.h"

// Expressions come from anybody: none may take much time or memory, or bring the process down.
namespace coreflow::cel {
namespace {

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

const Declarations kList = Declarations().Add("l", Type::List(Type::Int())).Add("s", Type::String());

MapActivation Inputs(size_t elements, size_t bytes) {
  return MapActivation(
      {{"l", Value::List(Value::Elements(elements, Value::Int(1)))}, {"s", Value::String(std::string(bytes, 'a'))}});
}

struct Nested {
  std::string name;
  std::string text;
};
void PrintTo(const Nested& nested, std::ostream* out) { *out << nested.name; }

class DeepInput : public testing::TestWithParam<Nested> {};

TEST_P(DeepInput, IsRefused) {
  Compilation compilation = Compile(GetParam().text, kList);
  ASSERT_FALSE(compilation);
  EXPECT_EQ(compilation.problems.size(), 1u);
  EXPECT_FALSE(CompileUnchecked(GetParam().text, kList));
}

INSTANTIATE_TEST_SUITE_P(
    Of, DeepInput,
    testing::Values(Nested{"Parentheses", Repeat("(", 100000)},
                    Nested{"ClosedParentheses", Repeat("(", 20000) + "1" + Repeat(")", 20000)},
                    Nested{"Lists", Repeat("[", 30000)}, Nested{"Maps", Repeat("{1:", 20000)},
                    Nested{"Not", Repeat("!", 60000) + "true"}, Nested{"Minus", Repeat("-", 60000) + "1"},
                    Nested{"Sums", "1" + Repeat("+1", 20000)}, Nested{"Selects", "s" + Repeat(".a", 20000)},
                    Nested{"Indexes", "l" + Repeat("[0]", 20000)},
                    Nested{"Conditions", Repeat("true ? 1 : ", 5000) + "1"}, Nested{"Calls", Repeat("size(", 10000)},
                    Nested{"Macros", Repeat("[1].map(x, ", 5000)}, Nested{"Text", "'" + Repeat("a", 70000) + "'"},
                    Nested{"Names", Repeat("a", 100000)}),
    [](const auto& info) { return info.param.name; });

TEST(LongChains, OfAndAndOrAreNotDeep) {
  EXPECT_EQ(Show("true" + Repeat(" && true", 5000)), "true");
  EXPECT_EQ(Show("false" + Repeat(" || false", 5000)), "false");
  EXPECT_EQ(Show("size([1" + Repeat(", 1", 10000) + "])"), "10001");
}

TEST(Depth, OfTwoHundredLevelsIsFine) {
  EXPECT_EQ(Show(Repeat("(", 200) + "1" + Repeat(")", 200)), "1");
  EXPECT_EQ(Show("1" + Repeat("+1", 200)), "201");
}

class Expensive : public testing::TestWithParam<Example> {};

TEST_P(Expensive, IsStopped) {
  EXPECT_EQ(Show(GetParam().expression, kList, Inputs(100000, 500000)), "error the expression " + GetParam().shows);
}

INSTANTIATE_TEST_SUITE_P(
    Evaluation, Expensive,
    testing::Values(Example{"l.map(a, l.map(b, a + b))", "needs more work than allowed (cost limit 10000000)"},
                    Example{"l.all(a, l.all(b, l.all(c, true)))", "needs more work than allowed (cost limit 10000000)"},
                    Example{"l.exists(a, l.exists(b, 1 / 0 == b)) || true",
                            "needs more work than allowed (cost limit 10000000)"},
                    Example{"l.map(a, s).join()", "makes a text longer than allowed (limit 1048576 bytes)"},
                    Example{"s.replace('a', s)", "makes a text longer than allowed (limit 1048576 bytes)"},
                    Example{"s + s + s", "makes a text longer than allowed (limit 1048576 bytes)"},
                    Example{"'%s%s%s'.format([s, s, s])", "makes a text longer than allowed (limit 1048576 bytes)"},
                    Example{"'%s'.format([[s, s, s]])", "makes a text longer than allowed (limit 1048576 bytes)"},
                    Example{"l.map(a, s == s + '').size()", "needs more work than allowed (cost limit 10000000)"},
                    Example{"l.map(a, l == l)", "needs more work than allowed (cost limit 10000000)"},
                    Example{"l + l + l + l + l + l + l + l + l + l + l",
                            "makes a list or map larger than allowed (limit 1000000 elements)"},
                    Example{"l.map(a, s.matches('(a*)*b'))", "needs more work than allowed (cost limit 10000000)"}));

TEST(Patterns, MadeToBeSlowAreNot) {
  EXPECT_EQ(Show("s.matches('(a|a)*b$') || s.matches('(a*)*b$') || s.matches('(a+)+$b')", kList, Inputs(0, 100000)),
            "false");
  EXPECT_EQ(Show("s.contains(s.substring(0, 50000) + 'b')", kList, Inputs(0, 100000)), "false");
  EXPECT_EQ(Show("s.lastIndexOf('b' + s.substring(0, 50000))", kList, Inputs(0, 100000)), "-1");
  EXPECT_EQ(Show("s.matches('((((a{1,9}){1,9}){1,9}){1,9}){1,9}')", kList, Inputs(0, 10)).substr(0, 45),
            "problem 10: the regular expression is wrong: ");
  EXPECT_EQ(Show("s.matches(s)", kList, Inputs(0, 100000)).substr(0, 43),
            "error the regular expression is wrong: patt");
}

TEST(Limits, AreTheCallers) {
  Limits limits{.cost = 20, .bytes = 4, .elements = 3};
  auto show = [&](const char* expression) { return Show(expression, {}, MapActivation({}), limits); };
  EXPECT_EQ(show("[1, 2].map(i, i)"), "[1, 2]");
  EXPECT_EQ(show("[1, 2] + [3, 4]"), "error the expression makes a list or map larger than allowed (limit 3 elements)");
  EXPECT_EQ(show("'ab' + 'cde'"), "error the expression makes a text longer than allowed (limit 4 bytes)");
  EXPECT_EQ(show("[1, 2, 3].map(i, i + i + i + i)"),
            "error the expression needs more work than allowed (cost limit 20)");
}

TEST(Limits, HoldForTemplates) {
  auto compiled = CompileTemplate("$[[ s ]]$[[ s ]]", kList);
  EXPECT_EQ(compiled.compiled->Evaluate(Inputs(0, 600000)).error().message,
            "the text becomes longer than allowed (limit 1048576 bytes)");
}

}  // namespace
}  // namespace coreflow::cel
