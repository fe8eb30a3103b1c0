#include "pkg/kubeconfig/load.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "pkg/kubeconfig/test_directory.h"

namespace coreflow::kubeconfig {
namespace {

constexpr const char* kHome = R"(
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority: pki/ca.crt
    tls-server-name: api.dev
    proxy-url: http://proxy:3128
    disable-compression: true
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: x}
- name: prod
  cluster: {server: "https://prod/k8s", certificate-authority-data: Q0E=, certificate-authority: ignored.crt}
users:
- name: token
  user: {token: t1}
- name: all
  user:
    client-certificate-data: Q0VSVA==
    client-key: /abs/client.key
    tokenFile: secrets/token
    token: unused
    as: alice
    as-uid: "7"
    as-groups: [g1, g2]
    as-user-extra: {scopes: [a, b]}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: bin/login
      args: [--quiet]
      env: [{name: A, value: b}]
      installHint: get it
      interactiveMode: IfAvailable
      provideClusterInfo: true
- name: found
  user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws}}
- name: basic
  user: {username: u, password: p}
contexts:
- {name: dev, context: {cluster: dev, user: token, namespace: team}}
- {name: prod, context: {cluster: prod, user: all}}
- {name: plugin, context: {cluster: dev, user: plugin}}
- {name: found, context: {cluster: prod, user: found}}
- {name: basic, context: {cluster: prod, user: basic}}
- {name: nobody, context: {cluster: prod}}
- {name: lost, context: {cluster: gone, user: token}}
- {name: stranger, context: {cluster: dev, user: gone}}
)";

class LoadTest : public testing::Test {
 protected:
  std::string Write(const std::string& text, const std::string& name = "config") {
    return directory_.Write(name, text);
  }
  Result<Config> LoadOne(const std::string& context) {
    return Load({.files = {Write(kHome)}, .must_exist = true, .context = context});
  }
  // The message of the error, with D for the directory.
  std::string Refusal(const Result<Config>& config) {
    if (config) return "loaded";
    std::string text = config.error().message;
    std::string directory = directory_.Path("");
    for (size_t at; (at = text.find(directory)) != std::string::npos;) text.replace(at, directory.size(), "D/");
    return text;
  }
  TestDirectory directory_;
};

TEST_F(LoadTest, ReadsTheCurrentContext) {
  auto config = LoadOne("");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(*config == (Config{.source = "context \"dev\" of " + directory_.Path("config"),
                                 .namespace_ = "team",
                                 .server = "https://10.0.0.1:6443",
                                 .tls_server_name = "api.dev",
                                 .ca_file = directory_.Path("pki/ca.crt"),
                                 .proxy_url = "http://proxy:3128",
                                 .disable_compression = true,
                                 .token = Secret<std::string>("t1")}));
}

TEST_F(LoadTest, PrefersDataToFilesAndKeepsAbsolutePaths) {
  auto config = LoadOne("prod");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(*config ==
              (Config{.source = "context \"prod\" of " + directory_.Path("config"),
                      .namespace_ = "default",
                      .server = "https://prod/k8s",
                      .ca_data = "CA",
                      .token_file = directory_.Path("secrets/token"),
                      .token = Secret<std::string>("unused"),
                      .client_certificate_data = "CERT",
                      .client_key_file = "/abs/client.key",
                      .impersonate = {
                          .user = "alice", .uid = "7", .groups = {"g1", "g2"}, .extra = {{"scopes", {"a", "b"}}}}}));
}

TEST_F(LoadTest, ReadsExecPlugins) {
  json::Object extension;
  extension["audience"] = "x";
  auto config = LoadOne("plugin");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(config->exec == (ExecPlugin{.api_version = "client.authentication.k8s.io/v1",
                                          .command = directory_.Path("bin/login"),
                                          .args = {"--quiet"},
                                          .env = {{"A", "b"}},
                                          .install_hint = "get it",
                                          .interactive_mode = "IfAvailable",
                                          .provide_cluster_info = true,
                                          .cluster_config = std::move(extension)}));
  auto found = LoadOne("found");
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(found->exec->command, "aws");  // no slash: from PATH
  EXPECT_EQ(found->exec->interactive_mode, "IfAvailable");
}

