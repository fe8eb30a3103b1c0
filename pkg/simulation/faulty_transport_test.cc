#include "pkg/simulation/faulty_transport.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/json/line_sink.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::simulation {
namespace {

using std::chrono::seconds;

class Collector : public http::Sink {
 public:
  void OnHeaders(const http::Response& head) override { status = head.status; }
  void OnBytes(std::string_view piece) override { bytes += piece; }

  int status = 0;
  std::string bytes;
};

// Faults that a test writes down: one for requests, one for the nth frame.
class Scripted : public Faults {
 public:
  RequestFault OnRequest(const http::Request&) override { return request; }
  WatchFault OnWatch(const http::Request&) override { return watch; }
  FrameFault OnFrame(const http::Request&) override { return ++frames_ == at_frame ? frame : FrameFault{}; }

  RequestFault request;
  WatchFault watch;
  FrameFault frame;
  int at_frame = 0;

 private:
  int frames_ = 0;
};

class FakeTransportTest : public testing::Test {
 protected:
  FakeTransportTest() { Namespace("ci"); }

  void Namespace(const std::string& name) {
    const json::Value made = json::Object{{"metadata", json::Object{{"name", name}}}};
    ASSERT_TRUE(registry.Create(apiserver::Namespaces(), "", made, {}));
  }
  static http::Request CreateLease(const std::string& name) {
    return {.method = "POST",
            .target = "/apis/coordination.k8s.io/v1/namespaces/ci/leases",
            .headers = {},
            .body = R"({"metadata":{"name":")" + name + R"("}})"};
  }
  static http::Request WatchLeases() {
    return {.method = "GET",
            .target = "/apis/coordination.k8s.io/v1/leases?watch=1&resourceVersion=1000",
            .headers = {},
            .body = {}};
  }
  void Send(http::Request request, Duration deadline = seconds(10)) {
    transport.Send(std::move(request), deadline, [this](Result<http::Response> result) {
      answers.push_back(result ? std::to_string(result->status) : CodeName(result.error().code));
    });
  }
  void Stream(http::Request request, Duration idle = seconds(90)) {
    transport.Stream(std::move(request), idle, sink,
                     [this](Result<void> result) { end = result ? "ok" : CodeName(result.error().code); });
  }
  void MakeLeases(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "l" + std::to_string(++leases_);
      ASSERT_TRUE(
          registry.Create(apiserver::Leases(), "ci", json::Object{{"metadata", json::Object{{"name", name}}}}, {}));
    }
  }
  int64_t Lines() const { return std::count(sink->bytes.begin(), sink->bytes.end(), '\n'); }

  reactor::VirtualLoop loop;
  apiserver::Store store;
  apiserver::Registry registry{store, loop, 1};
  apiserver::ApiServer server{registry, loop};
  Scripted faults;
  FaultyTransport transport{loop, server, {}, &faults};
  std::vector<std::string> answers;
  std::shared_ptr<Collector> sink = std::make_shared<Collector>();
  std::string end;

 private:
  int leases_ = 0;
};

TEST_F(FakeTransportTest, AnswersAfterAWhileNeverInsideSend) {
  Send(CreateLease("a"));
  loop.RunUntilIdle();
  EXPECT_TRUE(answers.empty());
  loop.Advance(seconds(1));
  EXPECT_EQ(answers, std::vector<std::string>{"201"});
}

struct FateCase {
  std::string name = {};
  RequestFault fault = {};
  Duration deadline = seconds(10);
  std::string answer = {};
  bool took_effect = false;
};
void PrintTo(const FateCase& c, std::ostream* out) { *out << c.name; }

class Fates : public FakeTransportTest, public testing::WithParamInterface<FateCase> {};

