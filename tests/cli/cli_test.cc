#include "pkg/cli/cli.h"

#include <algorithm>
#include <utility>

#include "pkg/artifact/artifact.h"
#include "pkg/base/hash.h"
#include "pkg/json/write.h"
#include "pkg/yaml/yaml.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {

namespace {

class MadeFile : public NewFile {
 public:
  MadeFile(std::map<std::string, std::string>& all, std::string path) : all_(all), path_(std::move(path)) {}

  Result<void> Write(std::string_view bytes) override {
    written_ += bytes;
    return {};
  }
  Result<void> Finish() override {
    all_[path_] = written_;
    return {};
  }

 private:
  std::map<std::string, std::string>& all_;
  const std::string path_;
  std::string written_;
};

// Longer than any test waits for anything.
constexpr Duration kForEver = std::chrono::hours(24 * 30);

std::vector<std::string> Words(const std::string& line) {
  std::vector<std::string> words;
  bool quoted = false;
  bool in_word = false;
  for (char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (c == ' ' && !quoted) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back() += c;
    }
  }
  return words;
}

}  // namespace

void PrintTo(const Ran& ran, std::ostream* out) {
  *out << "exit code " << ran.code << "\n-- stdout\n" << ran.out << "-- stderr\n" << ran.err << "--";
}

OperatedCluster::OperatedCluster(Loop& loop, simulation::PodScript script)
    : cluster(loop, {.script = std::move(script)}),
      operators(cluster.Connect({.user_agent = "coreflow-operator"})),
      controller(loop, *operators, {.instance = "operator", .random = [] { return 0.5; }}, {}) {
  controller.Start();
}

CliTest::CliTest() : first_(loop_, Script()) { loop_.RunUntilIdle(); }

simulation::PodScript CliTest::Script() {
  return [this](const json::Value& pod) {
    const std::string step = pod["metadata"]["labels"]["coreflow.dev/step"].StringOr("");
    auto found = behaviours_.find(step);
    return found == behaviours_.end() ? simulation::Behaviour{} : found->second;
  };
}

simulation::Cluster& CliTest::AddContext(const std::string& context) {
  auto made = others_.emplace(context, std::make_unique<OperatedCluster>(loop_, Script()));
  loop_.RunUntilIdle();
  return made.first->second->cluster;
}

PodLogAnswer CliTest::LogOf(const simulation::Cluster& cluster, const std::string& pod,
                            const std::string& query) const {
  const json::Value object = cluster.Get(apiserver::Pods(), "default", pod);
  if (object.IsNull()) {
    return {.status = 404,
            .text = R"({"kind":"Status","status":"Failure","code":404,"reason":"NotFound","message":"pods \"" + pod +
                    R"(\" not found"})"};
  }
  auto found = logs_.find(pod);
  if (found == logs_.end()) found = logs_.find(object["metadata"]["labels"]["coreflow.dev/step"].StringOr(""));
  const std::string phase = object["status"]["phase"].StringOr("");
  PodLogAnswer answer{.text = found == logs_.end() ? "" : found->second,
                      .ended = phase == "Succeeded" || phase == "Failed"};
  const size_t tail = query.find("tailLines=");
  if (tail == std::string::npos) return answer;
  size_t at = answer.text.size();
  for (int64_t lines = std::stoll(query.substr(tail + 10)); lines >= 0 && at > 0; --lines) {
    at = at < 2 ? 0 : answer.text.rfind('\n', at - 2) + 1;
    if (lines == 1) break;
  }
  answer.text.erase(0, at);
  return answer;
}

std::optional<http::Response> CliTest::ServiceOf(const simulation::Cluster& cluster,
                                                 const http::Request& request) const {
  const auto answer = [](int status, const json::Value& body) {
    return http::Response{.status = status, .body = json::Write(body)};
  };
  const auto none = [&](const std::string& what) {
    return answer(404, json::Object{{"kind", "Status"}, {"code", 404}, {"reason", "NotFound"}, {"message", what}});
  };
  if (request.target.ends_with("/serviceaccounts/coreflow-reader/token")) {
    const auto* accounts = apiserver::FindResource("", "v1", "serviceaccounts");
    if (cluster.Get(*accounts, "default", artifact::kReaderAccount).IsNull()) return none("no such account");
    return answer(201, json::Object{{"kind", "TokenRequest"}, {"status", json::Object{{"token", "a.reader.token"}}}});
  }
  const std::string proxy = artifact::ProxyPath("coreflow-system", "");
  if (!request.target.starts_with(proxy)) return std::nullopt;
  if (!kept_) return none("services \"coreflow-data\" not found");
  if (request.target == proxy + artifact::kTermsPath) return answer(200, artifact::ToJson(terms_));
  const std::pair<std::string, std::string> token{artifact::kReaderHeader, "a.reader.token"};
  if (terms_ != artifact::ReaderTerms::kNothing && std::ranges::count(request.headers, token) != 1) {
    return answer(403, artifact::ReaderFailure(403, "this needs a token"));
  }
  for (const auto& [name, bytes] : *kept_) {
    const size_t slash = name.find('/');
    if (request.target == proxy + artifact::ReaderPath(name.substr(0, slash), name.substr(slash + 1))) {
      return http::Response{.status = 200, .body = bytes};
    }
  }
  return answer(404, artifact::ReaderFailure(404, "this namespace has no such blob"));
}

