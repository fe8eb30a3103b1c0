#include "operator/manager/configure.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>

#include "pkg/base/build_info.h"

namespace coreflow::manager {
namespace {

using testing::HasSubstr;

class ConfigureTest : public testing::Test {
 protected:
  ~ConfigureTest() override { std::filesystem::remove(file_); }

  // What comes of these arguments; with FILE as the name of a file with this text.
  std::variant<Config, Exit> Run(std::vector<std::string> arguments, const std::string& text = "") {
    std::ofstream(file_) << text;
    for (std::string& argument : arguments) {
      if (argument == "FILE") argument = file_;
    }
    return Configure(std::move(arguments), [this](const std::string& name) { return environment_[name]; });
  }

  Config Good(std::vector<std::string> arguments, const std::string& text = "") {
    auto result = Run(std::move(arguments), text);
    if (const auto* exit = std::get_if<Exit>(&result)) {
      ADD_FAILURE() << exit->err;
      return {};
    }
    return std::get<Config>(result);
  }

  // The lines on stderr, with the name of the file as FILE, without the name of the program.
  std::vector<std::string> Wrong(std::vector<std::string> arguments, const std::string& text = "") {
    auto result = Run(std::move(arguments), text);
    const auto* exit = std::get_if<Exit>(&result);
    if (exit == nullptr) return {"nothing was wrong"};
    EXPECT_EQ(exit->code, 2);
    EXPECT_EQ(exit->out, "");
    std::vector<std::string> lines;
    std::istringstream in(exit->err);
    for (std::string line; std::getline(in, line);) {
      if (const size_t at = line.find(file_); at != std::string::npos) line.replace(at, file_.size(), "FILE");
      if (line.starts_with("coreflow-operator: ")) line = line.substr(19);
      lines.push_back(line);
    }
    return lines;
  }

