// How requests end other than by an answer.
#include <gtest/gtest.h>

#include <atomic>

#include "pkg/http/contract.h"

namespace coreflow::http {
namespace {

using std::chrono::milliseconds;

TEST_P(ContractTest, IsUnavailableWhenNobodyListens) {
  uint16_t port = TestServer([](auto&) {}).port();
  auto transport = Make({.url = "http://127.0.0.1:" + std::to_string(port)});
  EXPECT_EQ(CodeOf(Ask(*transport, {})), "Unavailable");
  Outcome<void> end;
  transport->Stream({}, kLong, std::make_shared<Recorder>(), end.Receive());
  EXPECT_EQ(CodeOf(end.Wait()), "Unavailable");
}

TEST_P(ContractTest, IsUnavailableWhenTheAnswerIsCut) {
  TestServer server([](auto& talk) {
    const std::string& target = talk.request().target;
    if (target == "/status") talk.Write("HTTP/1.1 200 OK\r\nConte");
    if (target == "/body") talk.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    if (target == "/garbage") talk.Write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    talk.Hangup();
  });
  for (const char* target : {"/nothing", "/status", "/body", "/garbage"}) {
    auto transport = MakeFor(server);
    EXPECT_EQ(CodeOf(Ask(*transport, {.target = target})), "Unavailable") << target;
  }
}

TEST_P(ContractTest, ReadsAnAnswerWithoutLengthToItsEnd) {
  TestServer server([](auto& talk) {
    talk.Write("HTTP/1.1 200 OK\r\n\r\nall there is");
    talk.Hangup();
  });
  auto transport = MakeFor(server);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Show(Ask(*transport, {})), "200 all there is");
}

TEST_P(ContractTest, GoesOnAfterTheServerClosedItsKeptConnections) {
  TestServer server([](auto& talk) { talk.Answer({.status = 200, .body = "ok"}); });
  auto transport = MakeFor(server);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Show(Ask(*transport, {})), "200 ok") << i;
    server.CutAll();
  }
}

TEST_P(ContractTest, GoesOnWithAServerThatClosesAfterEachAnswer) {
  TestServer server([](auto& talk) {
    talk.Answer({.status = 200, .body = "ok"});  // without a word of it
    talk.Hangup();
  });
  auto transport = MakeFor(server);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(Show(Ask(*transport, {})), "200 ok");
}

TEST_P(ContractTest, EndsARequestAtItsDeadlineThoughTheServerTrickles) {
  Signal closed;
  TestServer server([&](auto& talk) {
    talk.StartChunks();
    while (talk.Chunk("x") && !talk.ClientClosed(milliseconds(20))) {
    }
    closed.Set();
  });
  auto transport = MakeFor(server);
  EXPECT_EQ(Show(Ask(*transport, {.target = "/x"}, milliseconds(300))),
            "Unavailable: GET /x: no whole answer within 300 ms");
  EXPECT_TRUE(closed.Wait());
}

TEST_P(ContractTest, CountsTheWaitForAConnectionIntoTheDeadline) {
  TestServer server([&](auto& talk) { talk.ClientClosed(); });
  auto transport = Make({.url = server.url(), .max_in_flight = 1});
  Outcome<Response> first;
  auto cancel = transport->Send({}, kLong, first.Receive());
  EXPECT_EQ(CodeOf(Ask(*transport, {}, milliseconds(100))), "Unavailable");
  cancel->Now();
  EXPECT_EQ(CodeOf(first.Wait()), "Cancelled");
}

TEST_P(ContractTest, CancelsBeforeAndAfterTheHeaders) {
  for (bool headers_first : {false, true}) {
    Signal asked;
    Signal closed;
    TestServer server([&](auto& talk) {
      if (headers_first) talk.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
      asked.Set();
      if (talk.ClientClosed()) closed.Set();
    });
    auto transport = MakeFor(server);
    Outcome<Response> outcome;
    auto cancel = transport->Send({}, kLong, outcome.Receive());
    ASSERT_TRUE(asked.Wait());
    EXPECT_FALSE(outcome.arrived());
    cancel->Now();
    cancel->Now();
    EXPECT_EQ(CodeOf(outcome.Wait()), "Cancelled");
    EXPECT_TRUE(closed.Wait());
  }
}

TEST_P(ContractTest, GoesOnAfterACancelledRequest) {
  TestServer server([](auto& talk) {
    if (talk.request().target == "/hang") {
      talk.ClientClosed();
    } else {
      talk.Answer({.status = 200, .body = "ok"});
    }
  });
  auto transport = Make({.url = server.url(), .max_in_flight = 1});
  for (int i = 0; i < 20; ++i) {
    Outcome<Response> outcome;
    auto cancel = transport->Send({.target = "/hang"}, kLong, outcome.Receive());
    cancel->Now();
    ASSERT_EQ(CodeOf(outcome.Wait()), "Cancelled");
    ASSERT_EQ(Show(Ask(*transport, {})), "200 ok");
  }
}

