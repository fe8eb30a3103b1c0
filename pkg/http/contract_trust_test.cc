// Who is believed, and what is shown to whom.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "pkg/http/contract.h"
#include "pkg/http/test_authority.h"

namespace coreflow::http {
namespace {

// Credentials that the test changes under the transport. Thread-safe.
class TestCredentials : public Credentials {
 public:
  explicit TestCredentials(Result<Auth> auth) : auth_(std::move(auth)) {}

  Result<Auth> ForRequest() override {
    std::lock_guard lock(mu_);
    asked_ = true;
    return auth_;
  }
  std::optional<Auth> AtHand() override {
    std::lock_guard lock(mu_);
    return asked_ && auth_ ? std::optional(*auth_) : std::nullopt;
  }
  void Rejected(const Auth& used) override {
    std::lock_guard lock(mu_);
    rejected_.push_back(used);
  }
  void Set(Auth auth) {
    std::lock_guard lock(mu_);
    auth_ = std::move(auth);
  }
  std::vector<Auth> rejected() const {
    std::lock_guard lock(mu_);
    return rejected_;
  }

 private:
  mutable std::mutex mu_;
  Result<Auth> auth_;           // guarded by mu_
  bool asked_ = false;          // guarded by mu_
  std::vector<Auth> rejected_;  // guarded by mu_
};

void AnswerOk(TestServer::Conversation& talk) { talk.Answer({.status = 200, .body = "ok"}); }

std::string HeaderOf(const Request& request, const std::string& wanted) {
  std::string all;
  for (const auto& [name, value] : request.headers) {
    if (name == wanted) all += "<" + value + ">";
  }
  return all;
}

const std::vector<std::string> kLoopback = {"IP:127.0.0.1", "DNS:localhost"};

TEST_P(ContractTest, TrustsTheGivenAuthorityOnly) {
  TestAuthority ours("ours");
  TestAuthority theirs("theirs");
  TestServer server({.identity = ours.Issue("server", kLoopback)}, AnswerOk);
  std::string port = std::to_string(server.port());
  struct Case {
    std::string name;
    Options options;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"by address", {.url = server.url(), .ca_pem = ours.pem()}, "OK"},
      {"by name", {.url = "https://localhost:" + port, .ca_pem = ours.pem()}, "OK"},
      {"second of two", {.url = server.url(), .ca_pem = theirs.pem() + ours.pem()}, "OK"},
      {"other authority", {.url = server.url(), .ca_pem = theirs.pem()}, "Unavailable"},
      {"system's authorities", {.url = server.url()}, "Unavailable"},
      {"name the certificate has not",
       {.url = server.url(), .ca_pem = ours.pem(), .tls_server_name = "api.internal"},
       "Unavailable"},
      {"told to believe anybody", {.url = server.url(), .insecure_skip_tls_verify = true}, "OK"},
  };
  for (const Case& c : cases) {
    auto transport = Make(c.options);
    auto answer = Ask(*transport, {});
    EXPECT_EQ(CodeOf(answer), c.want) << c.name << ": " << Show(answer);
  }
}

TEST_P(ContractTest, SaysThatTheCertificateIsTheTrouble) {
  TestAuthority ours("ours");
  TestServer server({.identity = ours.Issue("server", kLoopback)}, AnswerOk);
  auto transport = Make({.url = server.url(), .ca_pem = TestAuthority("theirs").pem()});
  EXPECT_NE(Show(Ask(*transport, {})).find("certificate verify failed"), std::string::npos)
      << Show(Ask(*transport, {}));
}

TEST_P(ContractTest, ChecksTheCertificateForTheNameItIsTold) {
  TestAuthority authority("ours");
  TestServer server({.identity = authority.Issue("server", {"DNS:api.internal"})}, AnswerOk);
  auto named = Make({.url = server.url(), .ca_pem = authority.pem(), .tls_server_name = "api.internal"});
  EXPECT_EQ(CodeOf(Ask(*named, {})), "OK");
  auto unnamed = Make({.url = server.url(), .ca_pem = authority.pem()});
  EXPECT_EQ(CodeOf(Ask(*unnamed, {})), "Unavailable");
}

TEST_P(ContractTest, ReadsTheAuthorityFileForEachConnection) {
  TestAuthority before("before");
  TestAuthority after("after");
  std::string path = testing::TempDir() + "/ca-" + std::to_string(::getpid()) + ".crt";
  std::ofstream(path) << before.pem();
  TestServer old_server({.identity = before.Issue("server", kLoopback)}, AnswerOk);
  TestServer new_server({.identity = after.Issue("server", kLoopback)}, AnswerOk);
  auto transport = Make({.url = new_server.url(), .ca_file = path});
  EXPECT_EQ(CodeOf(Ask(*transport, {})), "Unavailable");
  std::ofstream(path) << after.pem();
  EXPECT_EQ(CodeOf(Ask(*transport, {})), "OK");
  std::remove(path.c_str());
}

TEST_P(ContractTest, PresentsTheClientCertificateAndItsSuccessor) {
  TestAuthority authority("ours");
  TestServer server({.identity = authority.Issue("server", kLoopback), .client_ca_pem = authority.pem()},
                    [](auto& talk) { talk.Answer({.status = 200, .body = talk.client_name()}); });
  auto credentials = std::make_shared<TestCredentials>(Auth{});
  auto transport = Make({.url = server.url(), .ca_pem = authority.pem(), .credentials = credentials});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 ");
  credentials->Set({.certificate = authority.Issue("first")});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 first");
  EXPECT_EQ(Show(Ask(*transport, {})), "200 first");
  credentials->Set({.certificate = authority.Issue("second")});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 second");
}

TEST_P(ContractTest, KeepsNoConnectionThatShowsAFormerCertificate) {
  TestAuthority authority("ours");
  Signal asked;
  Signal go_on;
  TestServer server({.identity = authority.Issue("server", kLoopback), .client_ca_pem = authority.pem()},
                    [&](auto& talk) {
                      if (talk.request().target == "/held") {
                        asked.Set();
                        go_on.Wait();
                      }
                      talk.Answer({.status = 200, .body = talk.client_name()});
                    });
  auto credentials = std::make_shared<TestCredentials>(Auth{.certificate = authority.Issue("first")});
  auto transport = Make({.url = server.url(), .ca_pem = authority.pem(), .credentials = credentials});
  Outcome<Response> held;
  transport->Send({.target = "/held"}, kLong, held.Receive());
  ASSERT_TRUE(asked.Wait());
  credentials->Set({.certificate = authority.Issue("second")});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 second");
  go_on.Set();
  EXPECT_EQ(Show(held.Wait()), "200 first");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Show(Ask(*transport, {})), "200 second");
}