  std::map<std::string, std::string> environment_;
  const std::string file_ = testing::TempDir() + "configure_test." + std::to_string(getpid()) + ".yaml";
};

TEST_F(ConfigureTest, NothingSaidGivesTheDefaults) {
  EXPECT_EQ(Good({}), Config());
  EXPECT_EQ(Good({"--config", "FILE"}, ""), Config());
  EXPECT_EQ(Good({"--config", "FILE"}, "{}"), Config());
}

TEST_F(ConfigureTest, TheFileIsReadAsYamlOrJson) {
  const Config want = {.namespaces = {"a", "b"}, .log = {.level = logging::Level::kDebug}};
  EXPECT_EQ(Good({"--config", "FILE"}, R"({"namespaces": ["a", "b"], "log": {"level": "debug"}})"), want);
  EXPECT_EQ(Good({"--config", "FILE"}, "namespaces: [a, b]\nlog:\n  level: debug\n"), want);
}

TEST_F(ConfigureTest, FlagsWinOverTheFileAndLeaveTheRestOfIt) {
  const Config got = Good({"--config", "FILE", "--metrics-listen", "127.0.0.1:9", "--namespaces", "x,y",
                           "--leader-election=false", "--max-requests-in-flight", "7", "--http-client=CppRest"},
                          R"({"metrics": {"listen": ":1", "maxWorkflows": 5}, "namespaces": ["a"]})");
  EXPECT_EQ(got.metrics, (MetricsConfig{.listen = "127.0.0.1:9", .max_workflows = 5}));
  EXPECT_EQ(got.namespaces, (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(got.leader_election.enabled);
  EXPECT_EQ(got.requests, (RequestConfig{.max_in_flight = 7, .http_client = HttpClient::kCppRest}));
}

TEST_F(ConfigureTest, SecretsAndConfigMapsAreReadOnlyWhenAskedFor) {
  EXPECT_EQ(Good({"--store=/store"}).cache, CacheConfig());
  EXPECT_EQ(Good({"--store=/store", "--cache-read-secrets=true"}).cache, CacheConfig{.read_secrets = true});
  EXPECT_EQ(Good({"--store=/store", "--cache-read-config-maps=true"}).cache, CacheConfig{.read_config_maps = true});
}

TEST_F(ConfigureTest, AllProblemsComeAtOnceEachWithItsPlace) {
  EXPECT_THAT(Wrong({"--config", "FILE", "--log-level", "loud", "--metrics-listen", "here", "--metrics-max-workflows",
                     "many", "--namespaces", "a,B", "--http-client", "curl"},
                    R"({"metrics": {"listen": 7}, "leaderElecton": {}, "requests": {"maxInFlight": 0}})"),
              testing::UnorderedElementsAre(
                  HasSubstr("--log-level: "), HasSubstr("--metrics-listen: \"here\" is not HOST:PORT"),
                  HasSubstr("--metrics-max-workflows: expected integer, got string"),
                  "--namespaces: \"B\" is no name of a namespace",
                  testing::AllOf(HasSubstr("--http-client: "), HasSubstr("CppRest"), HasSubstr("Beast")),
                  testing::AllOf(HasSubstr("FILE: .leaderElecton: unknown field"), HasSubstr("leaderElection")),
                  HasSubstr("FILE: .requests.maxInFlight: ")));
}

TEST_F(ConfigureTest, AStoreInS3HasItsKeyInTheEnvironment) {
  const std::vector<std::string> flags = {"--store=s3://bucket/prefix", "--store-s3-endpoint=http://minio:9000",
                                          "--store-s3-path-style=true", "--store-s3-region=eu-west-1"};
  EXPECT_THAT(Wrong(flags), testing::ElementsAre(HasSubstr("--store: there is no access key: set AWS_ACCESS_KEY_ID")));
  environment_ = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}};
  EXPECT_EQ(Good(flags).store,
            (StoreConfig{.location = "s3://bucket/prefix",
                         .s3 = {.endpoint = "http://minio:9000", .region = "eu-west-1", .path_style = true}}));
}

TEST_F(ConfigureTest, ReceiversOfSpansAndEventsHaveFlags) {
  const Config config =
      Good({"--otlp-endpoint=http://collector:4318", "--otlp-headers=Authorization=Basic YQ==,X-Scope=a",
            "--cloudevents-sink=https://broker/default", "--cloudevents-ca-file=/ca.pem"});
  EXPECT_EQ(config.tracing,
            (TracingConfig{.endpoint = "http://collector:4318", .headers = {"Authorization=Basic YQ==", "X-Scope=a"}}));
  EXPECT_EQ(config.cloud_events, (CloudEventsConfig{.sink = "https://broker/default", .ca_file = "/ca.pem"}));
  EXPECT_THAT(Wrong({"--otlp-endpoint=http://collector", "--otlp-headers=secret"}),
              testing::ElementsAre(testing::AllOf(HasSubstr("--otlp-headers: "), testing::Not(HasSubstr("secret")))));
}

TEST_F(ConfigureTest, AllThatIsWrongWithAStoreComesAtOnce) {
  EXPECT_THAT(Wrong({"--store=s3://B", "--store-s3-endpoint", "minio", "--store-limit=1Gi"}),
              testing::UnorderedElementsAre(
                  HasSubstr("--store: 'B' is no name of a bucket"), HasSubstr("--store: there is no access key"),
                  HasSubstr("--store-s3-endpoint: "), "--store-limit: is for folders: a bucket has its own quota"));
}

TEST_F(ConfigureTest, AFileOfTheWrongShapeIsRefused) {
  EXPECT_THAT(Wrong({"--config", "FILE"}, "[1]"), testing::ElementsAre("FILE: expected object, got array"));
  EXPECT_THAT(Wrong({"--config", "FILE"}, R"({"metrics": 7})"),
              testing::ElementsAre("FILE: .metrics: expected object, got integer 7"));
  EXPECT_THAT(Wrong({"--config", "FILE", "--metrics-listen", ":1"}, R"({"metrics": 7})"),
              testing::ElementsAre("FILE: .metrics: expected object, got integer 7"));
}

TEST_F(ConfigureTest, AFileThatCannotBeReadIsRefused) {
  EXPECT_THAT(Wrong({"--config", "/nowhere/at/all.yaml"}),
              testing::ElementsAre("/nowhere/at/all.yaml: cannot be read: No such file or directory"));
  EXPECT_THAT(Wrong({"--config", "/tmp"}), testing::ElementsAre("/tmp: cannot be read: Is a directory"));
  EXPECT_THAT(Wrong({"--config", "FILE"}, "{"), testing::ElementsAre(HasSubstr("FILE: ")));
}

TEST_F(ConfigureTest, UnknownFlagsAreAllNamed) {
  EXPECT_THAT(
      Wrong({"--metric-listen=:1", "run", "--log-level", "info", "--qps", "5"}),
      testing::ElementsAre(testing::AllOf(HasSubstr("unknown flag --metric-listen"), HasSubstr("--metrics-listen")),
                           "unexpected argument run", HasSubstr("unknown flag --qps"), "unexpected argument 5",
                           HasSubstr("--help")));
  EXPECT_THAT(Wrong({"--config"}), testing::ElementsAre(HasSubstr("--config")));
}

TEST_F(ConfigureTest, WhatIsPrintedReadsBackAsTheSame) {
  const std::vector<std::string> flags = {
      "--print-config", "--namespaces", "a,b", "--leader-election", "false", "--context", "prod", "--kubeconfig", "/k"};
  auto printed = Run(flags);
  ASSERT_TRUE(std::holds_alternative<Exit>(printed));
  EXPECT_EQ(std::get<Exit>(printed).code, 0);
  EXPECT_EQ(std::get<Exit>(printed).err, "");
  EXPECT_EQ(Good({"--config", "FILE"}, std::get<Exit>(printed).out), Good({flags.begin() + 1, flags.end()}));
}

TEST_F(ConfigureTest, HelpAndVersionGoToStdout) {
  for (const char* flag : {"--help", "-h"}) {
    auto help = Run({flag});
    ASSERT_TRUE(std::holds_alternative<Exit>(help));
    EXPECT_EQ(std::get<Exit>(help).code, 0);
    EXPECT_THAT(std::get<Exit>(help).out, HasSubstr("--metrics-listen HOST:PORT"));
  }
  auto version = Run({"--version"});
  ASSERT_TRUE(std::holds_alternative<Exit>(version));
  EXPECT_EQ(std::get<Exit>(version),
            (Exit{.out = std::string("coreflow-operator ") + Version() + " (revision " + Revision() + ")\n"}));
}

}  // namespace
}  // namespace coreflow::manager
