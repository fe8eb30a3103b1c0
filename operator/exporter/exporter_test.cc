#include "operator/exporter/exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "pkg/http/test_receiver.h"
#include "pkg/json/parse.h"
#include "pkg/metrics/series_value.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"

namespace coreflow::exporter {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ExporterTest : public testing::Test {
 protected:
  Exporter& Make(const outbox::Receiver& spans, const outbox::Receiver& events) {
    auto made = Exporter::Make(loop_,
                               {.spans = spans,
                                .events = events,
                                .speaker = {.version = "1", .instance = "pod"},
                                .on_dropped = [this](const Exporter::Dropped& one) { dropped_.push_back(one); }},
                               metrics_);
    CHECK(made.has_value(), "both can be sent to");
    exporter_ = *std::move(made);
    return *exporter_;
  }

  // Lets it send all that it has.
  void Drain() {
    bool drained = false;
    loop_.Post([&] { exporter_->Drain([&] { drained = true; }); });
    EXPECT_TRUE(reactor::RunUntil(loop_, [&] { return drained; }));
  }

  std::string Count(const std::string& kind, const std::string& fate) const {
    return metrics::SeriesValue(registry_,
                                "coreflow_telemetry_items_total{fate=\"" + fate + "\",kind=\"" + kind + "\"}");
  }

  static std::string HeaderOf(const http::Request& request, const std::string& name) {
    const std::map<std::string, std::string> headers(request.headers.begin(), request.headers.end());
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }

  reactor::EventLoop loop_;
  metrics::Registry registry_;
  metrics::OutboxMetrics metrics_{registry_};
  std::vector<Exporter::Dropped> dropped_;
  http::TestReceiver receiver_{{"/v1/traces", "/sink/", "/"}, R"({"partialSuccess": {}})"};  // a collector and a sink
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(ExporterTest, WithoutReceiversNothingIsTaken) {
  const Exporter& exporter = Make({}, {});
  EXPECT_FALSE(exporter.takes_spans());
  EXPECT_FALSE(exporter.takes_events());
  Drain();
  EXPECT_THAT(receiver_.taken(), IsEmpty());
}

TEST_F(ExporterTest, SpansArriveTogetherInOneRequest) {
  Exporter& exporter = Make({.url = receiver_.url(), .headers = {"Authorization=Basic YQ=="}}, {});
  for (const char* name : {"a", "b"}) exporter.Put(telemetry::Span{.name = name});
  Drain();
  const auto taken = receiver_.taken();
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].target, "/v1/traces");
  EXPECT_EQ(HeaderOf(taken[0], "content-type"), "application/json");
  EXPECT_EQ(HeaderOf(taken[0], "authorization"), "Basic YQ==");
  const auto body = json::Parse(taken[0].body);
  ASSERT_TRUE(body);
  const json::Value& scope = (*body)["resourceSpans"].Elements().at(0)["scopeSpans"].Elements().at(0);
  ASSERT_THAT(scope["spans"].Elements(), SizeIs(2));
  EXPECT_EQ(scope["spans"].Elements()[1]["name"], json::Value("b"));
  EXPECT_EQ(Count("Span", "Sent"), "2");
  EXPECT_THAT(dropped_, IsEmpty());
}

TEST_F(ExporterTest, ReportsAreOfWhatSomebodyWants) {
  const auto spans = ReportsTo(Make({.url = receiver_.url()}, {}));
  EXPECT_TRUE(spans.on_span);
  EXPECT_FALSE(spans.on_event);
  const auto events = ReportsTo(Make({}, {.url = receiver_.url()}));
  EXPECT_FALSE(events.on_span);
  EXPECT_TRUE(events.on_event);
}

TEST_F(ExporterTest, EachEventIsARequestToTheSinksOwnPath) {
  for (const auto& [sink, path] : std::map<std::string, std::string>{{"/sink/", "/sink/"}, {"", "/"}}) {
    Exporter& exporter = Make({}, {.url = receiver_.url() + sink});
    const size_t before = receiver_.taken().size();
    for (const char* id : {"a", "b"}) exporter.Put(telemetry::CloudEvent{.type = "t", .source = "s", .id = id});
    Drain();
    const auto taken = receiver_.taken();
    ASSERT_THAT(taken, SizeIs(before + 2));
    EXPECT_EQ(taken[before].target, path);
    EXPECT_EQ(HeaderOf(taken[before], "content-type"), "application/cloudevents+json; charset=UTF-8");
    const auto body = json::Parse(taken[before].body);
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["specversion"], json::Value("1.0"));
  }
  EXPECT_EQ(Count("Event", "Sent"), "4");
}

TEST_F(ExporterTest, WhatIsRefusedIsCountedAndToldOnce) {
  Exporter& exporter = Make({}, {.url = receiver_.url() + "/nowhere"});
  for (const char* id : {"a", "b"}) exporter.Put(telemetry::CloudEvent{.type = "t", .source = "s", .id = id});
  Drain();
  EXPECT_EQ(Count("Event", "Refused"), "2");
  ASSERT_THAT(dropped_, SizeIs(1));
  EXPECT_STREQ(dropped_[0].kind, "Event");
  EXPECT_EQ(dropped_[0].fate, outbox::Fate::kRefused);
  EXPECT_THAT(dropped_[0].why, HasSubstr("answered 404"));
}

}  // namespace
}  // namespace coreflow::exporter
