#include <sstream>

#include "pkg/json/parse.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

class ListTest : public CliTest {
 protected:
  void SetUp() override {
    behaviours_["slow"] = {.runs_for = std::chrono::hours(2)};
    behaviours_["bad"] = {.end = {.exit_code = 3}};
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: good, labels: {team: data}},"
        " spec: {steps: [{name: a, image: busybox}]}}");
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: broken},"
        " spec: {steps: [{name: bad, image: busybox}]}}");
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Job, metadata: {name: counter},"
        " spec: {completions: 3, template: {image: busybox}}}");
    Pass(seconds(90));
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: long},"
        " spec: {steps: [{name: slow, image: busybox}, {name: b, image: busybox, dependsOn: [slow]}]}}");
    Pass(seconds(10));
  }
};

TEST_F(ListTest, ShowsWorkflowsAndJobs) {
  EXPECT_EQ(Coreflow("list"), (Ran{.out = "NAME      KIND       STATUS      PROGRESS   REASON       AGE\n"
                                          "broken    Workflow   Failed      1/1        StepFailed   1m40s\n"
                                          "counter   Job        Succeeded   3/3        Succeeded    1m40s\n"
                                          "good      Workflow   Succeeded   1/1        Succeeded    1m40s\n"
                                          "long      Workflow   Running     0/2        Running      10s\n"}));
}

TEST_F(ListTest, WideOneHasRunDurationAndMessage) {
  EXPECT_EQ(Coreflow("list --state Failed -o wide").out,
            "NAME     KIND       STATUS   PROGRESS   REASON       RUN   DURATION   AGE     MESSAGE\n"
            "broken   Workflow   Failed   1/1        StepFailed   1     2s         1m40s   step bad: CommandFailed: "
            "exit code 3\n");
}

TEST_F(ListTest, TheLatestFirst) {
  EXPECT_EQ(Coreflow("list --sort-by=start -o name").out,
            "workflow.coreflow.dev/long\nworkflow.coreflow.dev/broken\njob.coreflow.dev/counter\nworkflow.coreflow.dev/"
            "good\n");
}

TEST_F(ListTest, ByLabel) { EXPECT_EQ(Coreflow("list -l team=data -o name").out, "workflow.coreflow.dev/good\n"); }

TEST_F(ListTest, NothingIsSaidToStderr) {
  EXPECT_EQ(Coreflow("list -n kube-system"), (Ran{.err = "No runs found in namespace kube-system.\n"}));
}

TEST_F(ListTest, ByJsonPath) {
  EXPECT_EQ(Coreflow("list -o jsonpath={.items[*].metadata.name}").out, "broken counter good long");
  EXPECT_EQ(Coreflow("list -o jsonpath={.items[9]}"),
            (Ran{.code = 1, .err = "coreflow: array index out of bounds: index 9, length 4\n"}));
  EXPECT_EQ(Coreflow("list -o jsonpath={.items"),
            (Ran{.code = 1, .err = "coreflow: error parsing jsonpath {.items, unclosed action\n"}));
}

TEST_F(ListTest, ByColumns) {
  const std::string columns = "list -o custom-columns=NAME:.metadata.name,TEAM:metadata.labels.team";
  const std::string rows = "broken    <none>\ncounter   <none>\ngood      data\nlong      <none>\n";
  EXPECT_EQ(Coreflow(columns).out, "NAME      TEAM\n" + rows);
  EXPECT_EQ(Coreflow(columns + " --no-headers").out, rows);
  EXPECT_EQ(Coreflow("list -o custom-columns=NAME").err,
            "coreflow: a column is HEADING:PATH, as in NAME:.metadata.name, not \"NAME\"\n");
}

TEST_F(ListTest, WatchedItShowsWhatChanges) {
  ctrl_c_ = std::chrono::hours(3);
  EXPECT_EQ(Coreflow("list --watch"), (Ran{.code = 130,
                                           .out = "NAME      KIND       STATUS      PROGRESS   REASON       AGE\n"
                                                  "broken    Workflow   Failed      1/1        StepFailed   1m40s\n"
                                                  "counter   Job        Succeeded   3/3        Succeeded    1m40s\n"
                                                  "good      Workflow   Succeeded   1/1        Succeeded    1m40s\n"
                                                  "long      Workflow   Running     0/2        Running      10s\n"
                                                  "long      Workflow   Running     1/2        Starting     120m\n"
                                                  "long      Workflow   Running     1/2        Running      120m\n"
                                                  "long      Workflow   Succeeded   2/2        Succeeded    120m\n"}));
}

TEST_F(ListTest, WatchedAsJsonItHasALineForEachChange) {
  ctrl_c_ = std::chrono::hours(3);
  const Ran ran = Coreflow("list --watch --state=Succeeded -o json");
  std::istringstream lines(ran.out);
  std::string names;
  for (std::string line; std::getline(lines, line);)
    names += (*json::Parse(line))["metadata"]["name"].StringOr("") + " ";
  EXPECT_EQ(names, "counter good long ");
}

TEST_F(ListTest, WatchedItSaysWhatIsDenied) {
  denied_ = "/workflows";
  EXPECT_EQ(Coreflow("list --watch").code, 7);
}

TEST_F(ListTest, AStateThatThereIsNotNamesTheNearest) {
  EXPECT_EQ(Coreflow("list --state=Faild"),
            (Ran{.code = 2,
                 .err = "coreflow: --state must be one of Pending, Running, Suspended, Stopping, Succeeded, Failed, "
                        "Stopped, not \"Faild\"; did you mean \"Failed\"?\nRun 'coreflow list --help' for what there "
                        "is.\n"}));
}

}  // namespace
}  // namespace coreflow::cli
