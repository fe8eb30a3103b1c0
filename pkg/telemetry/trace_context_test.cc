#include "pkg/telemetry/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::telemetry {
namespace {

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";

std::string With(const std::string& trace, const std::string& span, const std::string& flags) {
  return "00-" + trace + "-" + span + "-" + flags;
}

TEST(TraceContextTest, ATraceparentIsReadAndWrittenBack) {
  for (const bool sampled : {true, false}) {
    const TraceContext context{.trace_id = kTrace, .span_id = kSpan, .sampled = sampled};
    EXPECT_EQ(ToTraceparent(context), With(kTrace, kSpan, sampled ? "01" : "00"));
    EXPECT_EQ(ParseTraceparent(ToTraceparent(context)), context);
  }
}

TEST(TraceContextTest, OfTheFlagsOnlySampledIsRead) {
  for (const auto& [flags, sampled] : {std::pair("03", true), {"ff", true}, {"02", false}, {"fe", false}}) {
    const auto context = ParseTraceparent(With(kTrace, kSpan, flags));
    ASSERT_TRUE(context) << flags;
    EXPECT_EQ(context->sampled, sampled) << flags;
  }
}

TEST(TraceContextTest, WhatIsNoTraceparentIsRefused) {
  const std::string good = With(kTrace, kSpan, "01");
  for (const std::string& bad :
       {std::string(), good + "-00", good + " ", " " + good, good.substr(1), "01" + good.substr(2),
        "ff" + good.substr(2), With(std::string(32, '0'), kSpan, "01"), With(kTrace, std::string(16, '0'), "01"),
        With("4BF92F3577B34DA6A3CE929D0E0E4736", kSpan, "01"), With("4bf92f3577b34da6a3ce929d0e0e473g", kSpan, "01"),
        With(kTrace, "00f067aa0ba902b ", "01"), With(kTrace, kSpan, "0x"), "00_" + good.substr(3),
        good.substr(0, 35) + "_" + good.substr(36), good.substr(0, 52) + "_" + good.substr(53),
        std::string(55, '\0')}) {
    EXPECT_FALSE(ParseTraceparent(bad)) << bad;
  }
}

TEST(TraceContextTest, IdsAreFixedForEver) {
  // The first bytes of SHA-256 of "a".
  EXPECT_EQ(TraceIdOf("a"), "ca978112ca1bbdcafac231b39a23dc4d");
  EXPECT_EQ(SpanIdOf("a"), "ca978112ca1bbdca");
}

}  // namespace
}  // namespace coreflow::telemetry