void CliTest::Leave(const std::string& workflow, const std::string& step,
                    const std::map<std::string, std::string>& bytes, const std::string& archive) {
  if (!kept_) kept_.emplace();
  json::Array artifacts;
  for (const auto& [name, content] : bytes) {
    const std::string digest = Sha256Hex(content);
    (*kept_)["default/" + digest] = content;
    artifacts.push_back(json::Object{{"name", name},
                                     {"digest", artifact::FormatDigest(digest)},
                                     {"bytes", static_cast<int64_t>(content.size())},
                                     {"archive", archive}});
  }
  const std::string uid = Object(workflow)["metadata"]["uid"].StringOr("");
  for (const json::Value& record : cluster_.List(apiserver::Records(), "default")) {
    if (record["metadata"]["ownerReferences"].Elements().at(0)["uid"].StringOr("") != uid) continue;
    for (const json::Value& result : record["results"].Elements()) {
      if (result["step"].StringOr("") != step) continue;
      json::Object item = result.Members();
      item["artifacts"] = artifacts;
      json::Object copy = record.Members();
      // Read after the other one, so that it counts.
      copy["metadata"] = json::Object{{"name", record["metadata"]["name"].StringOr("") + "-" + step},
                                      {"labels", record["metadata"]["labels"]},
                                      {"ownerReferences", record["metadata"]["ownerReferences"]}};
      copy["index"] = record["index"].IntOr(0) + 100;
      copy["results"] = json::Array{item};
      const auto made = cluster_.Create(apiserver::Records(), "default", copy);
      ASSERT_TRUE(made) << made.failure().message;
      return;
    }
  }
  FAIL() << "no record has the step " << step << " of " << workflow;
}

Result<Connection> CliTest::Connect(const ClusterChoice& choice) {
  const std::string context = choice.context.empty() ? "test" : choice.context;
  const auto other = others_.find(context);
  if (context != "test" && other == others_.end()) {
    return Error{.code = Code::kNotFound, .message = "there is no context \"" + context + "\""};
  }
  simulation::Cluster& cluster = context == "test" ? cluster_ : other->second->cluster;
  return Connection{
      .server = context == "test" ? "https://10.0.0.1:6443" : "https://" + context + ":6443",
      .source = "context \"" + context + "\"",
      .transport = std::make_unique<LogTransport>(
          loop_, cluster.Connect({.user_agent = "coreflow"}),
          [this, &cluster](const std::string& pod, const std::string& query) { return LogOf(cluster, pod, query); },
          [this](const std::string& target) { return !denied_.empty() && target.find(denied_) != std::string::npos; },
          [this, &cluster](const http::Request& request) { return ServiceOf(cluster, request); })};
}

