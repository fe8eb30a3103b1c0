#include "pkg/apiserver/local_transport.h"

#include <gtest/gtest.h>

#include <optional>

#include "pkg/json/line_sink.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/event_loop.h"

namespace coreflow::apiserver {
namespace {

using std::chrono::milliseconds;

// Writes down what it is handed; may cancel from inside.
class Recorder : public http::Sink {
 public:
  void OnHeaders(const http::Response& head) override {
    EXPECT_EQ(seen, "") << "the head comes once, and first";
    EXPECT_EQ(head.body, "");
    seen = std::to_string(head.status) + " ";
  }
  void OnBytes(std::string_view bytes) override {
    EXPECT_FALSE(ended);
    seen += bytes;
    if (on_bytes) on_bytes();
  }

  std::string seen;
  bool ended = false;
  std::function<void()> on_bytes = {};
};

class LocalTransportTest : public testing::Test {
 protected:
  LocalTransportTest() {
    const auto made =
        registry.Create(Namespaces(), "", json::Object{{"metadata", json::Object{{"name", "ci"}}}}, {.agent = "test"});
    EXPECT_TRUE(made.has_value());
  }

  // Runs what has been posted, and what that posts, until `claim` holds.
  void Until(const std::function<bool()>& claim) {
    std::stop_source stop;
    int turns = 0;
    std::function<void()> look = [&] {
      if (claim() || ++turns > 10'000) return stop.request_stop(), void();
      loop.Post(look);
    };
    loop.Post(look);
    loop.Run(stop.get_token());
    EXPECT_TRUE(claim()) << "never came true";
  }
  // Turns enough for anything that is under way.
  void Settle() {
    int turns = 0;
    Until([&] { return ++turns > 50; });
  }

  http::Transport::StreamEnd EndOf(const std::shared_ptr<Recorder>& sink) {
    return [this, sink](Result<void> result) {
      EXPECT_FALSE(sink->ended) << "ends once";
      sink->ended = true;
      end = std::move(result);
    };
  }
  void MakeConfigMap(const std::string& name) {
    const auto made = registry.Create(ConfigMaps(), "ci", json::Object{{"metadata", json::Object{{"name", name}}}},
                                      {.agent = "test"});
    EXPECT_TRUE(made.has_value());
  }

  reactor::EventLoop loop;
  Store store;
  Registry registry{store, loop, 1};
  ApiServer server{registry, loop};
  LocalTransport transport{loop, server};
  std::optional<Result<void>> end;
};

constexpr char kWatch[] = "/api/v1/namespaces/ci/configmaps?watch=true";

TEST_F(LocalTransportTest, AnswersNeverInsideSend) {
  std::optional<Result<http::Response>> answer;
  transport.Send({.target = "/api/v1/namespaces/ci"}, milliseconds(1),
                 [&](Result<http::Response> got) { answer = std::move(got); });
  EXPECT_FALSE(answer.has_value());
  Until([&] { return answer.has_value(); });
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->status, 200);
  EXPECT_EQ(json::Parse((*answer)->body).value()["metadata"]["name"].StringOr(""), "ci");
}

TEST_F(LocalTransportTest, ARefusalIsAnAnswer) {
  std::optional<Result<http::Response>> answer;
  transport.Send({.target = "/api/v1/namespaces/none"}, milliseconds(1),
                 [&](Result<http::Response> got) { answer = std::move(got); });
  Until([&] { return answer.has_value(); });
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->status, 404);
}

TEST_F(LocalTransportTest, ACompletionMaySendAgain) {
  int answers = 0;
  std::function<void(Result<http::Response>)> next = [&](const Result<http::Response>& got) {
    EXPECT_TRUE(got.has_value());
    if (++answers < 3) transport.Send({.target = "/version"}, milliseconds(1), next);
  };
  transport.Send({.target = "/version"}, milliseconds(1), next);
  Until([&] { return answers == 3; });
}

TEST_F(LocalTransportTest, ACancelledRequestCompletesOnce) {
  std::vector<std::string> ends;
  const auto cancel = transport.Send({.target = "/version"}, milliseconds(1), [&](const Result<http::Response>& got) {
    ends.push_back(got ? "answered" : CodeName(got.error().code));
  });
  cancel->Now();
  cancel->Now();
  EXPECT_TRUE(ends.empty()) << "never inside Now";
  Settle();
  EXPECT_EQ(ends, std::vector<std::string>{"Cancelled"});
}

TEST_F(LocalTransportTest, CancelAfterTheAnswerIsNothing) {
  std::vector<std::string> ends;
  const auto cancel = transport.Send({.target = "/version"}, milliseconds(1), [&](const Result<http::Response>& got) {
    ends.push_back(got ? "answered" : CodeName(got.error().code));
  });
  Until([&] { return !ends.empty(); });
  cancel->Now();
  Settle();
  EXPECT_EQ(ends, std::vector<std::string>{"answered"});
}

TEST_F(LocalTransportTest, AWatchHandsOnEachChange) {
  MakeConfigMap("first");
  auto sink = std::make_shared<Recorder>();
  const auto cancel = transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  EXPECT_EQ(sink->seen, "") << "never inside Stream";
  Until([&] { return sink->seen.find("\"first\"") != std::string::npos; });
  EXPECT_TRUE(sink->seen.starts_with("200 {\"type\":\"ADDED\"")) << sink->seen;
  MakeConfigMap("second");
  EXPECT_EQ(sink->seen.find("\"second\""), std::string::npos) << "never inside the write";
  Until([&] { return sink->seen.find("\"second\"") != std::string::npos; });
  EXPECT_FALSE(end.has_value());
  cancel->Now();
  Until([&] { return end.has_value(); });
  EXPECT_EQ(end->error().code, Code::kCancelled);
}

// Takes a watch's lines as values.
class LineRecorder : public Recorder, public json::LineSink {
 public:
  void OnLines(const std::vector<json::Value>& more) override {
    EXPECT_TRUE(seen.starts_with("200 ")) << "the head comes first";
    lines.insert(lines.end(), more.begin(), more.end());
  }
  std::vector<json::Value> lines;
};

TEST_F(LocalTransportTest, ASinkThatTakesLinesHasTheObjectsThemselves) {
  MakeConfigMap("first");
  auto sink = std::make_shared<LineRecorder>();
  transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  Until([&] { return sink->lines.size() == 1; });
  MakeConfigMap("second");
  EXPECT_EQ(sink->lines.size(), 1u) << "never inside the write";
  Until([&] { return sink->lines.size() == 2; });
  EXPECT_EQ(sink->lines[0]["type"], json::Value("ADDED"));
  EXPECT_EQ(&sink->lines[1]["object"].AsObject(), &store.Get(ConfigMaps(), "ci/second")->object().AsObject());
  EXPECT_EQ(sink->seen, "200 ");
}

TEST_F(LocalTransportTest, ASinkThatTakesLinesHasARefusalAsBytes) {
  auto sink = std::make_shared<LineRecorder>();
  transport.Stream({.target = "/api/v1/namespaces/ci/configmaps?watch=true&resourceVersion=rubbish"}, milliseconds(1),
                   sink, EndOf(sink));
  Until([&] { return end.has_value(); });
  EXPECT_TRUE(sink->seen.starts_with("500 {")) << sink->seen;
}

TEST_F(LocalTransportTest, AWatchOfNothingStillSaysItsHead) {
  auto sink = std::make_shared<Recorder>();
  const auto cancel = transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  Until([&] { return sink->seen == "200 "; });
}

TEST_F(LocalTransportTest, AStreamGoesOnWhenItsCancelIsLetGo) {
  auto sink = std::make_shared<Recorder>();
  transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  Settle();
  MakeConfigMap("late");
  Until([&] { return sink->seen.find("\"late\"") != std::string::npos; });
}

TEST_F(LocalTransportTest, AfterCancelNothingMoreComes) {
  auto sink = std::make_shared<Recorder>();
  const auto cancel = transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  sink->on_bytes = [&] { cancel->Now(); };
  Until([&] { return sink->seen == "200 "; });
  MakeConfigMap("one");
  Until([&] { return end.has_value(); });
  EXPECT_EQ(end->error().code, Code::kCancelled);
  const std::string seen = sink->seen;
  MakeConfigMap("two");
  Settle();
  EXPECT_EQ(sink->seen, seen);
}

TEST_F(LocalTransportTest, AStreamCancelledBeforeItBeganHandsOnNothing) {
  MakeConfigMap("there");
  auto sink = std::make_shared<Recorder>();
  transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink))->Now();
  Until([&] { return end.has_value(); });
  Settle();
  EXPECT_EQ(end->error().code, Code::kCancelled);
  EXPECT_EQ(sink->seen, "");
}

