// coreflow support-bundle: what is in it, and above all what is not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include "pkg/archive/header.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

// Not like a token: only knowing it helps.
constexpr char kCanary[] = "the bird sings at noon";
// Like a token: nobody needs to know it.
constexpr char kToken[] = "ghp_0123456789abcdefghijABCDEFGHIJ";

std::string Inflate(const std::string& file) {
  z_stream stream = {};
  std::string text;
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return text;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  std::string buffer(65536, '\0');
  int done = Z_OK;
  while (done == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    done = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  EXPECT_EQ(done, Z_STREAM_END);
  return text;
}

// Texts by their paths.
std::map<std::string, std::string> Unpack(const std::string& file) {
  std::map<std::string, std::string> files;
  const std::string tar = Inflate(file);
  for (size_t at = 0; at + archive::kBlock <= tar.size() && tar[at] != '\0';) {
    const auto header = archive::ParseHeader(std::string_view(tar).substr(at, archive::kBlock));
    if (!header) {
      ADD_FAILURE() << header.error().message;
      break;
    }
    at += archive::kBlock;
    files[header->name] = tar.substr(at, header->size);
    at += header->size + archive::Padding(header->size);
  }
  return files;
}

class SupportBundleTest : public CliTest {
 protected:
  std::map<std::string, std::string> Bundle(const std::string& flags = "") {
    ran_ = Coreflow("support-bundle -o b.tar.gz " + flags);
    EXPECT_EQ(ran_.code, 0) << ran_.err;
    EXPECT_EQ(ran_.out, "b.tar.gz\n");
    return Unpack(made_["b.tar.gz"]);
  }
  void Make(const apiserver::Resource& resource, const std::string& yaml) {
    const auto object = json::Parse(yaml);
    ASSERT_TRUE(object) << yaml;
    const auto made = cluster_.Create(resource, (*object)["metadata"]["namespace"].StringOr("default"), *object);
    ASSERT_TRUE(made) << made.failure().message;
  }
  // A workflow that has ended, with the canary wherever it may be, and one in its step's outputs.
  void RunWithCanary() {
    behaviours_["a"].end.output = fmt::format("word={}\n", kCanary);
    Apply(fmt::format(R"({{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {{name: w, annotations: {{
      kubectl.kubernetes.io/last-applied-configuration: '{{"spec":"{0}"}}', note: {0}}}}},
      spec: {{parameters: [{{name: p, default: {0}, description: {0}}}, {{name: q}}],
      arguments: [{{name: q, value: {0}}}],
      steps: [{{name: a, image: busybox, script: echo {0}, env: [{{name: E, value: {0}}}],
        parameters: [{{name: p}}, {{name: q}}], when: "params.p == '{0}'", outputs: [{{name: word}}]}}],
      outputs: [{{name: word, value: steps.a.outputs.word}}]}}}})",
                      kCanary));
    EXPECT_EQ(Coreflow("wait w").code, 0);
  }
  // A pod as the chart makes it, whose log repeats what it should not.
  void RunOperator() {
    Make(apiserver::Pods(), fmt::format(R"({{"metadata":{{"name":"coreflow-operator-1",
      "labels":{{"app.kubernetes.io/name":"coreflow"}}}},
      "spec":{{"containers":[{{"name":"operator","image":"coreflow","args":["--log-level=info"],
      "env":[{{"name":"AWS_SECRET_ACCESS_KEY","value":"{}"}}],"ports":[{{"name":"metrics","containerPort":8080}}]}}]}}}})",
                                        kCanary));
    logs_["coreflow-operator-1"] =
        fmt::format("{{\"msg\":\"started\"}}\n{{\"msg\":\"got {}\"}}\n{{\"token\":\"{}\"}}\n", kCanary, kToken);
    Pass(std::chrono::milliseconds(1200));
  }
  Ran ran_;
};

TEST_F(SupportBundleTest, HasWhatAMaintainerNeeds) {
  RunWithCanary();
  RunOperator();
  const auto files = Bundle("--operator-namespace=default");
  for (const char* file :
       {"README.txt", "index.txt", "versions.json", "doctor.txt", "namespaces/default/workflows/w.json",
        "operator/pods/coreflow-operator-1.json", "operator/logs/coreflow-operator-1.log"}) {
    EXPECT_THAT(files, Contains(Key(std::string("coreflow-support/") + file)));
  }
  EXPECT_THAT(files.at("coreflow-support/doctor.txt"), HasSubstr("start workflows"));
  const auto workflow = json::Parse(files.at("coreflow-support/namespaces/default/workflows/w.json"));
  ASSERT_TRUE(workflow);
  EXPECT_EQ((*workflow)["status"]["state"], json::Value("Succeeded"));
  EXPECT_EQ((*workflow)["spec"]["steps"].Elements().at(0)["script"],
            json::Value(fmt::format("[left out: {} bytes]", 5 + std::string_view(kCanary).size())));
  EXPECT_THAT(files.at("coreflow-support/operator/logs/coreflow-operator-1.log"), HasSubstr("\"msg\":\"started\""));
  EXPECT_THAT(files.at("coreflow-support/operator/pods/coreflow-operator-1.json"), HasSubstr("--log-level=info"));
}

