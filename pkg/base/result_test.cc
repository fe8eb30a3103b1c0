#include "pkg/base/result.h"

#include <gtest/gtest.h>

namespace coreflow {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{.code = Code::kInvalid, .message = "odd"};
  return value / 2;
}

Result<int> Quarter(int value) {
  TRY(int half, Half(value));
  return Half(half);
}

Result<void> OnlyEven(int value) {
  TRY_VOID([&]() -> Result<void> {
    if (value % 2 != 0) return Error{.code = Code::kInvalid, .message = "odd"};
    return {};
  }());
  return {};
}

TEST(Result, TryPassesTheValueOn) { EXPECT_EQ(*Quarter(8), 2); }

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(Quarter(6).error(), (Error{.code = Code::kInvalid, .message = "odd"}));
  EXPECT_FALSE(OnlyEven(3).has_value());
  EXPECT_TRUE(OnlyEven(4).has_value());
}

TEST(ResultDeathTest, ValueOfAnErrorAborts) { EXPECT_DEATH((void)Half(1).value(), "value\\(\\) of an error"); }

}  // namespace
}  // namespace coreflow
