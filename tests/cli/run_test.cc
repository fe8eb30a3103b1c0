#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

constexpr char kHello[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: hello}
spec:
  parameters:
  - {name: shards, type: Integer, default: 4, minimum: 1, maximum: 100}
  - {name: who, default: you}
  steps:
  - name: greet
    image: busybox
)";

class RunTest : public CliTest {
 protected:
  void SetUp() override { files_["hello.yaml"] = kHello; }
};

TEST_F(RunTest, CreatesWhatAFileDescribesAndNamesTheNextCommand) {
  EXPECT_EQ(Coreflow("run hello.yaml"),
            (Ran{.out = "workflow.coreflow.dev/hello created\n", .err = "Next: coreflow watch hello\n"}));
  EXPECT_EQ(Coreflow("run hello.yaml"),
            (Ran{.code = 1,
                 .err = "coreflow: workflow.coreflow.dev/hello exists already. Run it once more: coreflow run hello. "
                        "Change it: coreflow apply. Another one of it: --generate-name.\n"}));
}

TEST_F(RunTest, ArgumentsAreOfTheTypesOfTheirParameters) {
  EXPECT_EQ(Coreflow("run hello.yaml -p shards=8 -p who=12").code, 0);
  EXPECT_EQ(json::Value(Object("hello")["spec"]["arguments"]),
            json::Value(json::Array{json::Object{{"name", "shards"}, {"value", 8}},
                                    json::Object{{"name", "who"}, {"value", "12"}}}));
}

TEST_F(RunTest, EverythingThatIsWrongWithArgumentsIsSaidAtOnce) {
  EXPECT_EQ(Coreflow("run hello.yaml -p shrads=8 -p shards=many -p who -p shards=1000"),
            (Ran{.code = 1,
                 .err = "coreflow: there is no parameter shrads; did you mean \"shards\"?\n"
                        "parameter shards is of type Integer, which \"many\" is not\n"
                        "who is not of the form name=value\n"
                        "parameter shards: 1000 is greater than the maximum 100\n"}));
}

TEST_F(RunTest, WhatWouldNotRunIsNotSent) {
  files_["bad.yaml"] =
      "apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: bad}\nspec:\n  steps:\n  - {name: a, image: "
      "busybox, dependsOn: [b]}\n";
  const Ran ran = Coreflow("run bad.yaml");
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(ran.err.starts_with("coreflow: bad would not run: .spec.steps[0].dependsOn[0]: ")) << ran.err;
  EXPECT_TRUE(Object("bad").IsNull());
}

TEST_F(RunTest, WaitsAndExitsAsTheRunEnds) {
  EXPECT_EQ(Coreflow("run hello.yaml --wait"),
            (Ran{.out = "workflow.coreflow.dev/hello created\nworkflow.coreflow.dev/hello Succeeded\n"}));
  behaviours_["greet"] = {.end = {.exit_code = 7}};
  EXPECT_EQ(Coreflow("run - --wait").code, 1) << "nothing on stdin";
  stdin_ = kHello;
  EXPECT_EQ(Coreflow("run - --name=other --wait"),
            (Ran{.code = 3,
                 .out = "workflow.coreflow.dev/other created\n"
                        "workflow.coreflow.dev/other Failed (StepFailed): step greet: CommandFailed: exit code 7\n"}));
}

TEST_F(RunTest, WaitWithJsonPrintsNothingButTheObject) {
  const Ran ran = Coreflow("run hello.yaml --wait -o json");
  EXPECT_EQ(ran.err, "");
  EXPECT_TRUE(ran.out.starts_with("{\n  \"apiVersion\": \"coreflow.dev/v1alpha1\",")) << ran.out;
  EXPECT_NE(ran.out.find("\"state\": \"Succeeded\""), std::string::npos);
}

TEST_F(RunTest, CtrlCLeavesTheRunAlone) {
  behaviours_["greet"] = {.runs_for = std::chrono::hours(1)};
  ctrl_c_ = seconds(5);
  const Ran ran = Coreflow("run hello.yaml --wait");
  EXPECT_EQ(ran.code, 130);
  EXPECT_EQ(ran.err, "workflow.coreflow.dev/hello is still Running, 0/1 done: coreflow watch hello\n");
}

TEST_F(RunTest, GeneratesNames) {
  const Ran ran = Coreflow("run hello.yaml --generate-name -o name");
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with("workflow.coreflow.dev/hello-")) << ran.out;
}

TEST_F(RunTest, ADryRunOfTheClientNeedsNoServer) {
  cluster_.server.Restart(std::chrono::hours(1));
  const Ran ran = Coreflow("run hello.yaml -p shards=2 --dry-run=client");
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(
      ran.out.starts_with("apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata:\n  name: hello\nspec:\n"
                          "  arguments:\n  - name: shards\n    value: 2\n"))
      << ran.out;
}

