#include "operator/manager/exporter.h"

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

namespace coreflow::manager {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Lines : public logging::Sink {
 public:
  void Write(logging::Level, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

class ExporterTest : public testing::Test {
 protected:
  Exporter& Make(const Config& config) {
    auto made = Exporter::Make(loop_, config, {.version = "1", .instance = "pod"}, metrics_, log_);
    CHECK(made.has_value(), "the configuration is one");
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
  std::shared_ptr<Lines> sink_ = std::make_shared<Lines>();
  logging::Log log_{sink_, logging::Level::kInfo};
  http::TestReceiver receiver_{{"/v1/traces", "/sink/", "/"}, R"({"partialSuccess": {}})"};  // a collector and a sink
  std::unique_ptr<Exporter> exporter_;
};

TEST_F(ExporterTest, WithoutReceiversNothingIsTaken) {
  const Exporter& exporter = Make({});
  EXPECT_FALSE(exporter.takes_spans());
  EXPECT_FALSE(exporter.takes_events());
  Drain();
  EXPECT_THAT(receiver_.taken(), IsEmpty());
}

TEST_F(ExporterTest, SpansArriveTogetherInOneRequest) {
  Exporter& exporter = Make({.tracing = {.endpoint = receiver_.url(), .headers = {"Authorization=Basic YQ=="}}});
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
  EXPECT_THAT(sink_->lines, IsEmpty());
}

TEST_F(ExporterTest, EachEventIsARequestToTheSinksOwnPath) {
  for (const auto& [sink, path] : std::map<std::string, std::string>{{"/sink/", "/sink/"}, {"", "/"}}) {
    Exporter& exporter = Make({.cloud_events = {.sink = receiver_.url() + sink}});
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

TEST_F(ExporterTest, WhatIsRefusedIsCountedAndSaidOnce) {
  Exporter& exporter = Make({.cloud_events = {.sink = receiver_.url() + "/nowhere"}});
  for (const char* id : {"a", "b"}) exporter.Put(telemetry::CloudEvent{.type = "t", .source = "s", .id = id});
  Drain();
  EXPECT_EQ(Count("Event", "Refused"), "2");
  ASSERT_THAT(sink_->lines, SizeIs(1));
  EXPECT_THAT(sink_->lines[0], testing::AllOf(HasSubstr("telemetry dropped"), HasSubstr("answered 404")));
}

}  // namespace
}  // namespace coreflow::manager
