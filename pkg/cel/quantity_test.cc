#include "pkg/cel/quantity.h"

#include <gtest/gtest.h>

namespace coreflow::cel {
namespace {

struct Case {
  std::string text;
  std::string canonical;  // empty: refused
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.text; }

class QuantityText : public testing::TestWithParam<Case> {};

TEST_P(QuantityText, IsRead) {
  auto quantity = Quantity::Parse(GetParam().text);
  EXPECT_EQ(quantity ? quantity->ToString() : "", GetParam().canonical);
}

// As apimachinery's resource.ParseQuantity(…).String() gives them.
INSTANTIATE_TEST_SUITE_P(AsKubernetesDoes, QuantityText,
                         testing::Values(Case{"0", "0"}, Case{"1", "1"}, Case{"-1.5", "-1500m"}, Case{"+5", "5"},
                                         Case{"1000m", "1"}, Case{"0.1", "100m"}, Case{".5", "500m"}, Case{"5.", "5"},
                                         Case{"1500", "1500"}, Case{"2000", "2k"}, Case{"1Ki", "1Ki"},
                                         Case{"1024Ki", "1Mi"}, Case{"1.5Gi", "1536Mi"}, Case{"0.5Ki", "512"},
                                         Case{"1e3", "1e3"}, Case{"1E3", "1e3"}, Case{"12e-1", "1200e-3"},
                                         Case{"1E", "1E"}, Case{"100n", "100n"}, Case{"0.0000000001", "1n"},
                                         Case{"1Ti", "1Ti"}, Case{"99999999999999999999", "9223372036854775807"},
                                         Case{"-20E", "-9223372036854775807"}, Case{"1e9999", "9223372036854775807"},
                                         Case{"1e-9999", "1e-9"}, Case{"007", "7"}));

INSTANTIATE_TEST_SUITE_P(Never, QuantityText,
                         testing::Values(Case{"", ""}, Case{"-", ""}, Case{".", ""}, Case{"1 ", ""}, Case{" 1", ""},
                                         Case{"1KB", ""}, Case{"1ki", ""}, Case{"1..2", ""}, Case{"1e", ""},
                                         Case{"e3", ""}, Case{"1e99999", ""}, Case{"0x10", ""}, Case{"--1", ""},
                                         Case{"1e+", ""}));

TEST(Quantity, AddsExactlyAndCaps) {
  EXPECT_EQ(Quantity::Parse("0.1")->Add(*Quantity::Parse("0.2")), *Quantity::Parse("0.3"));
  EXPECT_EQ(Quantity(INT64_MAX).Add(Quantity(1)), Quantity(INT64_MAX));
  EXPECT_EQ(Quantity(INT64_MIN).Subtract(Quantity(5)).Sign(), -1);
  EXPECT_EQ(Quantity::Parse("1500m")->AsInteger(), std::nullopt);
  EXPECT_EQ(Quantity(7).AsInteger(), 7);
}

}  // namespace
}  // namespace coreflow::cel
