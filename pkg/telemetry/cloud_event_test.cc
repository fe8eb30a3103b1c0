#include "pkg/telemetry/cloud_event.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::telemetry {
namespace {

TEST(CloudEventTest, AnEventHasTheAttributesOfTheStandard) {
  const CloudEvent event{.type = "dev.coreflow.run.ended",
                         .source = "/apis/x",
                         .id = "k",
                         .subject = "etl/3",
                         .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                         .time = Time(std::chrono::seconds(1'800'000'000)),
                         .data = {{"run", 3}}};
  const auto want = json::Parse(R"json({
    "specversion": "1.0", "type": "dev.coreflow.run.ended", "source": "/apis/x", "id": "k", "subject": "etl/3",
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "time": "2027-01-15T08:00:00Z",
    "datacontenttype": "application/json", "data": {"run": 3}})json");
  ASSERT_TRUE(want);
  EXPECT_EQ(ToJson(event), *want);
}

TEST(CloudEventTest, WhatThereIsNotIsLeftOut) {
  const json::Value event = ToJson(CloudEvent{.type = "t", .source = "s", .id = "i"});
  EXPECT_EQ(event.Find("subject"), nullptr);
  EXPECT_EQ(event.Find("traceparent"), nullptr);
}

}  // namespace
}  // namespace coreflow::telemetry
