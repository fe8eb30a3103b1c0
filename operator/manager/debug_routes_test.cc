#include "operator/manager/debug_routes.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coreflow::manager {
namespace {

using logging::Level;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Lines final : public logging::Sink {
 public:
  void Write(Level, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

// What is answered, whichever thread does.
class Answer final : public http::Reply {
 public:
  void Send(http::Response response) override { whole_.set_value(std::move(response)); }
  void Begin(http::Response head) override { pieces_ = std::move(head); }
  void Write(std::string bytes) override { pieces_.body += bytes; }
  void End() override { whole_.set_value(std::move(pieces_)); }
  void OnTaken(std::function<void()>) override {}
  void OnGone(std::function<void()> gone) override { gone_ = std::move(gone); }

  // The client goes away.
  void Leave() { gone_(); }
  http::Response Await() { return whole_.get_future().get(); }

 private:
  std::promise<http::Response> whole_;
  http::Response pieces_ = {};
  std::function<void()> gone_ = {};
};

class DebugRoutesTest : public testing::Test {
 protected:
  std::shared_ptr<Answer> Begin(const http::Request& request) {
    auto answer = std::make_shared<Answer>();
    DebugRoutes(
        log_, [] { return std::string("fine\n"); }, profiler_)(request, answer);
    return answer;
  }
  http::Response Ask(const http::Request& request) { return Begin(request)->Await(); }
  http::Response Put(const std::string& body) {
    return Ask({.method = "PUT", .target = "/debug/log-level", .body = body});
  }

  std::shared_ptr<Lines> sink_ = std::make_shared<Lines>();
  logging::Log log_{sink_, Level::kInfo};
  CpuProfiler profiler_{log_};
};

TEST_F(DebugRoutesTest, TheLevelOfTheLogIsSaidAndChanged) {
  EXPECT_EQ(Ask({.target = "/debug/log-level"}).body, "info\n");
  for (const char* level : {"debug", "warn", "error", "info"}) {
    EXPECT_EQ(Put(level).status, 200);
    EXPECT_EQ(Ask({.target = "/debug/log-level"}).body, std::string(level) + "\n");
  }
}

TEST_F(DebugRoutesTest, AChangeIsInTheLogWhicheverWayItGoes) {
  Put("error\n");
  Put("warn");
  EXPECT_THAT(sink_->lines, ElementsAre(HasSubstr(R"("msg":"log level changed","from":"info","to":"error")"),
                                        HasSubstr(R"("msg":"log level changed","from":"error","to":"warn")")));
}

TEST_F(DebugRoutesTest, WhatIsNoLevelIsRefusedAndChangesNothing) {
  for (const char* body : {"", "loud", "DEBUG", "debug info", "\"debug\""}) {
    const http::Response refused = Put(body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.body, "the body must be debug, info, warn or error\n");
  }
  EXPECT_EQ(log_.level(), Level::kInfo);
  EXPECT_THAT(sink_->lines, IsEmpty());
}

TEST_F(DebugRoutesTest, OtherMethodsAreRefused) {
  EXPECT_EQ(Ask({.method = "POST", .target = "/debug/log-level", .body = "debug"}).headers.at("allow"),
            "GET, HEAD, PUT");
  EXPECT_EQ(Ask({.method = "PUT", .target = "/debug/runtime"}).headers.at("allow"), "GET, HEAD");
  EXPECT_EQ(Ask({.method = "HEAD", .target = "/debug/profile"}).headers.at("allow"), "GET");
  EXPECT_EQ(log_.level(), Level::kInfo);
}

TEST_F(DebugRoutesTest, PagesOfABrowserAreKeptOut) {
  for (const char* path : {"/debug/log-level", "/debug/runtime", "/debug/profile"}) {
    EXPECT_EQ(Ask({.target = path, .headers = {{"origin", "https://example.com"}}}).status, 403);
  }
  EXPECT_EQ(
      Ask({.method = "PUT", .target = "/debug/log-level", .headers = {{"origin", "null"}}, .body = "debug"}).status,
      403);
  EXPECT_EQ(log_.level(), Level::kInfo);
}

TEST_F(DebugRoutesTest, TheReportIsWhatItIsGiven) { EXPECT_EQ(Ask({.target = "/debug/runtime"}).body, "fine\n"); }

TEST_F(DebugRoutesTest, OtherPathsAreNotFound) {
  for (const char* path : {"/debug/runtimes", "/debug", "/"}) EXPECT_EQ(Ask({.target = path}).status, 404) << path;
  EXPECT_EQ(Ask({.target = "/debug/runtime?seconds=1"}).body, "fine\n");
}

TEST_F(DebugRoutesTest, AProfileOfALengthThatMayNotBeIsRefused) {
  for (const char* query : {"seconds=0", "seconds=61", "seconds=-1", "seconds=", "seconds=1s", "seconds=1&seconds=2",
                            "seconds=99999999999999999999", "minutes=1", "1"}) {
    const http::Response refused = Ask({.target = std::string("/debug/profile?") + query});
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.body, "what may be asked for is seconds=N, from 1 to 60; without it, 10\n");
  }
}

TEST_F(DebugRoutesTest, AProfileWhoseClientGoesAwayEndsAtOnceAndHasWhatWasSeen) {
  for (const char* target : {"/debug/profile", "/debug/profile?seconds=60"}) {
    const auto answer = Begin({.target = target});
    answer->Leave();
    const http::Response profile = answer->Await();
    EXPECT_EQ(profile.status, 200);
    EXPECT_EQ(profile.headers.at("content-type"), "application/octet-stream");
    std::array<uintptr_t, 5> head = {};
    ASSERT_GE(profile.body.size(), sizeof head);
    std::memcpy(head.data(), profile.body.data(), sizeof head);
    EXPECT_THAT(head, ElementsAre(0, 3, 0, 10'000, 0));
    EXPECT_THAT(profile.body, HasSubstr("[stack]\n"));
  }
}

TEST_F(DebugRoutesTest, ASecondProfileAtOnceIsToldSoAndTheFirstGoesOn) {
  const auto first = Begin({.target = "/debug/profile?seconds=60"});
  const http::Response second = Ask({.target = "/debug/profile?seconds=1"});
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.body, "another profile is being taken; try again later\n");
  EXPECT_EQ(Ask({.target = "/debug/runtime"}).body, "fine\n");
  first->Leave();
  EXPECT_EQ(first->Await().status, 200);
}

}  // namespace
}  // namespace coreflow::manager
