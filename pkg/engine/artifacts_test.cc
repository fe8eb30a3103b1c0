// Steps that give files to others, from the spec to the pods and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "pkg/artifact/courier_job.h"
#include "pkg/artifact/store_token.h"
#include "pkg/engine/owner.h"
#include "pkg/engine/pod_manifest.h"
#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

using json::Value;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kTwoSteps[] = R"json({"defaults": {"image": "i"}, "steps": [
  {"name": "train", "command": ["train", "$(HOME)"], "outputs": [{"name": "rows", "type": "Integer"}],
   "outputArtifacts": [{"name": "the-model", "path": "/out/$x", "archive": "Tar"},
                       {"name": "notes", "path": "/out/notes", "optional": true}]},
  {"name": "use", "script": "use",
   "inputs": {"artifacts": [{"name": "m", "path": "/in/model", "from": "steps.train.artifacts.the_model"},
                            {"name": "n", "path": "/in/notes", "from": "steps.train.artifacts['notes']",
                             "optional": true}]}}]})json";

const std::string kDigest(64, 'a');

class ArtifactsTest : public testing::Test {
 protected:
  void Begin(const std::string& spec) {
    world = std::make_unique<World>(Kind::kWorkflow, Spec(spec), [this](const PodView& pod) {
      return ContainerEnd{
          .exit_code = exit_codes[pod.step], .output = outputs[pod.step], .after = std::chrono::seconds(1)};
    });
    world->courier = courier;
    owner = world->NewOwner();
  }
  // The pod that is created for a step, or null when it comes to rest without one.
  Value PodOf(const std::string& step) {
    for (bool at_rest = false; !at_rest;) {
      at_rest = world->Settle(*owner, 1);
      for (const auto& [name, pod] : world->pods()) {
        if (pod.view.step == step) return pod.object;
      }
    }
    return {};
  }
  static Value Container(const Value& pod, const char* list, const std::string& name) {
    for (const Value& container : pod["spec"][list].Elements()) {
      if (container["name"].StringOr("") == name) return container;
    }
    return {};
  }
  static artifact::CourierJob JobOf(const Value& container) {
    auto job = artifact::ReadCourierJob(container["env"].Elements().at(0)["value"].StringOr(""));
    EXPECT_TRUE(job);
    return job ? *job : artifact::CourierJob();
  }

  std::shared_ptr<const CourierSetup> courier = std::make_shared<const CourierSetup>(CourierSetup{
      .image = "ours:1", .url = "https://data:8443", .certificate = kDigest, .key = Secret<std::string>("key")});
  std::map<std::string, std::string> outputs = {{"train", "rows=3\n"}};
  std::map<std::string, int32_t> exit_codes = {};
  std::unique_ptr<World> world;
  std::unique_ptr<Owner> owner;
};

TEST_F(ArtifactsTest, TheCommandIsRunByCoreflowExec) {
  Begin(kTwoSteps);
  const Value pod = PodOf("train");
  const Value main = Container(pod, "containers", "main");
  EXPECT_EQ(
      json::Write(main["command"]),
      R"x(["/coreflow/bin/coreflow-exec","--socket","/coreflow/run/courier.sock","--message","/coreflow/output",)x"
      R"x("--outputs","/coreflow/run/output","--artifact","the-model=Tar:/out/$$x",)x"
      R"x("--optional-artifact","notes=None:/out/notes","--","train","$(HOME)"])x");
  EXPECT_EQ(main["terminationMessagePath"], Value("/coreflow/output"));
  EXPECT_EQ(main["env"].Elements().at(0)["value"], Value("/coreflow/run/output"));
  const Value fetch = Container(pod, "initContainers", "coreflow-fetch");
  const Value serve = Container(pod, "initContainers", "coreflow-courier");
  EXPECT_EQ(fetch["image"], Value("ours:1"));
  EXPECT_TRUE(fetch["restartPolicy"].IsNull());
  EXPECT_EQ(serve["restartPolicy"], Value("Always"));
  const artifact::CourierJob job = JobOf(serve);
  EXPECT_EQ(job.token, artifact::PutToken("key", "ns", pod["metadata"]["name"].StringOr("")));
  EXPECT_EQ(job.outputs.size(), 2u);
}

constexpr char kKeepsLogs[] = R"json({"defaults": {"image": "i"}, "failFast": false, "steps": [
  {"name": "prints", "command": ["print"], "archiveLogs": true, "outputs": [{"name": "rows"}]},
  {"name": "fails", "command": ["fail"], "archiveLogs": true},
  {"name": "silent", "command": ["be-silent"]}]})json";

