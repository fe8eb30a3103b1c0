#include "pkg/telemetry/otlp.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::telemetry {
namespace {

Span Example() {
  return {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
          .span_id = "00f067aa0ba902b7",
          .parent_id = "00f067aa0ba902b8",
          .name = "train",
          .start = Time(std::chrono::seconds(1'800'000'000)),
          .end = Time(std::chrono::milliseconds(1'800'000'002'500)),
          .attributes = {{"big", int64_t{1} << 60}, {"text", "a"}, {"yes", true}},
          .failed = true,
          .message = "exit code 3"};
}

TEST(OtlpTest, ASpanIsAsTheProtocolHasItInJson) {
  const auto want = json::Parse(R"json({
    "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "parentSpanId": "00f067aa0ba902b8",
    "name": "train", "kind": 1,
    "startTimeUnixNano": "1800000000000000000", "endTimeUnixNano": "1800000002500000000",
    "attributes": [{"key": "big", "value": {"intValue": "1152921504606846976"}},
                   {"key": "text", "value": {"stringValue": "a"}},
                   {"key": "yes", "value": {"boolValue": true}}],
    "status": {"code": 2, "message": "exit code 3"}})json");
  ASSERT_TRUE(want);
  EXPECT_EQ(ToJson(Example()), *want);
}

TEST(OtlpTest, ARootHasNoParentAndSuccessNoStatus) {
  Span span = Example();
  span.parent_id.clear();
  span.failed = false;
  span.kind = Span::Kind::kServer;
  const json::Value value = ToJson(span);
  EXPECT_EQ(value.Find("parentSpanId"), nullptr);
  EXPECT_EQ(value["status"], json::Value(json::Object()));
  EXPECT_EQ(value["kind"], json::Value(2));
}

TEST(OtlpTest, TheBodySaysWhoSpeaks) {
  const auto body = json::Parse(TracesBody({.version = "1.2", .instance = "pod-a"}, {ToJson(Example())}));
  ASSERT_TRUE(body);
  const json::Value& resource = (*body)["resourceSpans"].Elements().at(0);
  const auto want = json::Parse(R"json([
    {"key": "service.instance.id", "value": {"stringValue": "pod-a"}},
    {"key": "service.name", "value": {"stringValue": "coreflow-operator"}},
    {"key": "service.version", "value": {"stringValue": "1.2"}}])json");
  EXPECT_EQ(resource["resource"]["attributes"], *want);
  const json::Value& scope = resource["scopeSpans"].Elements().at(0);
  EXPECT_EQ(scope["scope"]["name"], json::Value("coreflow.dev"));
  EXPECT_EQ(scope["spans"].Elements().at(0), ToJson(Example()));
}

TEST(OtlpTest, WhatAReceiverDidNotTakeIsCounted) {
  EXPECT_EQ(RejectedSpans(R"({"partialSuccess": {"rejectedSpans": "5", "errorMessage": "no"}})"), 5);
  EXPECT_EQ(RejectedSpans(R"({"partialSuccess": {"rejectedSpans": 5}})"), 5);
  for (const char* body : {"", "{}", "[]", "no JSON", R"({"partialSuccess": {"rejectedSpans": "5x"}})",
                           R"({"partialSuccess": {"rejectedSpans": -5}})"}) {
    EXPECT_EQ(RejectedSpans(body), 0) << body;
  }
}

}  // namespace
}  // namespace coreflow::telemetry
