#include <gtest/gtest.h>

#include "pkg/cel/show_for_test.h"

namespace coreflow::cel {
namespace {

Declarations Workflow() {
  Type step =
      Type::Struct("step", {{"outputs", Type::Map(Type::String(), Type::Dyn())}, {"items", Type::List(Type::Dyn())}});
  return Declarations()
      .Add("steps", Type::Struct("steps", {{"count", step}, {"word_count", step, "word-count"}}))
      .Add("params", Type::Map(Type::String(), Type::Dyn()))
      .Add("item", Type::Dyn())
      .Add("workflow.name", Type::String());
}

std::string Paths(const std::vector<Reference>& references) {
  std::string out;
  for (const Reference& path : references) {
    out += out.empty() ? "" : " ";
    for (size_t i = 0; i < path.size(); ++i) out += (i > 0 ? "/" : "") + path[i];
  }
  return out;
}

class References : public testing::TestWithParam<Example> {};

TEST_P(References, Are) {
  Compilation compilation = Compile(GetParam().expression, Workflow());
  ASSERT_TRUE(compilation) << ShowProblems(compilation.problems);
  EXPECT_EQ(Paths(compilation.program->References()), GetParam().shows) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(
    Programs, References,
    testing::Values(Example{"1 + 2", ""}, Example{"steps.count.outputs.words", "steps/count/outputs/words"},
                    Example{"steps.count.outputs.words.sum() + 1", "steps/count/outputs/words"},
                    Example{"steps['word-count'].outputs['n']", "steps/word_count/outputs/n"},
                    Example{"steps.word_count.outputs.n == steps['word-count'].outputs.n",
                            "steps/word_count/outputs/n"},
                    Example{"steps.count.items[0].exitCode", "steps/count/items"},
                    Example{"params[item.key].a", "item/key params"},
                    Example{"steps.count.items.map(i, i.outputs.x + item)", "item steps/count/items"},
                    Example{"[1].map(item, item)", ""}, Example{"[1].map(item, .item)", "item"},
                    Example{"[item].map(item, item)", "item"}, Example{"has(params.a.b)", "params/a/b"},
                    Example{"true || params.a", "params/a"},
                    Example{"params.x ? params.y : {'k': params.z}", "params/x params/y params/z"},
                    Example{"type(params.a) == int", "params/a"}, Example{"workflow.name", "workflow.name"}));

}  // namespace
}  // namespace coreflow::cel
