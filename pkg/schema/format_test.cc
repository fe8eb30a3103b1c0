#include "pkg/schema/format.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow::schema {
namespace {

struct Case {
  const char* format;
  std::vector<const char*> good;
  std::vector<const char*> bad;
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.format; }

class FormatTest : public testing::TestWithParam<Case> {};

TEST_P(FormatTest, TellsGoodFromBad) {
  for (const char* text : GetParam().good) EXPECT_TRUE(HasFormat(text, GetParam().format)) << text;
  for (const char* text : GetParam().bad) EXPECT_FALSE(HasFormat(text, GetParam().format)) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Tables, FormatTest,
    testing::Values(
        Case{"date-time",
             {"2026-01-02T03:04:05Z", "2026-01-02t03:04:05.123456+01:00"},
             {"2026-01-02", "2026-02-30T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05"}},
        Case{"date", {"2024-02-29"}, {"2023-02-29", "2023-2-2"}},
        Case{"duration", {"90s", "1h30m", "3 days", "a 5m"}, {"", "soon", "12 dozen"}},
        Case{"ipv4", {"10.0.0.1", "010.000.000.001"}, {"10.0.0", "256.0.0.1", "::1", "1.2.3.4.5", "-1.0.0.1"}},
        Case{"ipv6",
             {"::", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"},
             {"1.2.3.4", "1::2::3", "12345::", ":"}},
        Case{"cidr", {"10.0.0.0/8", "fe80::/64"}, {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/"}},
        Case{"hostname",
             {"a", "a.example.com", "1st.example"},
             {"", "-a", "a..b", "a.b", "a_b.example", "my-long-host"}},
        Case{"uuid", {"123e4567-e89b-12d3-a456-426614174000"}, {"123e4567"}},
        Case{"uuid4", {"123e4567-e89b-42d3-a456-426614174000"}, {"123e4567-e89b-12d3-a456-426614174000"}},
        Case{"byte", {"aGFsbG8=", "QUJD"}, {"a", "aGFsbG8"}}, Case{"uri", {"http://a/b", "/a"}, {"a", ""}},
        Case{"email", {"a@b.c", "A <a@b.c>"}, {"a", "@"}}, Case{"mac", {"01:23:45:67:89:ab"}, {"01:23"}},
        Case{"k8s-short-name", {"a-b"}, {"A", "a.b"}}, Case{"k8s-long-name", {"a-b.c"}, {"a..b"}},
        Case{"unknown-format", {"anything"}, {}}));

}  // namespace
}  // namespace coreflow::schema
