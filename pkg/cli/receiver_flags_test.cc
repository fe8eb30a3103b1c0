#include "pkg/cli/receiver_flags.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace coreflow::cli {
namespace {

Arguments Given(std::map<std::string, std::vector<std::string>, std::less<>> flags) {
  return {.flags = std::move(flags)};
}

TEST(ReceiverFlags, NobodyIsToldUnlessAFlagSaysSo) {
  EXPECT_EQ(SpanReceiver({}), outbox::Receiver());
  EXPECT_EQ(EventReceiver({}), outbox::Receiver());
  EXPECT_EQ(WrongReceiverFlags({}), "");
}

TEST(ReceiverFlags, EachFlagIsAFieldOfItsReceiver) {
  const Arguments arguments = Given({{"otlp-endpoint", {"http://collector:4318"}},
                                     {"otlp-headers", {"A=B,C=D"}},
                                     {"otlp-ca-file", {"/otlp.pem"}},
                                     {"cloudevents-sink", {"https://broker/default"}},
                                     {"cloudevents-headers", {"E=F"}},
                                     {"cloudevents-ca-file", {"/events.pem"}}});
  EXPECT_EQ(SpanReceiver(arguments),
            (outbox::Receiver{.url = "http://collector:4318", .headers = {"A=B", "C=D"}, .ca_file = "/otlp.pem"}));
  EXPECT_EQ(EventReceiver(arguments),
            (outbox::Receiver{.url = "https://broker/default", .headers = {"E=F"}, .ca_file = "/events.pem"}));
  EXPECT_EQ(WrongReceiverFlags(arguments), "");
  for (const auto& [name, values] : arguments.flags) {
    EXPECT_TRUE(std::ranges::any_of(ReceiverFlags(), [&](const Flag& flag) { return flag.name == name; })) << name;
  }
}

TEST(ReceiverFlags, WhatIsWrongNamesTheFlag) {
  EXPECT_EQ(WrongReceiverFlags(Given({{"otlp-headers", {"A=B"}}})),
            "--otlp-endpoint: is needed by what else stands there");
  EXPECT_TRUE(WrongReceiverFlags(Given({{"cloudevents-sink", {"broker:80"}}})).starts_with("--cloudevents-sink: "));
  const std::string header =
      WrongReceiverFlags(Given({{"cloudevents-sink", {"http://broker"}}, {"cloudevents-headers", {"secret"}}}));
  EXPECT_TRUE(header.starts_with("--cloudevents-headers: is no NAME=VALUE")) << header;
}

}  // namespace
}  // namespace coreflow::cli