TEST_P(Fates, ShowsTheClientWhatItWouldSee) {
  faults.request = GetParam().fault;
  Send(CreateLease("a"), GetParam().deadline);
  loop.Advance(seconds(20));
  EXPECT_EQ(answers, std::vector<std::string>{GetParam().answer});
  EXPECT_EQ(store.Get(apiserver::Leases(), "ci/a") != nullptr, GetParam().took_effect);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Fates,
    testing::Values(
        FateCase{.name = "Served", .answer = "201", .took_effect = true},
        FateCase{.name = "LostBeforeItTakesEffect", .fault = {.fate = Fate::kLost}, .answer = "Unavailable"},
        FateCase{
            .name = "AnswerLost", .fault = {.fate = Fate::kAnswerLost}, .answer = "Unavailable", .took_effect = true},
        FateCase{.name = "TooMany", .fault = {.fate = Fate::kTooMany, .retry_after_seconds = 1}, .answer = "429"},
        FateCase{.name = "ServerError", .fault = {.fate = Fate::kServerError}, .answer = "500"},
        FateCase{.name = "Unavailable", .fault = {.fate = Fate::kUnavailable}, .answer = "503"},
        FateCase{.name = "Conflict", .fault = {.fate = Fate::kConflict}, .answer = "409"},
        FateCase{.name = "SlowerThanTheDeadlineButDone",
                 .fault = {.extra_latency = seconds(5)},
                 .deadline = seconds(1),
                 .answer = "Unavailable",
                 .took_effect = true}),
    [](const auto& info) { return info.param.name; });

TEST_F(FakeTransportTest, WatchGivesFramesInOrderAndEndsWithItsServerTimeout) {
  http::Request watch = WatchLeases();
  watch.target += "&timeoutSeconds=30";
  Stream(watch);
  loop.Advance(seconds(1));
  EXPECT_EQ(sink->status, 200);
  MakeLeases(3);
  loop.Advance(seconds(1));
  EXPECT_EQ(Lines(), 3);
  EXPECT_LT(sink->bytes.find("\"l1\""), sink->bytes.find("\"l2\""));
  loop.Advance(seconds(30));
  EXPECT_EQ(end, "ok");
}

struct FrameCase {
  std::string name;
  FrameFault::Kind kind;
  int64_t lines;    // of three frames, the second of which meets the fault
  std::string end;  // seen within two minutes; empty: still open
};
void PrintTo(const FrameCase& c, std::ostream* out) { *out << c.name; }

class Frames : public FakeTransportTest, public testing::WithParamInterface<FrameCase> {};

TEST_P(Frames, ShowTheClientWhatItWouldSee) {
  faults.frame = {.kind = GetParam().kind};
  faults.at_frame = 2;
  Stream(WatchLeases(), std::chrono::minutes(1));
  loop.Advance(seconds(1));
  MakeLeases(3);
  loop.Advance(seconds(30));
  EXPECT_EQ(Lines(), GetParam().lines);
  loop.Advance(seconds(90));
  EXPECT_EQ(end, GetParam().end);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Frames,
                         testing::Values(FrameCase{"Cut", FrameFault::Kind::kCut, 1, "Unavailable"},
                                         FrameCase{"Ended", FrameFault::Kind::kEnded, 1, "ok"},
                                         FrameCase{"SilenceUntilTheIdleLimit", FrameFault::Kind::kSilence, 1,
                                                   "Unavailable"},
                                         FrameCase{"ExpiredInsideTheStream", FrameFault::Kind::kExpired, 2, "ok"},
                                         FrameCase{"Truncated", FrameFault::Kind::kTruncated, 1, "Unavailable"},
                                         FrameCase{"Twice", FrameFault::Kind::kTwice, 4, "Unavailable"}),
                         [](const auto& info) { return info.param.name; });

// Takes a watch's lines as values.
class LineCollector : public Collector, public json::LineSink {
 public:
  void OnLines(const std::vector<json::Value>& more) override { lines.insert(lines.end(), more.begin(), more.end()); }
  std::vector<json::Value> lines;
};

