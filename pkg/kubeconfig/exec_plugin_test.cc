#include "pkg/kubeconfig/exec_plugin.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "pkg/http/default_trust.h"
#include "pkg/json/parse.h"
#include "pkg/kubeconfig/test_directory.h"

namespace coreflow::kubeconfig {
namespace {

constexpr const char* kV1 = "client.authentication.k8s.io/v1";

std::string Answer(const std::string& status, const std::string& version = kV1) {
  return "echo '{\"apiVersion\":\"" + version + "\",\"kind\":\"ExecCredential\",\"status\":" + status + "}'\n";
}

class ExecPluginTest : public testing::Test {
 protected:
  Config MakeConfig(const std::string& body) {
    return {.source = "context \"x\" of config",
            .server = "https://api:6443",
            .exec = ExecPlugin{
                .api_version = kV1, .command = directory_.WriteScript("plugin", body), .interactive_mode = "Never"}};
  }
  // The error, with PLUGIN for its path.
  std::string Refusal(const Config& config) {
    auto credential = RunExecPlugin(config, std::chrono::seconds(20));
    if (credential) return "ran";
    std::string text = std::string(CodeName(credential.error().code)) + ": " + credential.error().message;
    std::string path = directory_.Path("plugin");
    for (size_t at; (at = text.find(path)) != std::string::npos;) text.replace(at, path.size(), "PLUGIN");
    return text;
  }
  TestDirectory directory_;
};

TEST_F(ExecPluginTest, ReadsTokenCertificateAndExpiry) {
  auto credential = RunExecPlugin(MakeConfig(Answer(
      R"({"token":"t","clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":"2026-11-21T03:37:00Z"})")));
  ASSERT_TRUE(credential.has_value()) << credential.error().message;
  EXPECT_EQ(credential->token.Reveal(), "t");
  EXPECT_TRUE(credential->certificate == (http::ClientCertificate{"C", "K"}));
  EXPECT_EQ(credential->expires, ParseTime("2026-11-21T03:37:00Z"));
}

TEST_F(ExecPluginTest, TellsThePluginWhatItAskedFor) {
  Config config = MakeConfig("printf %s \"$KUBERNETES_EXEC_INFO\" > $0.info; printf '%s|' \"$@\" > $0.args\n" +
                             Answer(R"({"token":"t"})"));
  config.exec->args = {"--flag", "a b", "$HOME"};
  ASSERT_TRUE(RunExecPlugin(config).has_value());
  EXPECT_EQ(directory_.Read("plugin.args"), "--flag|a b|$HOME|");
  EXPECT_EQ(directory_.Read("plugin.info"), R"({"apiVersion":"client.authentication.k8s.io/v1",)"
                                            R"("kind":"ExecCredential","spec":{"interactive":false}})");
  config.exec->provide_cluster_info = true;
  config.exec->cluster_config = json::Value("extra");
  config.tls_server_name = "name";
  config.ca_file = directory_.Write("ca.crt", "CA");
  config.proxy_url = "http://proxy";
  ASSERT_TRUE(RunExecPlugin(config).has_value());
  auto info = json::Parse(directory_.Read("plugin.info"));
  ASSERT_TRUE(info.has_value());
  const json::Value& cluster = (*info)["spec"]["cluster"];
  EXPECT_EQ(cluster["server"], json::Value("https://api:6443"));
  EXPECT_EQ(cluster["tls-server-name"], json::Value("name"));
  EXPECT_EQ(cluster["certificate-authority-data"], json::Value("Q0E="));
  EXPECT_EQ(cluster["proxy-url"], json::Value("http://proxy"));
  EXPECT_EQ(cluster["config"], json::Value("extra"));
  EXPECT_EQ(cluster.Find("insecure-skip-tls-verify"), nullptr);
}

TEST_F(ExecPluginTest, GivesThePluginTheEnvironmentThatUsersSet) {
  // Once a process: so is switching it off.
  [[maybe_unused]] static const bool set = [] {
    ::setenv("SSL_CERT_FILE", "/users/own.pem", 1);
    ::setenv("COREFLOW_TEST", "outer", 1);
    ::unsetenv("SSL_CERT_DIR");
    http::SwitchOffDefaultTrust();
    return true;
  }();
  ASSERT_STRNE(std::getenv("SSL_CERT_FILE"), "/users/own.pem");
  Config config = MakeConfig("echo \"$SSL_CERT_FILE ${SSL_CERT_DIR-unset} $COREFLOW_TEST $A\" > $0.env\n" +
                             Answer(R"({"token":"t"})"));
  config.exec->env = {{"A", "b"}, {"COREFLOW_TEST", "inner"}};
  ASSERT_TRUE(RunExecPlugin(config).has_value());
  EXPECT_EQ(directory_.Read("plugin.env"), "/users/own.pem unset inner b\n");
}

TEST_F(ExecPluginTest, SaysWhatWentWrong) {
  std::string where = "context \"x\" of config: user.exec: ";
  struct Case {
    std::string body;
    std::string want;
  };
  const std::vector<Case> cases = {
      {"echo 'log in first' >&2; exit 2\n",
       "Unavailable: " + where + "PLUGIN failed with exit code 2; it said: log in first"},
      {"true\n", "Invalid: " + where + "PLUGIN: its answer is not valid JSON"},
      {"echo '{}'\n", "Invalid: " + where + "PLUGIN: its answer is no ExecCredential"},
      {Answer("{}"), "Invalid: " + where + "PLUGIN: its answer has neither a token nor a certificate"},
      {Answer("{\"token\":\"\"}"), "Invalid: " + where + "PLUGIN: its answer has neither a token nor a certificate"},
      {Answer("{\"clientCertificateData\":\"x\"}"),
       "Invalid: " + where + "PLUGIN: its answer must have clientCertificateData and clientKeyData, or none of them"},
      {Answer("{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}"),
       "Invalid: " + where + "PLUGIN: its answer has an expirationTimestamp that is no time"},
      {Answer("{\"token\":\"t\"}", "client.authentication.k8s.io/v1beta1"),
       "Invalid: " + where +
           "PLUGIN: its answer has apiVersion \"client.authentication.k8s.io/v1beta1\", not "
           "\"client.authentication.k8s.io/v1\""},
      {"while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n",
       "Invalid: " + where + "PLUGIN wrote more than 1048576 bytes"},
  };
  for (const Case& c : cases) EXPECT_EQ(Refusal(MakeConfig(c.body)).substr(0, c.want.size()), c.want) << c.body;
}

TEST_F(ExecPluginTest, ShowsNoSecretInItsMessages) {
  Config config = MakeConfig(Answer("{\"token\":\"sEcReT\",\"expirationTimestamp\":\"soon\"}"));
  EXPECT_EQ(Refusal(config).find("sEcReT"), std::string::npos);
}

TEST_F(ExecPluginTest, HintsHowToInstallAMissingPlugin) {
  Config config = MakeConfig("true\n");
  config.exec->command = "/nonexistent/plugin";
  config.exec->install_hint = "apt install plugin";
  EXPECT_EQ(Refusal(config),
            "Invalid: context \"x\" of config: user.exec: can't run /nonexistent/plugin: No such file or directory\n"
            "apt install plugin");
}

TEST_F(ExecPluginTest, CantAskAnybody) {
  Config config = MakeConfig(Answer(R"({"token":"t"})"));
  config.exec->interactive_mode = "Always";
  EXPECT_EQ(
      Refusal(config),
      "Invalid: context \"x\" of config: user.exec: interactiveMode is Always, but there is no terminal to ask on");
}

TEST_F(ExecPluginTest, DoesNotWaitForEver) {
  auto credential = RunExecPlugin(MakeConfig("sleep 1000\n"), std::chrono::milliseconds(100));
  ASSERT_FALSE(credential.has_value());
  EXPECT_EQ(credential.error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace coreflow::kubeconfig