Environment CliTest::MakeEnvironment(Ran& ran, std::stop_token interrupt) {
  Environment environment{.loop = loop_};
  environment.drive = [this](const std::stop_token& stop) {
    const Duration start = loop_.Monotonic();
    while (!stop.stop_requested() && loop_.Monotonic() - start < kForEver) {
      if (!loop_.RunOne()) loop_.AdvanceToNext(1);
    }
    ASSERT_TRUE(stop.stop_requested()) << "it waits for ever";
  };
  environment.interrupt = std::move(interrupt);
  environment.connect = [this](const ClusterChoice& choice) { return Connect(choice); };
  environment.out = [this, &ran](std::string_view text) {
    ran.out += text;
    writes_.emplace_back(text);
  };
  environment.err = [&ran](std::string_view text) { ran.err += text; };
  environment.read_stdin = [this]() -> Result<std::string> { return stdin_; };
  environment.read_file = [this](const std::string& path) -> Result<std::string> {
    auto found = files_.find(path);
    if (found != files_.end()) return found->second;
    return Error{.code = Code::kNotFound, .message = path + ": No such file or directory"};
  };
  environment.create_file = [this](const std::string& path) -> Result<std::unique_ptr<NewFile>> {
    return std::unique_ptr<NewFile>(std::make_unique<MadeFile>(made_, path));
  };
  environment.download_file = [this](const std::string& path, bool replace) -> Result<std::unique_ptr<NewFile>> {
    if (!replace && (files_.contains(path) || made_.contains(path))) {
      return Error{.code = Code::kAlreadyExists, .message = path + " is there already"};
    }
    return std::unique_ptr<NewFile>(std::make_unique<MadeFile>(made_, path));
  };
  environment.unpack_folder = environment.create_file;
  environment.variables = variables_;
  environment.terminal = [this] { return terminal_; };
  environment.rehearse = rehearse_;
  return environment;
}

Ran CliTest::Coreflow(const std::string& line) {
  Ran ran;
  writes_.clear();
  std::stop_source interrupt;
  if (ctrl_c_) loop_.After(*ctrl_c_, [interrupt]() mutable { interrupt.request_stop(); });
  Environment environment = MakeEnvironment(ran, interrupt.get_token());
  ran.code = cli::Run(environment, Words(line));
  return ran;
}

void CliTest::Apply(simulation::Cluster& cluster, const std::string& yaml) {
  const auto object = yaml::FromYaml(yaml);
  ASSERT_TRUE(object) << object.error().message;
  const bool job = (*object)["kind"].StringOr("") == "Job";
  const auto made = cluster.Create(job ? apiserver::Jobs() : apiserver::Workflows(),
                                   (*object)["metadata"]["namespace"].StringOr("default"), *object);
  ASSERT_TRUE(made) << made.failure().message;
}

namespace {

TEST_F(CliTest, WithoutACommandItSaysWhatThereIs) {
  const Ran ran = Coreflow("");
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with("Runs workflows and jobs of CoreFlow on Kubernetes")) << ran.out;
}

TEST_F(CliTest, AMisspeltCommandNamesTheNearest) {
  EXPECT_EQ(Coreflow("lsit"),
            (Ran{.code = 2,
                 .err = "coreflow: there is no command lsit; did you mean \"list\"?\nRun 'coreflow --help' for what "
                        "there is.\n"}));
}

TEST_F(CliTest, AServerThatDoesNotAnswerIsNamed) {
  cluster_.server.Restart(std::chrono::hours(1));
  const Ran ran = Coreflow("list");
  EXPECT_EQ(ran.code, 8);
  EXPECT_TRUE(ran.err.starts_with("coreflow: no answer from https://10.0.0.1:6443 (context \"test\"): ")) << ran.err;
  EXPECT_NE(ran.err.find("coreflow dev"), std::string::npos) << ran.err;
}

TEST_F(CliTest, WhatIsDeniedIsSaidWithTheRuleThatIsMissing) {
  denied_ = "/workflows";
  EXPECT_EQ(
      Coreflow("list"),
      (Ran{.code = 7,
           .err = "coreflow: you may not list workflows.coreflow.dev in namespace default: User \"jane\" can't\n"
                  "It takes a role with the rule {apiGroups: [\"coreflow.dev\"], resources: [\"workflows\"], verbs: "
                  "[\"list\"]}.\n"}));
}

TEST_F(CliTest, WhoMayNotSeePodsSeesTheRestOfARun) {
  denied_ = "/pods";
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {steps: [{name: a, image: "
      "busybox}]}}");
  EXPECT_EQ(Coreflow("watch w").code, 0);
  EXPECT_EQ(Coreflow("get w").code, 0);
  EXPECT_EQ(Coreflow("why w").code, 0);
}

TEST_F(CliTest, WhoMaySeeWorkflowsOnlyFindsThem) {
  denied_ = "/jobs";
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {steps: [{name: a, image: "
      "busybox}]}}");
  EXPECT_EQ(Coreflow("wait w").code, 0);
  EXPECT_EQ(Coreflow("wait v").code, 7);
}

TEST_F(CliTest, CtrlCEndsAWaitForAnAnswer) {
  ctrl_c_ = Duration(0);
  EXPECT_EQ(Coreflow("list"), (Ran{.code = 130}));
}

}  // namespace
}  // namespace coreflow::cli
