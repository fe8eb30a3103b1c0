// An outbox with a receiver at the other end of a socket.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/http/beast_transport.h"
#include "pkg/http/test_receiver.h"
#include "pkg/outbox/outbox.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"

namespace coreflow::outbox {
namespace {

struct Receiver : http::TestReceiver {
  Receiver() : TestReceiver({"/base/v1/traces"}, "{}") {}
  std::string url() const { return TestReceiver::url() + "/base"; }
};

http::Request RequestOf(const std::vector<json::Value>& items) {
  return {.method = "POST",
          .target = "/v1/traces",
          .headers = {{"Content-Type", "application/json"}, {"X-Key", "secret"}},
          .body = items.front().AsString()};
}

class OutboxHttpTest : public testing::Test {
 protected:
  // What became of one item that is sent to that URL.
  std::optional<Fate> FateAt(const std::string& url) {
    auto transport = http::NewBeastTransport({.url = url});
    CHECK(transport.has_value(), "the URL is one");
    std::optional<Fate> fate;
    Outbox outbox(loop_, **transport,
                  {.request = RequestOf,
                   .on_fate = [&](Fate is, int64_t, const std::string&) { fate = is; },
                   .linger = Duration(0)});
    loop_.Post([&] { outbox.Put("hello"); });
    EXPECT_TRUE(reactor::RunUntil(loop_, [&] { return fate.has_value(); }));
    return fate;
  }

  reactor::EventLoop loop_;
};

TEST_F(OutboxHttpTest, ARequestArrivesAsItWasMade) {
  const Receiver receiver;
  EXPECT_EQ(FateAt(receiver.url()), Fate::kSent);
  const auto taken = receiver.taken();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].method, "POST");
  EXPECT_EQ(taken[0].target, "/base/v1/traces");
  EXPECT_EQ(taken[0].body, "hello");
  const std::map<std::string, std::string> headers(taken[0].headers.begin(), taken[0].headers.end());
  EXPECT_EQ(headers.at("content-type"), "application/json");
  EXPECT_EQ(headers.at("x-key"), "secret");
}

TEST_F(OutboxHttpTest, AWrongPathIsRefused) {
  const Receiver receiver;
  EXPECT_EQ(FateAt(receiver.url() + "/other"), Fate::kRefused);
}

TEST_F(OutboxHttpTest, WithNobodyThereItIsGivenUp) {
  std::string url;
  {
    const Receiver receiver;
    url = receiver.url();
  }
  EXPECT_EQ(FateAt(url), Fate::kUnreachable);
}

}  // namespace
}  // namespace coreflow::outbox
