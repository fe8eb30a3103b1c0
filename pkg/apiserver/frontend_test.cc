#include "pkg/apiserver/frontend.h"

#include <gtest/gtest.h>

#include <optional>

#include "pkg/http/beast_transport.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"

namespace coreflow::apiserver {
namespace {

using std::chrono::seconds;

// What a stream has brought so far; filled on a thread of the transport, read on the loop's.
class Recorder : public http::Sink {
 public:
  void OnHeaders(const http::Response& head) override {
    const std::lock_guard lock(mu_);
    seen_ = std::to_string(head.status) + " ";
  }
  void OnBytes(std::string_view bytes) override {
    const std::lock_guard lock(mu_);
    seen_ += bytes;
  }
  std::string seen() const {
    const std::lock_guard lock(mu_);
    return seen_;
  }
  bool Has(const std::string& text) const { return seen().find(text) != std::string::npos; }

 private:
  mutable std::mutex mu_;
  std::string seen_;  // guarded by mu_
};

class FrontendTest : public testing::Test {
 protected:
  FrontendTest() {
    frontend = std::make_unique<Frontend>(loop, server,
                                          [](const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
                                            if (request.target != "/mine") return false;
                                            reply->Send({.status = 200, .body = "the extension's"});
                                            return true;
                                          });
    listener = *http::Server::Start(http::Server::Options{}, frontend->Handler());
    transport = *http::NewBeastTransport({.url = "http://127.0.0.1:" + std::to_string(listener->port())});
  }
  ~FrontendTest() override { listener->Stop(); }

  void Until(const std::function<bool()>& claim) { EXPECT_TRUE(reactor::RunUntil(loop, claim)) << "never came true"; }
  Result<http::Response> Ask(http::Request request) {
    std::optional<Result<http::Response>> answer;
    transport->Send(std::move(request), seconds(10),
                    [&](Result<http::Response> got) { loop.Post([&answer, got = std::move(got)] { answer = got; }); });
    Until([&] { return answer.has_value(); });
    return *answer;
  }
  int StatusOf(http::Request request) {
    const auto answer = Ask(std::move(request));
    return answer ? answer->status : -1;
  }
  int Make(const std::string& name) {
    const json::Value object = json::Object{{"metadata", json::Object{{"name", name}}}};
    return StatusOf({.method = "POST", .target = "/api/v1/namespaces", .body = json::Write(object)});
  }
  std::shared_ptr<http::Cancel> Watch(const std::shared_ptr<Recorder>& sink) {
    return transport->Stream(
        {.target = "/api/v1/namespaces?watch=true"}, seconds(30), sink,
        [this](Result<void> result) { loop.Post([this, result = std::move(result)] { end = result; }); });
  }

  reactor::EventLoop loop;
  Store store;
  Registry registry{store, loop, 1};
  ApiServer server{registry, loop};
  std::unique_ptr<Frontend> frontend;
  std::unique_ptr<http::Server> listener;
  std::unique_ptr<http::Transport> transport;
  std::optional<Result<void>> end;
};

TEST_F(FrontendTest, BringsRequestsToTheServerAndAnswersBack) {
  EXPECT_EQ(Make("ci"), 201);
  EXPECT_EQ(Make("ci"), 409);
  const auto got = Ask({.target = "/api/v1/namespaces/ci"});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(json::Parse(got->body)->Find("metadata")->Find("name")->StringOr(""), "ci");
  EXPECT_EQ(StatusOf({.target = "/api/v1/namespaces/none"}), 404);
  EXPECT_EQ(StatusOf({.method = "DELETE", .target = "/api/v1/namespaces/none"}), 404);
}

TEST_F(FrontendTest, TheExtensionIsAskedFirst) {
  const auto got = Ask({.target = "/mine"});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->body, "the extension's");
  EXPECT_EQ(StatusOf({.target = "/version"}), 200);
}

TEST_F(FrontendTest, RefusesBadJson) {
  EXPECT_EQ(StatusOf({.method = "POST", .target = "/api/v1/namespaces", .body = "{"}), 400);
}

TEST_F(FrontendTest, AWatchSaysWhatIsThereAndThenEachChange) {
  ASSERT_EQ(Make("first"), 201);
  const auto sink = std::make_shared<Recorder>();
  const auto cancel = Watch(sink);
  Until([&] { return sink->Has("\"first\""); });
  EXPECT_TRUE(sink->seen().starts_with("200 {\"type\":\"ADDED\"")) << sink->seen();
  ASSERT_EQ(Make("second"), 201);
  Until([&] { return sink->Has("\"second\""); });
  cancel->Now();
}

TEST_F(FrontendTest, AWatchThatTheServerEndsIsEndedInGoodOrder) {
  const auto sink = std::make_shared<Recorder>();
  Watch(sink);
  Until([&] { return sink->Has("200 "); });
  server.Restart();
  Until([&] { return end.has_value(); });
  EXPECT_TRUE(end->has_value());
}

TEST_F(FrontendTest, ARefusedWatchIsAnAnswer) {
  const auto got = Ask({.target = "/api/v1/namespaces?watch=true&resourceVersion=rubbish"});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->status, 500);  // so does the real one
}

TEST_F(FrontendTest, WatchersThatHaveGoneAreForgotten) {
  for (int i = 0; i < 20; ++i) {
    const auto sink = std::make_shared<Recorder>();
    end.reset();
    const auto cancel = Watch(sink);
    Until([&] { return sink->Has("200 "); });
    cancel->Now();
    Until([&] { return end.has_value(); });
  }
  EXPECT_EQ(Make("after"), 201);
}

TEST_F(FrontendTest, WhenItGoesWatchesEndAndRequestsAreDropped) {
  const auto sink = std::make_shared<Recorder>();
  Watch(sink);
  Until([&] { return sink->Has("200 "); });
  frontend.reset();
  Until([&] { return end.has_value(); });
  EXPECT_EQ(StatusOf({.target = "/version"}), -1);
}

}  // namespace
}  // namespace coreflow::apiserver
