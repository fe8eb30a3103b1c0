#include "operator/manager/debug_routes.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
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

class DebugRoutesTest : public testing::Test {
 protected:
  http::Response Ask(const http::Request& request) {
    return DebugRoutes(log_, [] { return std::string("fine\n"); }).at(request.target)(request);
  }
  http::Response Put(const std::string& body) {
    return Ask({.method = "PUT", .target = "/debug/log-level", .body = body});
  }

  std::shared_ptr<Lines> sink_ = std::make_shared<Lines>();
  logging::Log log_{sink_, Level::kInfo};
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
  EXPECT_EQ(log_.level(), Level::kInfo);
}

TEST_F(DebugRoutesTest, PagesOfABrowserAreKeptOut) {
  for (const char* path : {"/debug/log-level", "/debug/runtime"}) {
    EXPECT_EQ(Ask({.target = path, .headers = {{"origin", "https://example.com"}}}).status, 403);
  }
  EXPECT_EQ(
      Ask({.method = "PUT", .target = "/debug/log-level", .headers = {{"origin", "null"}}, .body = "debug"}).status,
      403);
  EXPECT_EQ(log_.level(), Level::kInfo);
}

TEST_F(DebugRoutesTest, TheReportIsWhatItIsGiven) { EXPECT_EQ(Ask({.target = "/debug/runtime"}).body, "fine\n"); }

}  // namespace
}  // namespace coreflow::manager
