#include "pkg/kubeconfig/credentials.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "pkg/http/test_authority.h"
#include "pkg/kubeconfig/test_directory.h"

namespace coreflow::kubeconfig {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class CredentialsTest : public testing::Test {
 protected:
  std::shared_ptr<http::Credentials> Make(Config config) {
    config.source = "test";
    return NewCredentials(std::move(config), [this] { return now_.load(); });
  }
  // "Authorization: Bearer x, Impersonate-User: y", or the error. What is at hand must be the same.
  static std::string Headers(http::Credentials& credentials) {
    auto at_hand = credentials.AtHand();
    auto auth = credentials.ForRequest();
    if (at_hand) {
      EXPECT_TRUE(auth.has_value() && *at_hand == *auth);
    }
    if (!auth) return std::string(CodeName(auth.error().code)) + ": " + auth.error().message;
    std::string text;
    for (const auto& [name, value] : auth->headers) text += (text.empty() ? "" : ", ") + name + ": " + value;
    return text;
  }
  // What a 401 to the credentials of the moment does.
  static void Refuse(http::Credentials& credentials) {
    auto auth = credentials.ForRequest();
    ASSERT_TRUE(auth.has_value());
    credentials.Rejected(*auth);
  }
  void Advance(Duration by) { now_ = now_.load() + by; }

  // A plugin that gives the number of its run as its token, so that runs can be counted.
  Config CountingPlugin(const std::string& more_status = "") {
    directory_.Write("runs", "0");
    std::string script = directory_.WriteScript(
        "plugin",
        "cd \"$(dirname \"$0\")\"; n=$(($(cat runs) + 1)); echo $n > runs; [ ! -e fail ] || exit 1\n"
        "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":"
        "{\"token\":\"'$n'\"" +
            more_status + "}}'\n");
    return {.exec = ExecPlugin{
                .api_version = "client.authentication.k8s.io/v1", .command = script, .interactive_mode = "Never"}};
  }

  TestDirectory directory_;
  std::atomic<Time> now_ = *ParseTime("2026-11-21T00:00:00Z");
};

TEST_F(CredentialsTest, ShowsWhatStands) {
  struct Case {
    std::string name;
    Config config;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"nobody", {}, ""},
      {"token", {.token = Secret<std::string>("t")}, "Authorization: Bearer t"},
      {"file before token",
       {.token_file = directory_.Write("token", " f\n"), .token = Secret<std::string>("t")},
       "Authorization: Bearer f"},
      {"basic", {.username = "u", .password = Secret<std::string>("p:w")}, "Authorization: Basic dTpwOnc="},
      {"token before plugin",
       {.token = Secret<std::string>("t"), .exec = ExecPlugin{.command = "/nonexistent"}},
       "Authorization: Bearer t"},
      {"impersonation",
       {.token = Secret<std::string>("t"),
        .impersonate = {.user = "alice", .uid = "7", .groups = {"a", "b"}, .extra = {{"example.com/x y", {"1", "2"}}}}},
       "Authorization: Bearer t, Impersonate-User: alice, Impersonate-Uid: 7, Impersonate-Group: a, "
       "Impersonate-Group: b, Impersonate-Extra-example.com%2Fx%20y: 1, Impersonate-Extra-example.com%2Fx%20y: 2"},
      {"missing token file",
       {.token_file = "/nonexistent/token"},
       "NotFound: test: tokenFile: /nonexistent/token: No such file or directory"},
      {"empty token file",
       {.token_file = directory_.Write("empty", "\n")},
       "Invalid: test: tokenFile: " + directory_.Path("empty") + ": is empty"},
  };
  for (const Case& c : cases) EXPECT_EQ(Headers(*Make(c.config)), c.want) << c.name;
}

TEST_F(CredentialsTest, ReadsARotatedTokenAfterAMinute) {
  auto credentials = Make({.token_file = directory_.Write("token", "one")});
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  directory_.Write("token", "two");
  Advance(seconds(59));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  Advance(seconds(1));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer two");
}

TEST_F(CredentialsTest, ReadsTheTokenAgainAfterItWasRefused) {
  auto credentials = Make({.token_file = directory_.Write("token", "one")});
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  auto old = credentials->ForRequest();
  directory_.Write("token", "two");
  credentials->Rejected(*old);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer two");
  // Another request that showed the old one comes back: that is no news.
  directory_.Write("token", "three");
  credentials->Rejected(*old);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer two");
}

TEST_F(CredentialsTest, HasAtHandWhatNeedsNoReadingAndNoRunning) {
  auto credentials = Make({.token_file = directory_.Write("token", "one")});
  EXPECT_FALSE(credentials->AtHand().has_value());
  auto given = credentials->ForRequest();
  ASSERT_TRUE(given.has_value());
  EXPECT_TRUE(credentials->AtHand() == *given);
  Advance(seconds(59));
  EXPECT_TRUE(credentials->AtHand() == *given);
  Advance(seconds(1));
  EXPECT_FALSE(credentials->AtHand().has_value());
  EXPECT_TRUE(credentials->ForRequest().has_value());
  EXPECT_TRUE(credentials->AtHand() == *given);
  credentials->Rejected(*given);
  EXPECT_FALSE(credentials->AtHand().has_value());

  auto plugin = Make(CountingPlugin(R"(,"expirationTimestamp":"2026-11-21T00:04:00Z")"));
  auto first = plugin->ForRequest();
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(plugin->AtHand() == *first);
  directory_.Write("fail", "");
  plugin->Rejected(*first);
  EXPECT_FALSE(plugin->ForRequest().has_value());
  EXPECT_FALSE(plugin->AtHand().has_value());
  std::filesystem::remove(directory_.Path("fail"));
  Advance(seconds(10));
  EXPECT_TRUE(plugin->ForRequest().has_value());
  EXPECT_TRUE(plugin->AtHand().has_value());
  Advance(minutes(3));
  EXPECT_FALSE(plugin->AtHand().has_value());
}