TEST_F(FakeTransportTest, WithoutFaultsASinkThatTakesLinesHasTheObjectsThemselves) {
  FaultyTransport faultless(loop, server);
  auto lines = std::make_shared<LineCollector>();
  const auto watch = faultless.Stream(WatchLeases(), seconds(90), lines, [](const Result<void>&) {});
  MakeLeases(2);
  loop.Advance(seconds(1));
  ASSERT_EQ(lines->lines.size(), 2u);
  EXPECT_EQ(lines->lines[0]["type"], json::Value("ADDED"));
  EXPECT_EQ(lines->status, 200);
  EXPECT_EQ(lines->bytes, "");
}

TEST_F(FakeTransportTest, FaultsMeetBytes) {
  auto lines = std::make_shared<LineCollector>();
  const auto watch = transport.Stream(WatchLeases(), seconds(90), lines, [](const Result<void>&) {});
  MakeLeases(1);
  loop.Advance(seconds(1));
  EXPECT_TRUE(lines->lines.empty());
  EXPECT_TRUE(lines->bytes.ends_with("\n")) << lines->bytes;
}

TEST_F(FakeTransportTest, WatchBehindShowsAFrameOnlyWhenLaterOnesAreKnown) {
  faults.watch = {.behind = 2, .hold = seconds(30)};
  Stream(WatchLeases());
  loop.Advance(seconds(1));
  MakeLeases(3);
  loop.Advance(seconds(1));
  EXPECT_EQ(Lines(), 1);
  loop.Advance(seconds(30));
  EXPECT_EQ(Lines(), 3);
}

TEST_F(FakeTransportTest, RestartBreaksWatchesAndRefusesConnections) {
  Stream(WatchLeases());
  loop.Advance(seconds(1));
  server.Restart(seconds(5));
  Send(CreateLease("a"));
  loop.Advance(seconds(1));
  EXPECT_EQ(end, "Unavailable");
  EXPECT_EQ(answers, std::vector<std::string>{"Unavailable"});
  loop.Advance(seconds(5));
  Send(CreateLease("a"));
  loop.Advance(seconds(1));
  EXPECT_EQ(answers.back(), "201");
}

TEST_F(FakeTransportTest, CancelEndsOnceAndNotAtOnce) {
  auto cancel = transport.Send(CreateLease("a"), seconds(10), [this](Result<http::Response> result) {
    answers.push_back(CodeName(result.error().code));
  });
  cancel->Now();
  cancel->Now();
  EXPECT_TRUE(answers.empty());
  loop.Advance(seconds(1));
  EXPECT_EQ(answers, std::vector<std::string>{"Cancelled"});
}

TEST_F(FakeTransportTest, AKilledClientHearsNothingButWhatItSentArrives) {
  Send(CreateLease("a"));
  transport.Kill();
  loop.Advance(seconds(20));
  EXPECT_TRUE(answers.empty());
  EXPECT_NE(store.Get(apiserver::Leases(), "ci/a"), nullptr);
}

TEST_F(FakeTransportTest, ACutOffClientWaitsForItsDeadlines) {
  Stream(WatchLeases());
  loop.Advance(seconds(1));
  transport.CutOff(true);
  Send(CreateLease("a"));
  MakeLeases(1);
  loop.Advance(seconds(9));
  EXPECT_TRUE(answers.empty());
  transport.CutOff(false);
  loop.Advance(seconds(100));
  EXPECT_EQ(answers, std::vector<std::string>{"Unavailable"});
  EXPECT_EQ(store.Get(apiserver::Leases(), "ci/a"), nullptr);
  EXPECT_EQ(end, "Unavailable");
  EXPECT_EQ(Lines(), 0);
}

TEST_F(FakeTransportTest, ARefusedWatchIsAnAnswerNotAStream) {
  http::Request watch = WatchLeases();
  watch.target += "&labelSelector=%3D%3D";
  Stream(watch);
  loop.Advance(seconds(1));
  EXPECT_EQ(sink->status, 400);
  EXPECT_EQ(end, "ok");
}

}  // namespace
}  // namespace coreflow::simulation
