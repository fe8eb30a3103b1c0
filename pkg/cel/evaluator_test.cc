#include "pkg/cel/evaluator.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pkg/cel/show_for_test.h"

namespace coreflow::cel {
namespace {

// Fields that count how often they are read; `missing` is not set, `broken` cannot be read.
class Counting : public Struct {
 public:
  const Type& type() const override { return type_; }

  Result<Value> Field(std::string_view name) const override {
    ++reads;
    if (name == "missing") return Error{Code::kNotFound, "'missing' is not set"};
    if (name == "broken") return Error{Code::kUnavailable, "the record was not read yet"};
    return Value::Int(7);
  }

  mutable int reads = 0;

 private:
  const Type type_ = Type::Struct(
      "step", {{"word_count", Type::Int(), "word-count"}, {"missing", Type::Int()}, {"broken", Type::Int()}});
};

class LazyStruct : public testing::Test {
 protected:
  std::string ShowWith(const char* expression) {
    return Show(expression, Declarations().Add("s", fields->type()), MapActivation({{"s", Value::Struct(fields)}}));
  }
  std::shared_ptr<Counting> fields = std::make_shared<Counting>();
};

TEST_F(LazyStruct, IsReadOnlyWhereItIsAskedFor) {
  EXPECT_EQ(ShowWith("false && s.word_count == 7"), "false");
  EXPECT_EQ(fields->reads, 0);
  EXPECT_EQ(ShowWith("s.word_count == 7"), "true");
  EXPECT_EQ(fields->reads, 1);
}

TEST_F(LazyStruct, IsReadByAliasToo) {
  EXPECT_EQ(ShowWith("s['word-count']"), "7");
  EXPECT_EQ(ShowWith("dyn(s)['word-count']"), "7");
  EXPECT_EQ(ShowWith("dyn(s).word_count"), "7");
}

TEST_F(LazyStruct, TellsUnsetFieldsFromUnreadableOnes) {
  EXPECT_EQ(ShowWith("has(s.word_count)"), "true");
  EXPECT_EQ(ShowWith("has(s.missing)"), "false");
  EXPECT_EQ(ShowWith("s.missing"), "error 'missing' is not set (at offset 2)");
  EXPECT_EQ(ShowWith("has(s.broken)"), "error the record was not read yet (at offset 0)");
  EXPECT_EQ(ShowWith("s.broken == 1 || true"), "true");
  EXPECT_EQ(ShowWith("dyn(s).nope"), "error a value of type step has no field 'nope' (at offset 7)");
}

TEST_F(LazyStruct, KeepsTheCodeOfItsErrors) {
  auto program = *Compile("s.broken", Declarations().Add("s", fields->type())).program;
  EXPECT_EQ(program.Evaluate(MapActivation({{"s", Value::Struct(fields)}})).error().code, Code::kUnavailable);
}

TEST(Program, MayBeEvaluatedOnManyThreadsAtOnce) {
  Program program = *Compile("[1, 2, 3].map(i, string(i)).all(t, t.matches('^[0-9]+$'))", {}).program;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&good, program] {
        for (int i = 0; i < 200; ++i) good += *program.Evaluate(MapActivation({})) == Value::Bool(true) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, 800);
}

class Evaluation : public testing::TestWithParam<Example> {};

TEST_P(Evaluation, Shows) {
  MapActivation activation({{"x", Value::Int(3)}, {"m", *Value::Map({{Value::String("a"), Value::Int(1)}})}});
  Declarations declarations = Declarations().Add("x", Type::Int()).Add("unset", Type::Int()).Add("m", Type::Dyn());
  EXPECT_EQ(Show(GetParam().expression, declarations, activation), GetParam().shows) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(
    OfExpressions, Evaluation,
    testing::Values(Example{"x * 2", "6"}, Example{"unset", "error 'unset' has no value (at offset 0)"},
                    Example{"1 / (x - 3)", "error division by zero (at offset 2)"},
                    Example{"x == 3 || unset == 1", "true"}, Example{"unset == 1 || x == 3", "true"},
                    Example{"unset == 1 && x == 4", "false"},
                    Example{"m.b", "error the map has no key 'b' (at offset 2)"},
                    Example{"m['b']", "error the map has no key 'b' (at offset 1)"},
                    Example{"has(m.a) && !has(m.b)", "true"},
                    Example{"[1, 2][2]", "error index 2 is outside the list, which has 2 elements (at offset 6)"},
                    Example{"[1][-1]", "error index -1 is outside the list, which has 1 element (at offset 3)"},
                    Example{"{'b': 1, 'a': 2, 1: 3, true: 4}", R"({true: 4, 1: 3, "a": 2, "b": 1})"},
                    Example{"{'a': 1, 'a': 2}", "error a map has the same key twice (at offset 0)"},
                    Example{"[1, 2, 3].map(i, i > 1, i * x)", "[6, 9]"},
                    Example{"[1, 2].map(i, [10, 20].map(j, i * j + x))", "[[13, 23], [23, 43]]"},
                    Example{"m.all(k, k == 'a')", "true"},
                    Example{"dyn(1).all(i, true)", "error a list or map is needed, not int (at offset 7)"},
                    Example{"[1, 2].existsOne(i, i == x - 1)", "true"},
                    Example{"dyn('a') + x", "error + does not take (string, int) (at offset 9)"},
                    Example{"dyn(1) ? 2 : 3", "error a bool is needed, not int (at offset 0)"},
                    Example{"x in [1, 2, 3] && 'a' in m", "true"}));

}  // namespace
}  // namespace coreflow::cel