TEST_F(ArtifactsTest, AStepThatKeepsLogsHasACourierForThem) {
  Begin(kKeepsLogs);
  const Value pod = PodOf("prints");
  const Value main = Container(pod, "containers", "main");
  EXPECT_EQ(json::Write(main["command"]),
            R"x(["/coreflow/bin/coreflow-exec","--socket","/coreflow/run/courier.sock","--message",)x"
            R"x("/coreflow/output","--outputs","/coreflow/run/output","--log",)x"
            R"x("$$log=104857600:/coreflow/run/log","--message-limit","4096","--","print"])x");
  EXPECT_EQ(main["env"].Elements().at(0)["value"], Value("/coreflow/run/output"));
  const artifact::CourierJob job = JobOf(Container(pod, "initContainers", "coreflow-courier"));
  ASSERT_EQ(job.outputs.size(), 1u);
  EXPECT_EQ(job.outputs[0].name, Literal(artifact::kLogArtifact));  // the kubelet takes the second $ away
  EXPECT_EQ(job.outputs[0].archive, api::Archive::kNone);
}

TEST_F(ArtifactsTest, TheRecordNamesTheLogHoweverTheStepEnded) {
  outputs["prints"] = "rows=3\n";
  exit_codes["fails"] = 3;
  Begin(kKeepsLogs);
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(),
              ElementsAre("fails Failed/CommandFailed", "prints Succeeded/Succeeded", "silent Succeeded/Succeeded"));
  for (const char* step : {"prints", "fails"}) {
    const Value& kept = (*world->RecordItem(step))["artifacts"];
    ASSERT_EQ(kept.Elements().size(), 1u) << step;
    EXPECT_EQ(kept.Elements()[0]["name"], Value("$log"));
  }
  EXPECT_EQ(json::Write((*world->RecordItem("prints"))["outputs"]), R"({"rows":"3"})");
  EXPECT_TRUE((*world->RecordItem("silent"))["artifacts"].IsNull());
}

TEST_F(ArtifactsTest, AResultThatIsTakenBringsItsLogAlongButDoesNotNeedIt) {
  Begin(R"json({"defaults": {"image": "i"}, "steps": [
    {"name": "cached", "command": ["print"], "archiveLogs": true, "cache": {"mode": "Auto"}}]})json");
  EXPECT_TRUE(world->Settle(*owner));
  world->RequestRun("again");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(2), ElementsAre("cached Succeeded/CacheHit"));
  world->RequestRun("continued", {{"run", "w/1"}, {"requestedAt", "continued"}});
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(3), ElementsAre("cached Succeeded/Reused"));
  EXPECT_EQ(world->created().size(), 1u);
  for (const auto& [name, body] : world->records()) {
    for (const Value& item : body["results"].Elements()) {
      EXPECT_EQ(item["artifacts"].Elements().at(0)["name"], Value("$log")) << name;
    }
  }
}

TEST_F(ArtifactsTest, NoExpressionReadsTheLog) {
  Begin(R"json({"defaults": {"image": "i"}, "steps": [
    {"name": "prints", "command": ["print"], "archiveLogs": true,
     "outputArtifacts": [{"name": "data", "path": "/out"}]},
    {"name": "reads", "command": ["x"], "when": "steps.prints.artifacts['$log'].bytes > 0"}]})json");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Failed");
  EXPECT_THAT(world->created(), IsEmpty()) << "the spec is refused as a whole";
}

TEST_F(ArtifactsTest, WhatOneLeavesTheOtherIsGiven) {
  Begin(kTwoSteps);
  const Value pod = PodOf("use");
  EXPECT_TRUE(Container(pod, "initContainers", "coreflow-courier").IsNull()) << "it leaves nothing";
  const artifact::CourierJob job = JobOf(Container(pod, "initContainers", "coreflow-fetch"));
  ASSERT_EQ(job.inputs.size(), 2u);
  ASSERT_EQ(job.inputs[0].parcels.size(), 1u);
  const artifact::Parcel& model = job.inputs[0].parcels[0];
  EXPECT_EQ(model.artifact.archive, api::Archive::kTar);
  EXPECT_EQ(model.token, artifact::GetToken("key", "ns", pod["metadata"]["name"].StringOr(""), model.artifact.digest));
  EXPECT_TRUE(job.token.empty()) << "nothing to put";
  const Value main = Container(pod, "containers", "main");
  EXPECT_EQ(main["volumeMounts"].Elements().at(0)["mountPath"], Value("/in/model"));
  EXPECT_EQ(main["volumeMounts"].Elements().at(0)["subPath"], Value("in/m"));
  EXPECT_EQ(main["command"].Elements().at(0), Value("sh")) << "nothing is wrapped around it";
}