TEST_P(ContractTest, RefusesACertificateThatIsNone) {
  TestAuthority authority("ours");
  TestServer server({.identity = authority.Issue("server", kLoopback)}, AnswerOk);
  ClientCertificate good = authority.Issue("a");
  for (const ClientCertificate& bad :
       {ClientCertificate{.chain_pem = "x", .key_pem = good.key_pem}, ClientCertificate{.chain_pem = good.chain_pem},
        ClientCertificate{.chain_pem = good.chain_pem, .key_pem = authority.Issue("b").key_pem}}) {
    auto credentials = std::make_shared<TestCredentials>(Auth{.certificate = bad});
    auto transport = Make({.url = server.url(), .ca_pem = authority.pem(), .credentials = credentials});
    EXPECT_EQ(CodeOf(Ask(*transport, {})), "Invalid");
  }
}

TEST_P(ContractTest, ShowsTheCredentialsOfTheMoment) {
  TestServer server([](auto& talk) {
    talk.Answer({.status = 200,
                 .body = HeaderOf(talk.request(), "authorization") + HeaderOf(talk.request(), "impersonate-group")});
  });
  auto credentials = std::make_shared<TestCredentials>(Auth{.headers = {{"Authorization", "Bearer one"}}});
  auto transport = Make({.url = server.url(), .credentials = credentials});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 <Bearer one>");
  credentials->Set(
      {.headers = {{"Authorization", "Bearer two"}, {"Impersonate-Group", "a"}, {"Impersonate-Group", "b"}}});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 <Bearer two><a><b>");
  EXPECT_EQ(Show(Ask(*transport, {.headers = {{"authorization", "Bearer mine"}}})), "200 <Bearer mine><a><b>");
}