TEST_F(CredentialsTest, KeepsTheTokenWhenItsFileIsGone) {
  auto credentials = Make({.token_file = directory_.Write("token", "one")});
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  std::filesystem::remove(directory_.Path("token"));
  Advance(minutes(5));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  directory_.Write("token", "");
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer one");
  directory_.Write("token", "two");
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer two");
}

TEST_F(CredentialsTest, RunsThePluginOnceUntilItsCredentialEnds) {
  auto credentials = Make(CountingPlugin(R"(,"expirationTimestamp":"2026-11-21T01:00:00Z")"));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 1");
  Advance(minutes(59));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 1");
  Advance(seconds(49));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 1");
  Advance(seconds(1));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 2");
}

TEST_F(CredentialsTest, RunsThePluginOnceMoreWhenItWasRefused) {
  auto credentials = Make(CountingPlugin());
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 1");
  Advance(minutes(600));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 1");
  auto used = credentials->ForRequest();
  for (int i = 0; i < 50; ++i) credentials->Rejected(*used);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 2");
  credentials->Rejected(*used);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 2");
  // Refused again and again: not a process for every request.
  for (int i = 0; i < 5; ++i) Refuse(*credentials);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 2");
  Advance(seconds(10));
  Refuse(*credentials);
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 3");
}

TEST_F(CredentialsTest, DoesNotRunAFailingPluginForEveryRequest) {
  auto credentials = Make(CountingPlugin());
  directory_.Write("fail", "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Headers(*credentials).substr(0, 11), "Unavailable");
  EXPECT_EQ(directory_.Read("runs"), "1\n");
  std::filesystem::remove(directory_.Path("fail"));
  EXPECT_EQ(Headers(*credentials).substr(0, 11), "Unavailable");
  Advance(seconds(10));
  EXPECT_EQ(Headers(*credentials), "Authorization: Bearer 2");
}

TEST_F(CredentialsTest, TakesACertificateFromThePlugin) {
  auto credentials = Make(CountingPlugin(R"(,"clientCertificateData":"C","clientKeyData":"K")"));
  auto auth = credentials->ForRequest();
  ASSERT_TRUE(auth.has_value());
  EXPECT_TRUE(auth->certificate == (http::ClientCertificate{"C", "K"}));
}

TEST_F(CredentialsTest, ReadsARotatedCertificateAfterFiveMinutesOnceThePairFits) {
  http::TestAuthority authority("ca");
  auto first = authority.Issue("first");
  auto second = authority.Issue("second");
  auto credentials = Make({.client_certificate_file = directory_.Write("tls.crt", first.chain_pem),
                           .client_key_file = directory_.Write("tls.key", first.key_pem)});
  EXPECT_TRUE(credentials->ForRequest()->certificate == first);
  directory_.Write("tls.crt", second.chain_pem);
  Advance(minutes(5));
  EXPECT_TRUE(credentials->ForRequest()->certificate == first);  // the key is still the old one
  directory_.Write("tls.key", second.key_pem);
  EXPECT_TRUE(credentials->ForRequest()->certificate == second);
  directory_.Write("tls.crt", first.chain_pem);
  directory_.Write("tls.key", first.key_pem);
  Advance(seconds(299));
  EXPECT_TRUE(credentials->ForRequest()->certificate == second);
  credentials->Rejected(*credentials->ForRequest());
  EXPECT_TRUE(credentials->ForRequest()->certificate == first);
}

TEST_F(CredentialsTest, SaysWhatIsWrongWithACertificate) {
  http::TestAuthority authority("ca");
  auto good = authority.Issue("a");
  EXPECT_EQ(Headers(*Make({.client_certificate_data = good.chain_pem, .client_key_data = Secret<std::string>("x")}))
                .substr(0, 60),
            "Invalid: test: client certificate: the client key is not PEM");
  EXPECT_EQ(Headers(*Make({.client_certificate_data = good.chain_pem, .client_key_file = "/nonexistent"})),
            "NotFound: test: client certificate: /nonexistent: No such file or directory");
}

TEST_F(CredentialsTest, ServesManyThreads) {
  auto credentials = Make(CountingPlugin(R"(,"expirationTimestamp":"2026-11-21T01:00:00Z")"));
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k) {
        auto auth = credentials->ForRequest();
        if (auth && auth->headers.at(0).second.starts_with("Bearer ")) ++good;
        if (k == 50) credentials->Rejected(*auth);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 800);
  EXPECT_EQ(directory_.Read("runs"), "2\n");  // the first, and one for all refusals
}

TEST_F(CredentialsTest, FillsTheOptionsOfATransport) {
  http::Options options = TransportOptions({.server = "https://a",
                                            .tls_server_name = "n",
                                            .ca_data = "D",
                                            .proxy_url = "http://p",
                                            .token = Secret<std::string>("t")});
  EXPECT_EQ(options.url + " " + options.tls_server_name + " " + options.ca_pem + " " + options.proxy_url,
            "https://a n D http://p");
  EXPECT_FALSE(options.insecure_skip_tls_verify);
  ASSERT_NE(options.credentials, nullptr);
  EXPECT_EQ(Headers(*options.credentials), "Authorization: Bearer t");
}

}  // namespace
}  // namespace coreflow::kubeconfig
