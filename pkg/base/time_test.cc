#include "pkg/base/time.h"

#include <gtest/gtest.h>

namespace coreflow {
namespace {

struct Case {
  std::string text;
  std::optional<std::string> want;  // as FormatMicroTime prints it; nullopt: refused
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.text; }

class ParseTimeTest : public testing::TestWithParam<Case> {};

TEST_P(ParseTimeTest, ReadsRfc3339) {
  auto time = ParseTime(GetParam().text);
  EXPECT_EQ(time ? std::optional(FormatMicroTime(*time)) : std::nullopt, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Time, ParseTimeTest,
                         testing::Values(Case{"2026-11-21T03:37:00Z", "2026-11-21T03:37:00.000000Z"},
                                         Case{"2026-11-21T03:37:00.25Z", "2026-11-21T03:37:00.250000Z"},
                                         Case{"2026-11-21T03:37:00.123456789Z", "2026-11-21T03:37:00.123000Z"},
                                         Case{"2026-11-21T03:37:00+02:30", "2026-11-21T01:07:00.000000Z"},
                                         Case{"1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000000Z"},
                                         Case{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
                                         Case{"2023-02-29T00:00:00Z", {}}, Case{"2026-13-01T00:00:00Z", {}},
                                         Case{"2026-11-21T24:00:00Z", {}}, Case{"2026-11-21", {}},
                                         Case{"2026-11-21T03:37:00", {}}, Case{"2026-11-21T03:37:00.Z", {}},
                                         Case{"2026-11-21T03:37:00Zx", {}}, Case{"", {}},
                                         Case{"2026-11-21T03:37:0002:30", {}}, Case{"2026-11-21T23:59:60Z", {}},
                                         Case{"2026-11-21T03:37:00.1234567891Z", {}},
                                         Case{"2026-11-21 03:37:00Z", {}}));

TEST(Time, FormatsWholeSecondsAsKubernetesDoes) {
  EXPECT_EQ(FormatTime(Time(Duration(1795232220999))), "2026-11-21T03:37:00Z");
}

}  // namespace
}  // namespace coreflow