TEST_P(ContractTest, EndsARequestWithoutCredentialsWithTheReason) {
  TestServer server(AnswerOk);
  auto credentials = std::make_shared<TestCredentials>(Error{Code::kUnauthorized, "no token"});
  auto transport = Make({.url = server.url(), .credentials = credentials});
  EXPECT_EQ(Show(Ask(*transport, {.target = "/x"})), "Unauthorized: GET /x: no token");
  credentials->Set({.headers = {{"Authorization", "Bearer two\nlines"}}});
  EXPECT_EQ(CodeOf(Ask(*transport, {})), "Invalid");
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(ContractTest, TellsTheCredentialsThatTheyWereRefused) {
  TestServer server([](auto& talk) { talk.Answer({.status = talk.request().target == "/401" ? 401 : 403}); });
  Auth auth{.headers = {{"Authorization", "Bearer old"}}};
  auto credentials = std::make_shared<TestCredentials>(auth);
  auto transport = Make({.url = server.url(), .credentials = credentials});
  EXPECT_EQ(Show(Ask(*transport, {.target = "/403"})), "403 ");
  EXPECT_TRUE(credentials->rejected().empty());
  EXPECT_EQ(Show(Ask(*transport, {.target = "/401"})), "401 ");
  ASSERT_EQ(credentials->rejected().size(), 1u);
  EXPECT_TRUE(credentials->rejected()[0] == auth);
  Outcome<void> end;
  transport->Stream({.target = "/401"}, kLong, std::make_shared<Recorder>(), end.Receive());
  EXPECT_EQ(CodeOf(end.Wait()), "OK");
  EXPECT_EQ(credentials->rejected().size(), 2u);
}

TEST_P(ContractTest, FollowsNoRedirect) {
  TestServer other(AnswerOk);
  TestServer server([&](auto& talk) {
    talk.Answer({.status = std::stoi(talk.request().target.substr(1)), .headers = {{"Location", other.url() + "/"}}});
  });
  auto credentials = std::make_shared<TestCredentials>(Auth{.headers = {{"Authorization", "Bearer secret"}}});
  auto transport = Make({.url = server.url(), .credentials = credentials});
  for (int status : {301, 302, 303, 307, 308}) {
    auto answer = Ask(*transport, {.target = "/" + std::to_string(status)});
    ASSERT_EQ(CodeOf(answer), "OK") << Show(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->headers["location"], other.url() + "/");
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST_P(ContractTest, GoesThroughAProxy) {
  TestAuthority authority("ours");
  TestServer server({.identity = authority.Issue("server", kLoopback)}, AnswerOk);
  std::string asked;
  TestServer proxy([&](auto& talk) {
    asked = talk.request().method + " " + talk.request().target + HeaderOf(talk.request(), "authorization");
    talk.Write("HTTP/1.1 200 Connection established\r\n\r\n");
    talk.Splice(server.port());
  });
  auto credentials = std::make_shared<TestCredentials>(Auth{.headers = {{"Authorization", "Bearer secret"}}});
  auto transport =
      Make({.url = server.url(), .ca_pem = authority.pem(), .proxy_url = proxy.url(), .credentials = credentials});
  EXPECT_EQ(Show(Ask(*transport, {})), "200 ok");
  EXPECT_EQ(asked, "CONNECT 127.0.0.1:" + std::to_string(server.port()));
}

TEST_P(ContractTest, IsUnavailableWhenTheProxyRefuses) {
  TestAuthority authority("ours");
  TestServer server({.identity = authority.Issue("server", kLoopback)}, AnswerOk);
  TestServer proxy([](auto& talk) { talk.Answer({.status = 403, .body = "no"}); });
  auto transport = Make({.url = server.url(), .ca_pem = authority.pem(), .proxy_url = proxy.url()});
  EXPECT_EQ(CodeOf(Ask(*transport, {})), "Unavailable");
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(ContractTest, RefusesOptionsThatMakeNoSense) {
  for (const Options& options :
       {Options{.url = ""}, Options{.url = "ftp://host"}, Options{.url = "https://host", .ca_pem = "not PEM"},
        Options{.url = "https://host", .ca_file = "/nonexistent/ca.crt"},
        Options{.url = "https://host", .proxy_url = "not a url"}}) {
    auto transport = GetParam().make(options);
    ASSERT_FALSE(transport.has_value()) << options.url;
    EXPECT_EQ(transport.error().code, Code::kInvalid);
  }
}

}  // namespace
}  // namespace coreflow::http