constexpr char kSkippedSource[] = R"json({"defaults": {"image": "i"}, "steps": [
  {"name": "a", "when": "false", "command": ["x"], "outputArtifacts": [{"name": "file", "path": "/out"}]},
  {"name": "b", "runAfter": "Finished", "command": ["x"],
   "inputs": {"artifacts": [{"name": "f", "path": "/in", "from": "steps.a.artifacts.file", "optional": OPTIONAL}]}}]})json";

std::string SkippedSource(const char* optional) {
  std::string spec = kSkippedSource;
  return spec.replace(spec.find("OPTIONAL"), 8, optional);
}

TEST_F(ArtifactsTest, AnOptionalOneThatIsNotThereIsNotMounted) {
  Begin(SkippedSource("true"));
  const Value pod = PodOf("b");
  ASSERT_FALSE(pod.IsNull());
  EXPECT_THAT(JobOf(Container(pod, "initContainers", "coreflow-fetch")).inputs.at(0).parcels, IsEmpty());
  EXPECT_THAT(Container(pod, "containers", "main")["volumeMounts"].Elements(), IsEmpty());
}

TEST_F(ArtifactsTest, OneThatIsNotThereFailsTheStepAndSaysWhich) {
  Begin(SkippedSource("false"));
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(), ElementsAre("a Skipped/WhenFalse", "b Failed/ExpressionFailed"));
  EXPECT_THAT((*world->RecordItem("b"))["message"].StringOr(""),
              AllOf(HasSubstr("input f"), HasSubstr("step a has no artifact file")));
}

TEST_F(ArtifactsTest, AStepWithItemsGivesAListOfThoseThatSucceeded) {
  Begin(R"json({"defaults": {"image": "i"}, "steps": [
    {"name": "part", "command": ["x"], "forEach": {"items": "[1, 2, 3]"},
     "outputArtifacts": [{"name": "piece", "path": "/out"}]},
    {"name": "join", "command": ["x"],
     "inputs": {"artifacts": [{"name": "all", "path": "/in", "from": "steps.part.artifacts.piece"},
                              {"name": "one", "path": "/one", "from": "steps.part.items[1].artifacts.piece"}]}}]})json");
  const artifact::CourierJob job = JobOf(Container(PodOf("join"), "initContainers", "coreflow-fetch"));
  EXPECT_TRUE(job.inputs[0].list);
  ASSERT_EQ(job.inputs[0].parcels.size(), 3u);
  EXPECT_FALSE(job.inputs[1].list);
  EXPECT_EQ(job.inputs[1].parcels[0].artifact, job.inputs[0].parcels[1].artifact);
}

TEST_F(ArtifactsTest, MoreThanAProcessCanBeToldOfAreRefused) {
  std::string all = "[0";
  for (int i = 1; i < 700; ++i) all += "," + std::to_string(i);
  Begin(R"({"defaults": {"image": "i"}, "steps": [
    {"name": "part", "command": ["x"], "forEach": {"items": ")" +
        all + R"(]"},
     "outputArtifacts": [{"name": "piece", "path": "/out"}]},
    {"name": "join", "command": ["x"],
     "inputs": {"artifacts": [{"name": "all", "path": "/in", "from": "steps.part.artifacts.piece"}]}}]})");
  EXPECT_TRUE(world->Settle(*owner, 100'000));
  EXPECT_EQ(world->RecordItem("join")->Find("reason")->StringOr(""), "ExpressionFailed");
  EXPECT_THAT((*world->RecordItem("join"))["message"].StringOr(""), HasSubstr("the inputs are 700 artifacts; about "));
}

TEST_F(ArtifactsTest, WithoutAStoreTheStepFailsAndSaysSo) {
  courier = nullptr;
  Begin(kTwoSteps);
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Failed");
  EXPECT_THAT(world->created(), IsEmpty());
  EXPECT_THAT(json::Write(world->status()), HasSubstr("has no store for them"));
}

TEST_F(ArtifactsTest, ARecordKeepsThemForTheNextLeader) {
  Begin(kTwoSteps);
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
  std::unique_ptr<Owner> next = world->NewOwner();
  EXPECT_TRUE(world->Settle(*next));
  EXPECT_THAT(world->Ends(), ElementsAre("train Succeeded/Succeeded", "use Succeeded/Succeeded"));
}

}  // namespace
}  // namespace coreflow::engine