TEST_F(SupportBundleTest, NothingThatWasGivenInConfidenceIsInIt) {
  RunWithCanary();
  RunOperator();
  Make(*apiserver::FindResource("", "v1", "configmaps"),
       fmt::format(R"({{"metadata":{{"name":"c"}},"data":{{"key":"{}"}}}})", kCanary));
  Make(apiserver::Secrets(), fmt::format(R"({{"metadata":{{"name":"s"}},"stringData":{{"key":"{}"}}}})", kCanary));
  Make(apiserver::Events(), fmt::format(R"({{"metadata":{{"name":"e"}},"reason":"Odd","type":"Normal","action":"x",
    "reportingController":"x","reportingInstance":"x","eventTime":"2027-01-15T08:00:00.000000Z",
    "regarding":{{"kind":"Pod","namespace":"default","name":"p"}},"note":"it said {}"}})",
                                        kCanary));
  for (const auto* resource : {&apiserver::Workflows(), &apiserver::Records(), &apiserver::Events()}) {
    std::string all;
    for (const json::Value& object : cluster_.List(*resource, "default")) all += json::Write(object);
    EXPECT_THAT(all, HasSubstr(kCanary)) << resource->plural;
  }
  const auto files = Bundle("--operator-namespace=default");
  EXPECT_THAT(files, Contains(Key("coreflow-support/namespaces/default/configmaps/c.json")));
  EXPECT_THAT(files, Contains(Key("coreflow-support/namespaces/default/events/e.json")));
  for (const auto& [name, text] : files) {
    EXPECT_THAT(name, Not(HasSubstr("secrets"))) << name;
    EXPECT_THAT(text, Not(HasSubstr("bird"))) << name;
    EXPECT_THAT(text, Not(HasSubstr(kToken))) << name;
  }
}

TEST_F(SupportBundleTest, WhatMayNotBeReadIsNotedWithTheRuleThatIsMissing) {
  RunWithCanary();
  denied_ = "/pods";
  const auto files = Bundle();
  EXPECT_THAT(files, Contains(Key("coreflow-support/namespaces/default/workflows/w.json")));
  EXPECT_THAT(files.at("coreflow-support/index.txt"),
              HasSubstr("pods in namespace default: you may not list pods in namespace default"));
  EXPECT_THAT(files.at("coreflow-support/index.txt"), HasSubstr("resources: [\"pods\"], verbs: [\"list\"]"));
}

TEST_F(SupportBundleTest, WithoutAServerItSaysSoInTheArchive) {
  cluster_.server.Restart(std::chrono::hours(24));
  const auto files = Bundle();
  EXPECT_THAT(files, Contains(Key("coreflow-support/versions.json")));
  EXPECT_THAT(files.at("coreflow-support/index.txt"),
              HasSubstr("all of the cluster: no answer from https://10.0.0.1:6443"));
}

TEST_F(SupportBundleTest, CtrlCLeavesNothing) {
  ctrl_c_ = Duration(0);
  EXPECT_EQ(Coreflow("support-bundle -o b.tar.gz").code, 130);
  EXPECT_EQ(made_["b.tar.gz"], "");
}

TEST_F(SupportBundleTest, TheFileIsCalledAfterTheTime) {
  EXPECT_EQ(Coreflow("support-bundle").out, "coreflow-support-20270115T080000Z.tar.gz\n");
}

TEST_F(SupportBundleTest, ManyObjectsComeInPagesUpToALimit) {
  for (int i = 0; i < 1005; ++i) {
    Make(*apiserver::FindResource("", "v1", "configmaps"), fmt::format(R"({{"metadata":{{"name":"c{:04}"}}}})", i));
  }
  const auto files = Bundle();
  EXPECT_THAT(files, Contains(Key("coreflow-support/namespaces/default/configmaps/c0999.json")));
  EXPECT_THAT(files, Not(Contains(Key("coreflow-support/namespaces/default/configmaps/c1000.json"))));
  EXPECT_THAT(files.at("coreflow-support/index.txt"),
              HasSubstr("configmaps in namespace default: only the first 1000 are here"));
}

}  // namespace
}  // namespace coreflow::cli