TEST_F(RunTest, ADryRunOfTheServerStoresNothing) {
  EXPECT_EQ(Coreflow("run hello.yaml --dry-run=server").out, "workflow.coreflow.dev/hello created (server dry run)\n");
  EXPECT_TRUE(Object("hello").IsNull());
}

TEST_F(RunTest, ANameRunsWhatExistsOnceMore) {
  EXPECT_EQ(Coreflow("run hello.yaml --wait").code, 0);
  EXPECT_EQ(Coreflow("run hello --wait").out,
            "workflow.coreflow.dev/hello run requested\nworkflow.coreflow.dev/hello Succeeded\n");
  EXPECT_EQ(Object("hello")["status"]["run"]["number"], json::Value(2));
  EXPECT_EQ(Coreflow("run hello -p shards=9 --wait").code, 0);
  EXPECT_EQ(Object("hello")["status"]["run"]["number"], json::Value(3)) << "one run, not two";
  EXPECT_EQ(Object("hello")["spec"]["arguments"],
            json::Value(json::Array{json::Object{{"name", "shards"}, {"value", 9}}}));
}

TEST_F(RunTest, AFileThatIsNotThereIsNoName) {
  EXPECT_EQ(Coreflow("run helo.yaml"), (Ran{.code = 6, .err = "coreflow: helo.yaml: No such file or directory\n"}));
}

TEST_F(RunTest, OtherKindsAreRefused) {
  files_["pod.yaml"] = "apiVersion: v1\nkind: Pod\n";
  EXPECT_EQ(Coreflow("run pod.yaml"),
            (Ran{.code = 1,
                 .err = "coreflow: pod.yaml: expected a Workflow or Job of coreflow.dev/v1alpha1, got kind \"Pod\" of "
                        "\"v1\"\n"}));
}

TEST_F(RunTest, FlagsThatExcludeEachOther) {
  EXPECT_EQ(Coreflow("run hello.yaml --wait --logs"),
            (Ran{.code = 2, .err = "coreflow: --wait, --watch and --logs exclude each other\n"}));
}

TEST_F(RunTest, WithLogsTheyComeAsTheyAreWritten) {
  logs_["greet"] = "hello\nyou\n";
  EXPECT_EQ(Coreflow("run hello.yaml --logs"),
            (Ran{.out = "workflow.coreflow.dev/hello created\n[greet] hello\n[greet] you\n",
                 .err = "workflow.coreflow.dev/hello Succeeded\n"}));
}

class ChangeTest : public RunTest {
 protected:
  void SetUp() override {
    RunTest::SetUp();
    behaviours_["greet"] = {.runs_for = seconds(100)};
    ASSERT_EQ(Coreflow("run hello.yaml").code, 0);
    Pass(seconds(10));
  }
};

TEST_F(ChangeTest, SuspendAndResume) {
  EXPECT_EQ(Coreflow("suspend hello"), (Ran{.out = "workflow.coreflow.dev/hello suspended\n"}));
  EXPECT_EQ(Coreflow("suspend hello"), (Ran{.err = "workflow.coreflow.dev/hello is suspended already\n"}));
  Pass(seconds(1));
  EXPECT_EQ(Object("hello")["status"]["state"], json::Value("Suspended"));
  EXPECT_EQ(Coreflow("resume hello"), (Ran{.out = "workflow.coreflow.dev/hello resumed\n"}));
  EXPECT_EQ(Coreflow("resume hello"), (Ran{.err = "workflow.coreflow.dev/hello is not suspended\n"}));
  EXPECT_EQ(Coreflow("wait hello").code, 0);
}

TEST_F(ChangeTest, StopThenRerun) {
  EXPECT_EQ(Coreflow("stop hello --now"), (Ran{.out = "workflow.coreflow.dev/hello is being stopped now\n"}));
  EXPECT_EQ(Coreflow("wait hello"),
            (Ran{.code = 4, .out = "workflow.coreflow.dev/hello Stopped: stopped as spec.stop asked\n"}));
  EXPECT_EQ(Coreflow("stop hello"), (Ran{.err = "workflow.coreflow.dev/hello has ended already: Stopped\n"}));
  EXPECT_EQ(Coreflow("rerun hello --wait"),
            (Ran{.out = "workflow.coreflow.dev/hello run requested\nworkflow.coreflow.dev/hello Succeeded\n"}));
}

