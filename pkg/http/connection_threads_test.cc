#include "pkg/http/connection_threads.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <future>
#include <string>
#include <vector>

#include "pkg/base/test_folder.h"
#include "pkg/http/message_reader.h"
#include "pkg/http/sockets.h"
#include "pkg/http/test_authority.h"

namespace coreflow::http {
namespace {

constexpr Duration kLimit{60'000};

std::string ReadAll(BlockingConnection& connection) {
  std::string text;
  std::vector<char> buffer(1000);
  while (true) {
    const auto count = connection.Read(buffer);
    if (!count) return text + "[" + count.error().message + "]";
    if (*count == 0) return text;
    text.append(buffer.data(), *count);
  }
}

// A server on loopback, and clients of it.
struct Loopback {
  explicit Loopback(ConnectionThreads::Serve serve, const ConnectionThreads::Options& options = {})
      : Loopback(*ListenOn("127.0.0.1", 0), std::move(serve), options) {}
  Loopback(files::Descriptor listener, ConnectionThreads::Serve serve, const ConnectionThreads::Options& options)
      : port(PortOf(listener)), threads(std::move(listener), options, std::move(serve)) {}

  files::Descriptor Connect() const { return *http::Connect("127.0.0.1", port, kLimit); }

  uint16_t port;
  ConnectionThreads threads;
};

TEST(ConnectionThreads, ServeManyClientsAtOnce) {
  const Loopback loopback([](BlockingConnection& connection) {
    std::vector<char> one(1);
    if (connection.Read(one)) static_cast<void>(connection.Write(std::string("got ") + one[0]));
  });
  std::vector<std::unique_ptr<BlockingConnection>> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(std::make_unique<BlockingConnection>(loopback.Connect(), kLimit));
  for (int i = 9; i >= 0; --i) {
    ASSERT_TRUE(clients[i]->Write(std::to_string(i)).has_value());
    EXPECT_EQ(ReadAll(*clients[i]), "got " + std::to_string(i));
  }
}

TEST(ConnectionThreads, CutThoseThatGoOnWhenTheyStop) {
  std::promise<std::string> ended;
  Loopback loopback([&](BlockingConnection& connection) { ended.set_value(ReadAll(connection)); });
  BlockingConnection client(loopback.Connect(), kLimit);
  ASSERT_TRUE(client.Write("abc").has_value());
  auto connected = ended.get_future();
  loopback.threads.Stop(Duration(10));
  // It may have come too late to be served at all.
  if (connected.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    EXPECT_TRUE(std::string("abc").starts_with(connected.get()));
  }
  EXPECT_FALSE(Connect("127.0.0.1", loopback.port, kLimit).has_value());
}

TEST(BlockingConnection, WaitsNoLongerThanItsLimits) {
  const Loopback loopback([](BlockingConnection& connection) { ReadAll(connection); });
  BlockingConnection client(loopback.Connect(), Duration(1));
  EXPECT_EQ(ReadAll(client), "[the connection is broken: the other side took too long]");
  client.SetLimit(kLimit);
  client.SetDeadline(std::chrono::steady_clock::now());
  EXPECT_EQ(ReadAll(client), "[the connection is broken: the other side took too long]");
  const std::string much(size_t{64} << 20, 'x');
  client.SetDeadline(std::nullopt);
  EXPECT_TRUE(client.Write(much).has_value());
}

class KnownCertificateTest : public testing::TestWithParam<bool> {};

// The fingerprint is all that tells: the data service's certificate is one that it signed itself.
TEST_P(KnownCertificateTest, IsTalkedToWithNoLookAtItsEndAndNoOtherIs) {
  const TestAuthority authority("authority");
  const auto identity = GetParam() ? authority.IssueExpired("server") : authority.Issue("server");
  const TlsContext server = *TlsContext::ForServer(identity.chain_pem, identity.key_pem);
  const Loopback loopback([&](BlockingConnection& connection) {
    if (connection.SecureAsServer(server) && connection.Write("hello")) connection.EndWriting();
  });
  const TlsContext context = *TlsContext::ForClient();
  BlockingConnection wrong(loopback.Connect(), kLimit);
  const auto refused = wrong.SecureAsClient(context, std::string(64, '0'));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kForbidden);
  const std::string prefix = "the server shows the certificate ";
  ASSERT_TRUE(refused.error().message.starts_with(prefix));
  BlockingConnection right(loopback.Connect(), kLimit);
  ASSERT_TRUE(right.SecureAsClient(context, refused.error().message.substr(prefix.size(), 64)).has_value());
  EXPECT_EQ(ReadAll(right), "hello");
}

INSTANTIATE_TEST_SUITE_P(BlockingConnection, KnownCertificateTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Expired" : "Good"; });

TEST(BlockingConnection, UnderTlsTakesNothingElse) {
  const Loopback loopback([](BlockingConnection& connection) {
    static_cast<void>(connection.Write("this is no TLS, but longer than the head of one of its records"));
  });
  BlockingConnection client(loopback.Connect(), kLimit);
  const auto refused = client.SecureAsClient(*TlsContext::ForClient(), std::string(64, '0'));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
}

TEST(TlsContext, SpeaksNothingOlderThanTls12) {
  const auto identity = TestAuthority("authority").Issue("server");
  EXPECT_EQ(SSL_CTX_get_min_proto_version(TlsContext::ForServer(identity.chain_pem, identity.key_pem)->get()),
            TLS1_2_VERSION);
  EXPECT_EQ(SSL_CTX_get_min_proto_version(TlsContext::ForClient()->get()), TLS1_2_VERSION);
}

TEST(MessageReader, ReadsHeadAndBodyOfAnAnswer) {
  const Loopback loopback([](BlockingConnection& connection) {
    static_cast<void>(
        connection.Write("HTTP/1.1 201 Created\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab"));
    static_cast<void>(connection.Write("\r\n1\r\nc\r\n0\r\n\r\n"));
  });
  BlockingConnection client(loopback.Connect(), kLimit);
  MessageReader reader(client, MessageReader::Kind::kResponse);
  const auto head = reader.ReadHead();
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->status, 201);
  EXPECT_EQ(head->headers.at("x-one"), "1");
  EXPECT_TRUE(head->chunked);
  std::string body;
  std::vector<char> buffer(1);
  while (*reader.ReadBody(buffer) > 0) body += buffer[0];
  EXPECT_EQ(body, "abc");
  EXPECT_TRUE(reader.done());
}

TEST(Sockets, AtAPathReplaceWhatIsThere) {
  const TestFolder folder;
  const std::string path = folder.Write("socket", "stale");
  EXPECT_TRUE(ListenAtPath(path).has_value());
  EXPECT_TRUE(ListenAtPath(path).has_value());
  EXPECT_EQ(ListenAtPath(folder / "no/socket").error().code, Code::kNotFound);
  EXPECT_EQ(ListenAtPath(folder / std::string(200, 'x')).error().code, Code::kInvalid);
}

TEST(Sockets, SayWhenThereIsNobody) {
  EXPECT_EQ(ListenOn("nowhere", 0).error().code, Code::kInvalid);
  EXPECT_EQ(Connect("nowhere.invalid", 1, kLimit).error().code, Code::kUnavailable);
  const uint16_t port = PortOf(*ListenOn("127.0.0.1", 0));
  EXPECT_EQ(Connect("127.0.0.1", port, kLimit).error().code, Code::kUnavailable);
  EXPECT_NE(PortOf(*ListenOn("::1", 0)), 0);
}

}  // namespace
}  // namespace coreflow::http