TEST_P(ContractTest, TakesACancelThatComesTooLate) {
  TestServer server([](auto& talk) { talk.Answer({.status = 200}); });
  std::shared_ptr<Cancel> cancel;
  {
    auto transport = MakeFor(server);
    Outcome<Response> outcome;
    cancel = transport->Send({}, kLong, outcome.Receive());
    ASSERT_EQ(CodeOf(outcome.Wait()), "OK");
    cancel->Now();
    ASSERT_EQ(CodeOf(Ask(*transport, {})), "OK");
    EXPECT_EQ(CodeOf(outcome.Wait()), "OK");
  }
  cancel->Now();
}

TEST_P(ContractTest, CancelsFromInsideItsOwnSink) {
  TestServer server([](auto& talk) {
    talk.StartChunks();
    while (talk.Chunk("event\n")) {
    }
  });
  // Enough after the first piece: what a watch does that has seen what it waited for.
  struct OneIsEnough : Recorder {
    void OnBytes(std::string_view bytes) override {
      Recorder::OnBytes(bytes);
      ready.Wait();
      cancel->Now();
    }
    Signal ready;
    std::shared_ptr<Cancel> cancel;
  };
  auto transport = MakeFor(server);
  auto sink = std::make_shared<OneIsEnough>();
  Outcome<void> end;
  sink->cancel = transport->Stream({}, kLong, sink, end.Receive());
  sink->ready.Set();
  EXPECT_EQ(CodeOf(end.Wait()), "Cancelled");
}

TEST_P(ContractTest, SendsAgainFromInsideACompletion) {
  TestServer server([](auto& talk) { talk.Answer({.status = 200, .body = talk.request().target}); });
  auto transport = MakeFor(server);
  Outcome<Response> last;
  std::function<void(int)> send = [&](int left) {
    transport->Send({.target = "/" + std::to_string(left)}, kLong, [&, left](Result<Response> result) {
      if (left == 0 || !result) return last.Receive()(std::move(result));
      send(left - 1);
    });
  };
  send(50);
  EXPECT_EQ(Show(last.Wait()), "200 /0");
}

TEST_P(ContractTest, CancelsWhatIsUnderWayWhenItIsDestroyed) {
  std::atomic<int> asked = 0;
  Signal all_asked;
  TestServer server([&](auto& talk) {
    if (talk.request().target == "/stream") talk.StartChunks();
    if (++asked == 8) all_asked.Set();
    talk.ClientClosed();
  });
  std::vector<Outcome<Response>> outcomes(20);  // 4 on the wire, 16 in line
  std::vector<Outcome<void>> ends(4);
  {
    auto transport = Make({.url = server.url(), .max_in_flight = 4});
    for (auto& outcome : outcomes) transport->Send({}, kLong, outcome.Receive());
    for (auto& end : ends) {
      transport->Stream({.target = "/stream"}, kLong, std::make_shared<Recorder>(), end.Receive());
    }
    ASSERT_TRUE(all_asked.Wait());
  }
  for (auto& outcome : outcomes) {
    EXPECT_TRUE(outcome.arrived());
    EXPECT_EQ(CodeOf(outcome.Wait()), "Cancelled");
  }
  for (auto& end : ends) {
    EXPECT_TRUE(end.arrived());
    EXPECT_EQ(CodeOf(end.Wait()), "Cancelled");
  }
}

TEST_P(ContractTest, IsDestroyedInTheMiddleOfEverything) {
  TestServer server([](auto& talk) {
    if (talk.request().target == "/whole") return talk.Answer({.status = 200, .body = std::string(100'000, 'x')});
    talk.StartChunks();
    for (int i = 0; i < 1000 && talk.Chunk(std::string(1000, 'x')); ++i) {
    }
    talk.EndChunks();
  });
  for (int round = 0; round < 30; ++round) {
    std::vector<Outcome<Response>> outcomes(10);
    std::vector<Outcome<void>> ends(10);
    {
      auto transport = MakeFor(server);
      for (auto& outcome : outcomes) transport->Send({.target = "/whole"}, kLong, outcome.Receive());
      for (auto& end : ends) {
        transport->Stream({.target = "/stream"}, kLong, std::make_shared<Recorder>(), end.Receive());
      }
      if (round % 3 != 0) {
        EXPECT_EQ(CodeOf(outcomes[static_cast<size_t>(round) % 10].Wait()), "OK");
      }
    }
    for (auto& outcome : outcomes) ASSERT_TRUE(outcome.arrived());
    for (auto& end : ends) ASSERT_TRUE(end.arrived());
  }
}

}  // namespace
}  // namespace coreflow::http
