#include "pkg/redaction/expression.h"

#include <gtest/gtest.h>

namespace coreflow::redaction {
namespace {

TEST(WithoutTexts, KeepsWhatAnExpressionComputesWith) {
  EXPECT_EQ(WithoutTexts("steps.a.outputs.n > 3  && !(params.x in [1, 2.5, true])"),
            "steps.a.outputs.n > 3 && !(params.x in [1, 2.5, true])");
}

TEST(WithoutTexts, TakesOutTextsOfEveryKind) {
  EXPECT_EQ(WithoutTexts(R"(params.x == "a" || params.x == 'b\'c')"), "params.x == \"…\" || params.x == \"…\"");
  EXPECT_EQ(WithoutTexts(R"(r'a"b' + b"bytes" + """x "y" z""")"), "\"…\" + \"…\" + \"…\"");
  EXPECT_EQ(WithoutTexts("a // hunter2\n+ b"), "a + b");
}

TEST(WithoutTexts, GivesNothingOfWhatItCannotRead) {
  EXPECT_EQ(WithoutTexts("params.x == 'hunter2"), std::nullopt);
  EXPECT_EQ(WithoutTexts("a # b"), std::nullopt);
  EXPECT_EQ(WithoutTexts("$[[ params.x ]]"), std::nullopt);
}

}  // namespace
}  // namespace coreflow::redaction