TEST_F(LoadTest, ReadsBasicAuthenticationAndNobody) {
  auto basic = LoadOne("basic");
  ASSERT_TRUE(basic.has_value());
  EXPECT_EQ(basic->username + ":" + basic->password.Reveal(), "u:p");
  auto nobody = LoadOne("nobody");
  ASSERT_TRUE(nobody.has_value());
  EXPECT_EQ(nobody->server, "https://prod/k8s");
  EXPECT_EQ(nobody->token.Reveal(), "");
}

TEST_F(LoadTest, MergesFilesAndTheFirstGivesAllOfAnEntry) {
  std::string first = Write(R"(
clusters: [{name: a, cluster: {server: "https://first"}}]
users: [{name: u, user: {token: first}}]
)",
                            "one/first");
  std::string second = Write(R"(
current-context: second
clusters:
- {name: a, cluster: {server: "https://second", tls-server-name: not-taken}}
- {name: b, cluster: {server: "https://b", certificate-authority: ca.crt}}
users: [{name: u, user: {token: second, as: not-taken}}]
contexts:
- {name: second, context: {cluster: a, user: u}}
- {name: third, context: {cluster: b, user: u}}
)",
                             "two/second");
  Where where{.files = {first, directory_.Path("missing"), second}};
  auto config = Load(where);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_TRUE(*config == (Config{.source = "context \"second\" of " + second,
                                 .server = "https://first",
                                 .token = Secret<std::string>("first")}));
  where.context = "third";
  config = Load(where);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->ca_file, directory_.Path("two/ca.crt"));  // relative to its own file
}

TEST_F(LoadTest, SaysWhatIsMissing) {
  EXPECT_EQ(Refusal(LoadOne("staging")),
            "D/config: there is no context \"staging\" (there is: \"basic\", \"dev\", \"found\", \"lost\", \"nobody\", "
            "\"plugin\", \"prod\", \"stranger\")");
  EXPECT_EQ(Refusal(LoadOne("lost")),
            "D/config: contexts[\"lost\"].context.cluster: there is no cluster \"gone\" (there is: \"dev\", \"prod\")");
  EXPECT_EQ(Refusal(LoadOne("stranger")),
            "D/config: contexts[\"stranger\"].context.user: there is no user \"gone\" (there is: \"all\", \"basic\", "
            "\"found\", \"plugin\", \"token\")");
  EXPECT_EQ(Refusal(Load({.files = {directory_.Path("a"), directory_.Path("b")}})),
            "there is no kubeconfig; looked at: D/a, D/b");
  EXPECT_EQ(Refusal(Load({.files = {directory_.Path("a"), Write(kHome)}, .must_exist = true})),
            "D/a: No such file or directory");
  EXPECT_EQ(Refusal(Load({.files = {Write("clusters: []\n")}})),
            "D/config: current-context: is missing, and no context was named");
  for (const auto& [context, code] : {std::pair("staging", Code::kNotFound), std::pair("lost", Code::kInvalid)}) {
    EXPECT_EQ(LoadOne(context).error().code, code);
  }
}

struct BadCase {
  std::string text;  // of the cluster, or of the user
  std::string want;
};

