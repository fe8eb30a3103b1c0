// What Beast does beyond the contract.
#include "pkg/http/beast_transport.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "pkg/http/contract.h"
#include "pkg/http/test_authority.h"

namespace coreflow::http {
namespace {

std::unique_ptr<Transport> Make(const Options& options) {
  auto transport = NewBeastTransport(options);
  CHECK(transport.has_value(), "the test's options are good");
  return std::move(*transport);
}

void AnswerOk(TestServer::Conversation& talk) { talk.Answer({.status = 200, .body = "ok"}); }

TEST(BeastTransportTest, RepeatsOnAnotherConnectionOnlyWhatMayBeRepeated) {
  struct Case {
    std::string method;
    std::string want;
    int seen;
  };
  const std::vector<Case> cases = {
      {"GET", "200 ok", 2},         {"PUT", "200 ok", 2},          {"DELETE", "200 ok", 2},
      {"POST", "Unavailable: ", 1}, {"PATCH", "Unavailable: ", 1},
  };
  for (const Case& c : cases) {
    std::atomic<int> seen = 0;
    TestServer server([&](auto& talk) {
      if (talk.request().target == "/x" && ++seen == 1) return talk.Hangup();
      AnswerOk(talk);
    });
    auto transport = Make({.url = server.url()});
    ASSERT_EQ(Show(Ask(*transport, {})), "200 ok");
    EXPECT_EQ(Show(Ask(*transport, {.method = c.method, .target = "/x"})).substr(0, c.want.size()), c.want) << c.method;
    EXPECT_EQ(seen, c.seen) << c.method;
  }
}

TEST(BeastTransportTest, RepeatsOnceAndNothingThatWasAnswered) {
  for (const char* answer : {"", "HTTP/1.1 200 OK\r\nConte"}) {
    std::atomic<int> seen = 0;
    TestServer server([&](auto& talk) {
      if (talk.request().target == "/ok") return AnswerOk(talk);
      ++seen;
      talk.Write(answer);
      talk.Hangup();
    });
    auto transport = Make({.url = server.url()});
    ASSERT_EQ(Show(Ask(*transport, {.target = "/ok"})), "200 ok");
    EXPECT_EQ(CodeOf(Ask(*transport, {})), "Unavailable");
    EXPECT_EQ(seen, *answer == '\0' ? 2 : 1);
  }
}

TEST(BeastTransportTest, PutsNothingOnAConnectionThatTheServerClosed) {
  TestAuthority authority("ours");
  const TestServer::Options tls{.identity = authority.Issue("server", {"IP:127.0.0.1"})};
  for (const TestServer::Options& options : {TestServer::Options{}, tls}) {
    TestServer server(options, [](auto& talk) { talk.Answer({.status = 200, .body = talk.request().body}); });
    auto transport = Make({.url = server.url(), .ca_pem = authority.pem()});
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(Show(Ask(*transport, {.method = "POST", .body = "x"})), "200 x") << i << " at " << server.url();
      server.CutAll();
    }
  }
}

TEST(BeastTransportTest, ConnectsToAnIpv6Literal) {
  TestServer server([](auto& talk) {
    for (const auto& [name, value] : talk.request().headers) {
      if (name == "host") talk.Answer({.status = 200, .body = value});
    }
  });
  const std::string authority = "[::ffff:127.0.0.1]:" + std::to_string(server.port());
  EXPECT_EQ(Show(Ask(*Make({.url = "http://" + authority}), {})), "200 " + authority);
}

TEST(BeastTransportTest, AsksTheProxyForWhatIsNotTls) {
  TestServer proxy([](auto& talk) { talk.Answer({.status = 200, .body = talk.request().target}); });
  auto transport = Make({.url = "http://api.internal:8001/k8s", .proxy_url = proxy.url()});
  EXPECT_EQ(Show(Ask(*transport, {.target = "/x"})), "200 http://api.internal:8001/k8s/x");
}

TEST(BeastTransportTest, SaysWhyThereIsNoConnection) {
  TestAuthority ours("ours");
  TestServer server({.identity = ours.Issue("server", {"DNS:localhost"})}, AnswerOk);
  TestServer proxy([](auto& talk) { talk.Answer({.status = 407}); });
  const std::string address = "127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(Show(Ask(*Make({.url = server.url(), .ca_pem = ours.pem()}), {})),
            "Unavailable: GET /: no TLS with " + address + ": certificate verify failed: IP address mismatch");
  EXPECT_EQ(Show(Ask(*Make({.url = server.url(), .ca_pem = ours.pem(), .proxy_url = proxy.url()}), {})),
            "Unavailable: GET /: no tunnel through the proxy: status 407");
  auto refused = NewBeastTransport({.url = server.url(), .proxy_url = "https://proxy:3128"});
  EXPECT_EQ(CodeOf(refused ? Result<void>() : refused.error()), "Invalid");
}

TEST(BeastTransportTest, TakesInterimAnswersAndAnswersToHead) {
  TestServer server([](auto& talk) {
    talk.Write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n");
    talk.Write(talk.request().method == "HEAD" ? "Content-Length: 100\r\n\r\n" : "Content-Length: 2\r\n\r\nok");
  });
  auto transport = Make({.url = server.url()});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Show(Ask(*transport, {.method = "HEAD"})), "200 ");
    EXPECT_EQ(Show(Ask(*transport, {})), "200 ok");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(BeastTransportTest, BoundsWhatComesBesideTheBody) {
  TestServer server([](auto& talk) {
    const std::string& target = talk.request().target;
    if (target == "/header") talk.Write("HTTP/1.1 200 OK\r\nX: ");
    if (target == "/chunk") talk.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=");
    if (target == "/trailer") talk.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ");
    while (talk.Write(std::string(1000, 'x'))) {
    }
  });
  for (const char* target : {"/header", "/chunk", "/trailer"}) {
    EXPECT_EQ(CodeOf(Ask(*Make({.url = server.url()}), {.target = target})), "Unavailable") << target;
  }
}

TEST(BeastTransportTest, LeavesNoSocketBehind) {
  auto open = [] {
    const auto files = std::filesystem::directory_iterator("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open();
  {
    TestServer server([](auto& talk) {
      if (talk.request().target == "/held") talk.ClientClosed();
      AnswerOk(talk);
    });
    auto transport = Make({.url = server.url()});
    std::vector<Outcome<Response>> held(10);
    for (auto& outcome : held) transport->Send({.target = "/held"}, kLong, outcome.Receive());
    for (int i = 0; i < 10; ++i) EXPECT_EQ(Show(Ask(*transport, {})), "200 ok");
    transport.reset();
  }
  EXPECT_EQ(open(), before);
}

}  // namespace
}  // namespace coreflow::http
