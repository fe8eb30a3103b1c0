// Answers that come in pieces.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "pkg/http/contract.h"

namespace coreflow::http {
namespace {

using std::chrono::milliseconds;

TEST_P(ContractTest, HandsOnEachPieceAsItComes) {
  Signal go_on;
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    talk.Chunk("first ");
    if (go_on.Wait()) talk.Chunk("second");
    talk.EndChunks();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<Recorder>();
  Outcome<void> end;
  transport->Stream({}, kLong, sink, end.Receive());
  ASSERT_TRUE(sink->WaitBytes(6));
  EXPECT_EQ(sink->Seen(), "200 first ");
  EXPECT_FALSE(end.arrived());
  go_on.Set();
  EXPECT_EQ(CodeOf(end.Wait()), "OK");
  EXPECT_EQ(sink->Seen(), "200 first second");
}

TEST_P(ContractTest, SaysTheHeadersBeforeThereAreBytes) {
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    talk.ClientClosed();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<Recorder>();
  Outcome<void> end;
  auto cancel = transport->Stream({}, kLong, sink, end.Receive());
  EXPECT_TRUE(sink->WaitHeaders());
  cancel->Now();
  EXPECT_EQ(CodeOf(end.Wait()), "Cancelled");
}

TEST_P(ContractTest, GivesTheStatusOfARefusedStreamBeforeItsBody) {
  TestServer server([&](auto& talk) {
    if (talk.request().target == "/chunks") {
      talk.StartChunks(403);
      talk.Chunk("forbidden");
      talk.EndChunks();
    } else {
      talk.Answer({.status = 410, .body = "too old"});
    }
  });
  auto transport = MakeFor(server);
  for (int i = 0; i < 50; ++i) {  // head and bytes arrive together, and race inside the transport
    auto gone = std::make_shared<Recorder>();
    Outcome<void> gone_end;
    transport->Stream({}, kLong, gone, gone_end.Receive());
    ASSERT_EQ(CodeOf(gone_end.Wait()), "OK");
    ASSERT_EQ(gone->Seen(), "410 too old");
    auto forbidden = std::make_shared<Recorder>();
    Outcome<void> forbidden_end;
    transport->Stream({.target = "/chunks"}, kLong, forbidden, forbidden_end.Receive());
    ASSERT_EQ(CodeOf(forbidden_end.Wait()), "OK");
    ASSERT_EQ(forbidden->Seen(), "403 forbidden");
  }
}

TEST_P(ContractTest, EndsASilentStream) {
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    talk.Chunk("last words");
    talk.ClientClosed();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<Recorder>();
  Outcome<void> end;
  transport->Stream({.target = "/x?watch=1"}, milliseconds(200), sink, end.Receive());
  auto result = end.Wait();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error(), (Error{Code::kUnavailable, "GET /x: silent for 200 ms"}));
  EXPECT_EQ(sink->Seen(), "200 last words");
}

TEST_P(ContractTest, EndsAStreamThatNeverBegins) {
  TestServer server([&](auto& talk) { talk.ClientClosed(); });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<Recorder>();
  Outcome<void> end;
  transport->Stream({}, milliseconds(100), sink, end.Receive());
  EXPECT_EQ(CodeOf(end.Wait()), "Unavailable");
  EXPECT_EQ(sink->Seen(), "0 ");
}

TEST_P(ContractTest, KeepsAStreamForAsLongAsItSpeaks) {
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    for (int i = 0; i < 12; ++i) {
      talk.Chunk("tick ");
      if (talk.ClientClosed(milliseconds(100))) return;  // 1.2 s in all, never 0.6 s of silence
    }
    talk.EndChunks();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<Recorder>();
  Outcome<void> end;
  transport->Stream({}, milliseconds(600), sink, end.Receive());
  EXPECT_EQ(CodeOf(end.Wait()), "OK");
  EXPECT_EQ(sink->Seen().size(), std::string("200 ").size() + 12 * 5);
}

TEST_P(ContractTest, TellsACutStreamFromAnEndedOne) {
  TestServer server([&](auto& talk) {
    if (talk.request().target == "/length") {
      talk.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    } else if (talk.request().target == "/mid-chunk") {
      talk.StartChunks();
      talk.Write("10\r\nshort");
    } else {
      talk.StartChunks();
      talk.Chunk("short");
    }
    talk.Hangup();
  });
  auto transport = MakeFor(server);
  for (const char* target : {"/length", "/mid-chunk", "/between-chunks"}) {
    auto sink = std::make_shared<Recorder>();
    Outcome<void> end;
    transport->Stream({.target = target}, kLong, sink, end.Receive());
    EXPECT_EQ(CodeOf(end.Wait()), "Unavailable") << target;
  }
}

// Blocks in its first piece until it is told to go on.
class SlowSink : public Sink {
 public:
  void OnHeaders(const Response&) override {}
  void OnBytes(std::string_view bytes) override {
    go_on.Wait();
    seen += bytes.size();
  }
  Signal go_on;
  std::atomic<size_t> seen = 0;
};

TEST_P(ContractTest, SlowsTheServerDownWhenTheSinkIsSlow) {
  constexpr size_t kChunk = 64 << 10;
  constexpr size_t kOffered = 64 << 20;
  Signal stalled;
  std::atomic<size_t> written = 0;
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    std::string chunk = "10000\r\n" + std::string(kChunk, 'x') + "\r\n";
    for (; written < kOffered; written += kChunk) {
      if (talk.WriteWithin(chunk, milliseconds(500))) continue;
      stalled.Set();
      return talk.Hangup();
    }
    talk.EndChunks();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<SlowSink>();
  Outcome<void> end;
  transport->Stream({}, kLong, sink, end.Receive());
  EXPECT_TRUE(stalled.Wait()) << "everything was taken from the server while the sink was busy";
  EXPECT_LT(written, kOffered / 4);  // what the sockets' buffers hold
  sink->go_on.Set();
  EXPECT_EQ(CodeOf(end.Wait()), "Unavailable");
  EXPECT_GE(sink->seen, kChunk);
}

TEST_P(ContractTest, DoesNotCallABusySinkSilence) {
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    talk.Chunk("x");
    talk.EndChunks();
  });
  auto transport = MakeFor(server);
  auto sink = std::make_shared<SlowSink>();
  Outcome<void> end;
  transport->Stream({}, milliseconds(100), sink, end.Receive());
  EXPECT_FALSE(sink->go_on.Wait(milliseconds(400)));  // four times the idle limit
  EXPECT_FALSE(end.arrived());
  sink->go_on.Set();
  EXPECT_EQ(CodeOf(end.Wait()), "OK");
}

TEST_P(ContractTest, HoldsManyStreamsBesideRequests) {
  Signal finish;
  TestServer server([&](auto& talk) {
    if (talk.request().target == "/whole") return talk.Answer({.status = 200, .body = "ok"});
    talk.StartChunks();
    talk.Chunk("x");
    finish.Wait();
    talk.EndChunks();
  });
  auto transport = Make({.url = server.url(), .max_in_flight = 2});
  std::vector<std::shared_ptr<Recorder>> sinks(40);
  std::vector<Outcome<void>> ends(sinks.size());
  for (size_t i = 0; i < sinks.size(); ++i) {
    sinks[i] = std::make_shared<Recorder>();
    transport->Stream({.target = "/stream"}, kLong, sinks[i], ends[i].Receive());
  }
  for (const auto& sink : sinks) ASSERT_TRUE(sink->WaitBytes(1));
  EXPECT_EQ(Show(Ask(*transport, {.target = "/whole"})), "200 ok");
  finish.Set();
  for (auto& end : ends) EXPECT_EQ(CodeOf(end.Wait()), "OK");
}

}  // namespace
}  // namespace coreflow::http
