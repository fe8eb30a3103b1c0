#include "pkg/base/resource_version.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace coreflow {
namespace {

struct Case {
  std::string a, b;
  std::string want;  // "<", "=", ">" or "unknown"
};
void PrintTo(const Case& c, std::ostream* out) { *out << '"' << c.a << "\" and \"" << c.b << '"'; }

std::string Shown(std::optional<std::strong_ordering> order) {
  if (!order) return "unknown";
  return *order < 0 ? "<" : *order > 0 ? ">" : "=";
}

class CompareResourceVersionsTest : public testing::TestWithParam<Case> {};

TEST_P(CompareResourceVersionsTest, OrdersNumbersAndNothingElse) {
  const Case& c = GetParam();
  EXPECT_EQ(Shown(CompareResourceVersions(c.a, c.b)), c.want);
  EXPECT_EQ(IsOlderVersion(c.a, c.b), c.want == "<");
}

INSTANTIATE_TEST_SUITE_P(ResourceVersion, CompareResourceVersionsTest,
                         testing::Values(Case{"1", "2", "<"}, Case{"2", "1", ">"}, Case{"7", "7", "="},
                                         Case{"9", "10", "<"}, Case{"100", "99", ">"},
                                         // More digits than any integer type has.
                                         Case{"18446744073709551616", "18446744073709551617", "<"},
                                         Case{"99999999999999999999", "100000000000000000000", "<"},
                                         Case{"", "1", "unknown"}, Case{"1", "", "unknown"}, Case{"0", "1", "unknown"},
                                         Case{"01", "2", "unknown"}, Case{"1a", "2", "unknown"},
                                         Case{"-1", "2", "unknown"}, Case{"1", "+2", "unknown"},
                                         Case{" 1", "2", "unknown"}, Case{"x", "x", "unknown"}));

}  // namespace
}  // namespace coreflow