TEST_F(LoadTest, NamesTheFileAndTheFieldThatIsWrong) {
  const std::vector<BadCase> clusters = {
      {"{}", "server: is missing"},
      {"{server: 7}", "server: expected a string, found integer"},
      {"{server: 10.0.0.1}", "server: not the URL of a server: \"10.0.0.1\": it must begin with https:// or http://"},
      {"{server: 'https://a', certificate-authority-data: '?'}", "certificate-authority-data: not base64"},
      {"{server: 'https://a', certificate-authority-data: Q0E}", "certificate-authority-data: not base64"},
      {"{server: 'https://a', insecure-skip-tls-verify: 'yes'}",
       "insecure-skip-tls-verify: expected true or false, found string"},
      {"{server: 'https://a', insecure-skip-tls-verify: yes, certificate-authority: ca}",
       "insecure-skip-tls-verify: must not stand beside a certificate authority"},
      {"{server: 'https://a', proxy-url: 'socks5://p'}", "proxy-url: must be an http:// URL"},
  };
  for (const BadCase& c : clusters) {
    std::string text = "clusters: [{name: c, cluster: " + c.text + "}]\ncontexts: [{name: x, context: {cluster: c}}]\n";
    EXPECT_EQ(Refusal(Load({.files = {Write(text)}, .context = "x"})), "D/config: clusters[\"c\"].cluster." + c.want);
  }
  std::string exec = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: c, ";
  const std::vector<BadCase> users = {
      {"{client-certificate: a}", "client-key: is missing beside the client certificate"},
      {"{client-key-data: QQ==}", "client-certificate: is missing beside the client key"},
      {"{as-groups: [a]}", "as: is missing beside other fields of impersonation"},
      {"{as: a, as-groups: a}", "as-groups: expected a list of strings, found string"},
      {"{as: a, as-user-extra: {k: v}}", "as-user-extra.k: expected a list of strings, found string"},
      {"{token: 5}", "token: expected a string, found integer"},
      {"{auth-provider: {name: gcp}}", "auth-provider: is no longer supported by Kubernetes: use exec"},
      {"{exec: []}", "exec: expected an object, found array"},
      {"{exec: {command: c}}", "exec.apiVersion: must be client.authentication.k8s.io/v1 or /v1beta1, not \"\""},
      {"{exec: {apiVersion: client.authentication.k8s.io/v1}}", "exec.command: is missing"},
      {exec + "}}", "exec.interactiveMode: must be Never, IfAvailable or Always"},
      {exec + "interactiveMode: Never, args: [1]}}", "exec.args: expected a list of strings, found integer"},
      {exec + "env: [{name: A=B, value: x}]}}", "exec.env[\"A=B\"].name: is no name of a variable"},
      {exec + "env: [5]}}", "exec.env: expected a list of objects, found integer"},
  };
  for (const BadCase& c : users) {
    std::string text = "clusters: [{name: c, cluster: {server: 'https://a'}}]\nusers: [{name: u, user: " + c.text +
                       "}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n";
    EXPECT_EQ(Refusal(Load({.files = {Write(text)}, .context = "x"})), "D/config: users[\"u\"].user." + c.want);
  }
}

TEST_F(LoadTest, RefusesFilesThatAreNoKubeconfig) {
  EXPECT_EQ(Refusal(Load({.files = {Write("- a\n")}})), "D/config: expected an object, found array");
  EXPECT_EQ(Refusal(Load({.files = {Write("a: 1\na: 2\n")}})),
            "D/config: line 2, column 1: the name \"a\" stands twice in one mapping");
  EXPECT_EQ(Refusal(Load({.files = {Write("clusters: {}\n")}})), "D/config: clusters: expected a list, found object");
  EXPECT_EQ(Refusal(Load({.files = {Write("users: [{name: u, user: 5}]\n")}})),
            "D/config: users[\"u\"].user: expected an object, found integer");
}

TEST(FilesFrom, TakesTheListApart) {
  using Files = std::vector<std::string>;
  EXPECT_EQ(FilesFrom("", "/home/me"), Files{"/home/me/.kube/config"});
  EXPECT_EQ(FilesFrom("", ""), Files{});
  EXPECT_EQ(FilesFrom("/a", "/home/me"), Files{"/a"});
  EXPECT_EQ(FilesFrom("/a:/b::/a:c:", "/home/me"), (Files{"/a", "/b", "c"}));
  EXPECT_EQ(FilesFrom(":", "/home/me"), Files{"/home/me/.kube/config"});
}

}  // namespace
}  // namespace coreflow::kubeconfig