TEST_F(LocalTransportTest, ARefusedWatchGivesStatusAndBodyAndEndsInGoodOrder) {
  auto sink = std::make_shared<Recorder>();
  transport.Stream({.target = "/api/v1/namespaces/ci/configmaps?watch=true&resourceVersion=rubbish"}, milliseconds(1),
                   sink, EndOf(sink));
  Until([&] { return end.has_value(); });
  EXPECT_TRUE(end->has_value());
  EXPECT_TRUE(sink->seen.starts_with("500 {")) << sink->seen;
}

TEST_F(LocalTransportTest, AWatchThatTheServerBreaksEndsInGoodOrder) {
  auto sink = std::make_shared<Recorder>();
  transport.Stream({.target = kWatch}, milliseconds(1), sink, EndOf(sink));
  Until([&] { return sink->seen == "200 "; });
  server.Restart();
  Until([&] { return end.has_value(); });
  EXPECT_TRUE(end->has_value());
}

TEST_F(LocalTransportTest, AnAnswerInPiecesIsWhole) {
  auto sink = std::make_shared<Recorder>();
  transport.Stream({.target = "/healthz"}, milliseconds(1), sink, EndOf(sink));
  Until([&] { return end.has_value(); });
  EXPECT_EQ(sink->seen, "200 ok");
}

}  // namespace
}  // namespace coreflow::apiserver
