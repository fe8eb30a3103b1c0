#include "pkg/kube/stream_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/json/write.h"

namespace coreflow::kube {
namespace {

using json::Object;
using json::Value;

// Keeps bytes as they come.
struct ByteSink : http::Sink {
  void OnHeaders(const http::Response&) override {}
  void OnBytes(std::string_view bytes) override { got += bytes; }
  std::string got;
};

// Keeps lines apart from bytes.
struct BothSink : ByteSink, json::LineSink {
  void OnLines(const std::vector<Value>& more) override { lines.insert(lines.end(), more.begin(), more.end()); }
  std::vector<Value> lines;
};

const Value kLine = Object{{"type", "ADDED"}};

TEST(StreamGuard, LinesPassToASinkThatTakesThem) {
  auto sink = std::make_shared<BothSink>();
  StreamGuard guard(sink, [](int) {});
  guard.OnHeaders({.status = 200});
  guard.OnLines({kLine, kLine});
  EXPECT_THAT(sink->lines, testing::ElementsAre(kLine, kLine));
  EXPECT_EQ(sink->got, "");
}

TEST(StreamGuard, LinesAreTextToASinkThatTakesBytes) {
  auto sink = std::make_shared<ByteSink>();
  StreamGuard guard(sink, [](int) {});
  guard.OnHeaders({.status = 200});
  guard.OnLines({kLine, kLine});
  EXPECT_EQ(sink->got, "{\"type\":\"ADDED\"}\n{\"type\":\"ADDED\"}\n");
}

TEST(StreamGuard, LinesOfARefusalSayWhy) {
  auto sink = std::make_shared<BothSink>();
  StreamGuard guard(sink, [](int) {});
  guard.OnHeaders({.status = 410});
  guard.OnLines({Object{{"kind", "Status"}, {"message", "too old"}, {"reason", "Expired"}}});
  EXPECT_TRUE(sink->lines.empty());
  const auto error = guard.ErrorAfter({});
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, "Expired");
}

}  // namespace
}  // namespace coreflow::kube
