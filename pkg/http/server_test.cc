#include "pkg/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "pkg/http/test_server.h"

namespace coreflow::http {
namespace {

using std::chrono::milliseconds;

// A raw connection to the server under test, to send what no good client would. Waits are bounded.
class Caller {
 public:
  explicit Caller(const Server& server) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Caller() { ::close(socket_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  bool Send(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

  // One answer by its Content-Length, as "200 body"; "closed" or "silent" when none comes. `has_body`: not for HEAD.
  std::string Answer(bool has_body = true) {
    size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (std::string trouble = More(); !trouble.empty()) return trouble;
    }
    std::string head = input_.substr(0, end);
    input_.erase(0, end + 4);
    size_t length = head.find("Content-Length: ");
    size_t size = !has_body || length == std::string::npos ? 0 : std::stoul(head.substr(length + 16));
    while (input_.size() < size) {
      if (std::string trouble = More(); !trouble.empty()) return trouble;
    }
    std::string body = input_.substr(0, size);
    input_.erase(0, size);
    last_head = head;
    return head.substr(9, 3) + " " + body;
  }

  // So many bytes; fewer when the connection ends before.
  std::string Bytes(size_t count) {
    while (input_.size() < count && More().empty()) {
    }
    return std::exchange(input_, input_.substr(std::min(count, input_.size()))).substr(0, count);
  }
  std::string ToTheEnd() { return Bytes(std::string::npos); }

  // True once there is something to read.
  bool AwaitBytes() const {
    pollfd entry{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&entry, 1, 20'000) > 0;
  }

  std::string last_head;

 private:
  std::string More() {
    if (!AwaitBytes()) return "silent";
    std::array<char, 4096> buffer{};
    ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return "closed";
    input_.append(buffer.data(), static_cast<size_t>(got));
    return "";
  }

  int socket_;
  std::string input_;
};

Server::Routes TestRoutes() {
  return {{"/hello",
           [](const Request&) {
             return Response{.status = 200, .headers = {{"X-A", "b"}}, .body = "hi"};
           }},
          {"/echo",
           [](const Request& request) {
             return Response{.status = 200, .body = request.method + " " + request.target + " " + request.body};
           }},
          {"/big", [](const Request&) { return Response{.status = 200, .body = std::string(8'000'000, 'x')}; }}};
}

std::unique_ptr<Server> Start(Server::Options options) {
  auto server = Server::Start(std::move(options), TestRoutes());
  CHECK(server.has_value(), "loopback has a free port");
  return std::move(*server);
}

struct Case {
  std::string name;
  std::string sent;
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class ServerAnswersTest : public testing::TestWithParam<Case> {};

TEST_P(ServerAnswersTest, As) {
  auto server = Start({.max_header = 1024, .max_body = 100});
  Caller caller(*server);
  ASSERT_TRUE(caller.Send(GetParam().sent));
  EXPECT_EQ(caller.Answer(!GetParam().sent.starts_with("HEAD")), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Http, ServerAnswersTest,
    testing::Values(Case{"Route", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200 hi"},
                    Case{"RouteWithQuery", "GET /echo?a=1 HTTP/1.1\r\n\r\n", "200 GET /echo?a=1 "},
                    Case{"Body", "POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "200 POST /echo abc"},
                    Case{"Chunks", "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                         "200 POST /echo abc"},
                    Case{"Head", "HEAD /hello HTTP/1.1\r\n\r\n", "200 "},
                    Case{"OtherPath", "GET /hello/ HTTP/1.1\r\n\r\n", "404 not found\n"},
                    Case{"Prefix", "GET /hell HTTP/1.1\r\n\r\n", "404 not found\n"},
                    Case{"LongHeader", "GET /hello HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", "431 "},
                    Case{"EndlessLine", "GET /" + std::string(3000, 'x'), "431 "},
                    Case{"LongBody", "POST /echo HTTP/1.1\r\nContent-Length: 101\r\n\r\n", "413 "},
                    Case{"LongChunks",
                         "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + std::string(255, 'x') +
                             "\r\n0\r\n\r\n",
                         "413 "},
                    Case{"HugeLength", "POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "400 "},
                    Case{"Garbage", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400 "},
                    Case{"TwoLengths", "POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                         "400 "},
                    Case{"Hello", "hello\r\n\r\n", "400 "}));

TEST(Server, AnswersSeveralRequestsOfAConnectionInTurn) {
  auto server = Start({});
  Caller caller(*server);
  ASSERT_TRUE(caller.Send("GET /echo?1 HTTP/1.1\r\n\r\nGET /echo?2 HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(caller.Answer(), "200 GET /echo?1 ");
  EXPECT_EQ(caller.Answer(), "200 GET /echo?2 ");
  ASSERT_TRUE(caller.Send("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(caller.Answer(), "200 hi");
  EXPECT_NE(caller.last_head.find("X-A: b"), std::string::npos) << caller.last_head;
  EXPECT_EQ(caller.Answer(), "closed");
}

TEST(Server, ClosesWhoSendsTooSlowlyOrNothing) {
  auto server = Start(
      {.header_timeout = milliseconds(100), .body_timeout = milliseconds(100), .idle_timeout = milliseconds(100)});
  Caller nothing(*server);
  Caller half_header(*server);
  Caller half_body(*server);
  Caller idle(*server);
  ASSERT_TRUE(half_header.Send("GET /hello HTTP/1.1\r\nX:"));
  ASSERT_TRUE(half_body.Send("POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nab"));
  ASSERT_TRUE(idle.Send("GET /hello HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(idle.Answer(), "200 hi");
  EXPECT_EQ(nothing.Answer(), "closed");
  EXPECT_EQ(half_header.Answer(), "closed");
  EXPECT_EQ(half_body.Answer(), "closed");
  EXPECT_EQ(idle.Answer(), "closed");
}

TEST(Server, ClosesWhoDoesNotReadTheAnswer) {
  auto server = Start({.header_timeout = milliseconds(800), .body_timeout = milliseconds(100)});
  Caller greedy(*server);
  ASSERT_TRUE(greedy.Send("GET /big HTTP/1.1\r\n\r\n"));
  Caller clock(*server);
  EXPECT_EQ(clock.Answer(), "closed");  // so much later, the answer has been given up and is cut
  EXPECT_EQ(greedy.Answer(), "closed");
  EXPECT_EQ(greedy.last_head, "");
}

TEST(Server, TurnsAwayOneConnectionTooMany) {
  auto server = Start({.max_connections = 2});
  auto first = std::make_unique<Caller>(*server);
  Caller second(*server);
  for (Caller* caller : {first.get(), &second}) {
    ASSERT_TRUE(caller->Send("GET /hello HTTP/1.1\r\n\r\n"));
    EXPECT_EQ(caller->Answer(), "200 hi");
  }
  Caller third(*server);
  EXPECT_EQ(third.Answer(), "503 ");
  ASSERT_TRUE(second.Send("GET /hello HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(second.Answer(), "200 hi");
}

TEST(Server, StopsAtOnceWhenConnectionsAreIdle) {
  auto server = Start({.stop_grace = std::chrono::minutes(10)});
  Caller idle(*server);
  ASSERT_TRUE(idle.Send("GET /hello HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(idle.Answer(), "200 hi");
  server->Stop();
  server->Stop();
  EXPECT_EQ(idle.Answer(), "closed");
}

TEST(Server, FinishesAnAnswerUnderWayWhenItStops) {
  auto server = Start({});
  Caller caller(*server);
  ASSERT_TRUE(caller.Send("GET /big HTTP/1.1\r\n\r\n"));
  ASSERT_TRUE(caller.AwaitBytes());  // most of the answer can't be on its way, unread
  std::thread stopper([&] { server->Stop(); });
  EXPECT_EQ(caller.Answer().size(), 4u + 8'000'000u);
  stopper.join();
}

TEST(Server, StopsAfterTheGraceThoughAClientHangs) {
  auto server = Start({.stop_grace = milliseconds(50)});
  Caller caller(*server);
  ASSERT_TRUE(caller.Send("GET /hello HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\nX:"));
  EXPECT_EQ(caller.Answer(), "200 hi");
  server->Stop();
  EXPECT_EQ(caller.Answer(), "closed");
}

TEST(Server, SaysWhyItCantListen) {
  auto server = Start({});
  auto taken = Server::Start({.port = server->port()}, Server::Routes());
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, Code::kUnavailable);
  EXPECT_NE(taken.error().message.find("Address already in use"), std::string::npos) << taken.error().message;
  auto nowhere = Server::Start({.address = "localhost"}, Server::Routes());
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, Code::kInvalid);
}

// Answers that come later: what the handler was given is kept here.
class ReplyTest : public testing::Test {
 protected:
  ReplyTest() {
    server_ = *Server::Start({.max_backlog = 100'000}, [this](Request, std::shared_ptr<Reply> reply) {
      const std::lock_guard lock(mu_);
      reply_ = std::move(reply);
      asked_.notify_all();
    });
  }
  std::shared_ptr<Reply> Ask(Caller& caller) {
    caller.Send("GET /w HTTP/1.1\r\nHost: x\r\n\r\n");
    std::unique_lock lock(mu_);
    asked_.wait(lock, [this] { return reply_ != nullptr; });
    return std::exchange(reply_, nullptr);
  }

  std::mutex mu_;
  std::condition_variable asked_;
  std::shared_ptr<Reply> reply_;  // guarded by mu_
  std::unique_ptr<Server> server_;
};

TEST_F(ReplyTest, MayComeFromAnotherThread) {
  Caller caller(*server_);
  for (int round = 0; round < 2; ++round) {
    const auto reply = Ask(caller);
    std::thread([&] { reply->Send({.status = 200, .body = "late"}); }).join();
    EXPECT_EQ(caller.Answer(), "200 late");
  }
}

TEST_F(ReplyTest, ComesInPiecesEachAtOnce) {
  Caller caller(*server_);
  const auto reply = Ask(caller);
  reply->Begin({.status = 200, .headers = {{"Content-Type", "application/json"}}});
  EXPECT_EQ(caller.Answer(), "200 ");
  EXPECT_NE(caller.last_head.find("Transfer-Encoding: chunked"), std::string::npos) << caller.last_head;
  reply->Write("first\n");
  EXPECT_EQ(caller.Bytes(11), "6\r\nfirst\n\r\n");
  reply->Write("second\n");
  reply->End();
  reply->Write("never");
  EXPECT_EQ(caller.ToTheEnd(), "7\r\nsecond\n\r\n0\r\n\r\n");
}

TEST_F(ReplyTest, TellsThatTheClientHasGone) {
  auto caller = std::make_unique<Caller>(*server_);
  const auto reply = Ask(*caller);
  reply->Begin({.status = 200});
  std::promise<void> gone;
  reply->OnGone([&] { gone.set_value(); });
  caller.reset();
  gone.get_future().wait();
  reply->Write("to nobody");
}

TEST_F(ReplyTest, ACallerWhoTakesNothingIsCutOff) {
  Caller caller(*server_);
  const auto reply = Ask(caller);
  std::promise<void> gone;
  reply->Begin({.status = 200});
  reply->OnGone([&] { gone.set_value(); });
  auto ended = gone.get_future();
  while (ended.wait_for(std::chrono::seconds(0)) != std::future_status::ready) reply->Write(std::string(50'000, 'x'));
}

TEST_F(ReplyTest, WhoWaitsUntilAllIsTakenMayWriteAsMuchAsHeLikes) {
  constexpr size_t kPiece = 50'000;
  constexpr size_t kPieces = 400;  // more than sockets hold
  Caller caller(*server_);
  const auto reply = Ask(caller);
  auto all = std::async(std::launch::async, [&] { return caller.ToTheEnd().size(); });
  reply->Begin({.status = 200});
  for (size_t piece = 0; piece < kPieces; ++piece) {
    std::promise<void> taken;
    reply->Write(std::string(kPiece, 'x'));
    reply->OnTaken([&] { taken.set_value(); });
    taken.get_future().wait();
  }
  reply->End();
  EXPECT_GT(all.get(), kPiece * kPieces);
}

TEST_F(ReplyTest, AConnectionWhoseReplyIsLetGoIsClosed) {
  Caller caller(*server_);
  Ask(caller).reset();
  EXPECT_EQ(caller.Answer(), "closed");
}

TEST_F(ReplyTest, MayBeUsedWhenTheServerIsGone) {
  Caller caller(*server_);
  const auto reply = Ask(caller);
  reply->Begin({.status = 200});
  server_.reset();
  reply->Write("late");
  reply->End();
}

}  // namespace
}  // namespace coreflow::http