TEST_F(ChangeTest, RerunOfOneThatRunsWaitsItsTurn) {
  EXPECT_EQ(Coreflow("rerun hello"), (Ran{.out = "workflow.coreflow.dev/hello run requested\n",
                                          .err = "It starts when the present run has ended.\nNext: coreflow watch "
                                                 "hello\n"}));
  EXPECT_EQ(Coreflow("wait hello").code, 0);
  EXPECT_EQ(Object("hello")["status"]["run"]["number"], json::Value(2));
}

TEST_F(ChangeTest, WhatIsNotAllowedIsSaidWithTheRuleThatIsMissing) {
  cluster_.registry.Admit([](const apiserver::AdmissionRequest& request) -> std::optional<apiserver::Failure> {
    if (request.agent != "coreflow") return std::nullopt;
    return apiserver::Forbidden(apiserver::Workflows(), "hello", "User \"jane\" cannot patch it");
  });
  const Ran ran = Coreflow("suspend hello");
  EXPECT_EQ(ran.code, 7);
  EXPECT_EQ(
      ran.err,
      "coreflow: you may not patch workflows.coreflow.dev in namespace default: workflows.coreflow.dev \"hello\" is "
      "forbidden: User \"jane\" cannot patch it\n"
      "It takes a role with the rule {apiGroups: [\"coreflow.dev\"], resources: [\"workflows\"], verbs: "
      "[\"patch\"]}.\n");
}

TEST_F(ChangeTest, DeleteTakesWholeNames) {
  EXPECT_EQ(Coreflow("delete hel"),
            (Ran{.code = 6, .err = "coreflow: delete takes whole names; did you mean workflow.coreflow.dev/hello?\n"}));
  EXPECT_EQ(Coreflow("delete hello --dry-run=server").out, "workflow.coreflow.dev/hello deleted (server dry run)\n");
  EXPECT_EQ(Coreflow("delete hello"), (Ran{.out = "workflow.coreflow.dev/hello deleted\n"}));
  EXPECT_TRUE(Object("hello").IsNull());
}

TEST_F(ChangeTest, ApplySaysWhatItChanged) {
  EXPECT_EQ(Coreflow("apply hello.yaml"), (Ran{.out = "workflow.coreflow.dev/hello unchanged\n"}));
  files_["hello.yaml"] += "  timeoutSeconds: 600\n";
  EXPECT_EQ(Coreflow("apply -f hello.yaml"), (Ran{.out = "workflow.coreflow.dev/hello configured\n"}));
  stdin_ = "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: one}, spec: {template: {image: busybox}}}";
  EXPECT_EQ(Coreflow("apply - --wait"), (Ran{.out = "job.coreflow.dev/one created\njob.coreflow.dev/one Succeeded\n"}));
  EXPECT_EQ(Coreflow("apply").code, 2);
}

class LogsTest : public CliTest {
 protected:
  void SetUp() override {
    logs_ = {{"a", "one\ntwo\n"}, {"b", "three\nERROR four\nfive"}};
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {podCleanup: Never, defaults: "
        "{image: busybox}, steps: [{name: a}, {name: b, dependsOn: [a]}]}}");
  }
};

TEST_F(LogsTest, OfAllStepsOrOne) {
  Pass(seconds(20));
  EXPECT_EQ(Coreflow("logs w"), (Ran{.out = "[a] one\n[a] two\n[b] three\n[b] ERROR four\n[b] five\n"}));
  EXPECT_EQ(Coreflow("logs w b --tail=1"), (Ran{.out = "five\n"}));
  EXPECT_EQ(Coreflow("logs w --grep=ERR|tw"), (Ran{.out = "[a] two\n[b] ERROR four\n"}));
  EXPECT_EQ(Coreflow("logs w c"), (Ran{.code = 6, .err = "coreflow: w has no step c\n"}));
  EXPECT_EQ(Coreflow("logs w --grep=(").code, 1);
  EXPECT_EQ(Coreflow("logs w --failed"),
            (Ran{.code = 6, .err = "coreflow: there is nothing to read: no step has failed\n"}));
}

TEST_F(LogsTest, FollowedToTheEndOfTheRun) {
  behaviours_["b"] = {.end = {.exit_code = 1}};
  const Ran ran = Coreflow("logs w -f");
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.out, "[a] one\n[a] two\n[b] three\n[b] ERROR four\n[b] five\n");
}

TEST_F(LogsTest, WhoseTheyAreNoMoreIsSaid) {
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: clean}, spec: {steps: [{name: a, image: "
      "busybox}]}}");
  Pass(seconds(60));
  EXPECT_EQ(
      Coreflow("logs clean"),
      (Ran{.code = 6,
           .err =
               "coreflow: there is nothing to read: the pods are gone, as spec.podCleanup (OnSuccess) says, and no log "
               "was kept; 'archiveLogs: true' of a step keeps its own\n"}));
}

}  // namespace
}  // namespace coreflow::cli
