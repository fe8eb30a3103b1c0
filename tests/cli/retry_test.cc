// coreflow retry, and rerun --from: what did not succeed runs again, and what has changed.
#include <gmock/gmock.h>

#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using testing::HasSubstr;

constexpr char kPipeline[] =
    "{steps: [{name: load, image: busybox, command: [load]}, {name: train, image: busybox, command: [train], "
    "dependsOn: [load]}, {name: report, image: busybox, command: [report], dependsOn: [train]}]}";

class RetryTest : public CliTest {
 protected:
  void SetUp() override {
    behaviours_["train"].end.exit_code = 1;
    Create("etl");
    ASSERT_EQ(Coreflow("wait etl").code, 3);
  }
  void Create(const std::string& name) { Apply(Manifest(name, kPipeline)); }
  static std::string Manifest(const std::string& name, const std::string& spec) {
    return "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: " + name + "}, spec: " + spec + "}";
  }
  void Mend() { behaviours_.erase("train"); }
};

TEST_F(RetryTest, RunsWhatDidNotSucceed) {
  Mend();
  EXPECT_EQ(Coreflow("retry etl --wait"),
            (Ran{.out = "workflow.coreflow.dev/etl run requested\nworkflow.coreflow.dev/etl Succeeded\n"}));
  const json::Value run = Object("etl")["status"]["run"];
  EXPECT_EQ(run["number"], json::Value(2));
  EXPECT_EQ(run["retryFrom"], json::Value("etl/1"));
  EXPECT_EQ(run["reused"], json::Value(1));
}

TEST_F(RetryTest, SaysBeforehandWhatItWouldDo) {
  EXPECT_EQ(Coreflow("retry etl --dry-run").out,
            "etl: 1 reused from etl/1, 2 to run\n"
            "STEP     REUSED   TO RUN   BECAUSE\n"
            "load     1        0\n"
            "train    0        1        it did not succeed\n"
            "report   0        1        it comes after train\n");
  EXPECT_EQ(Object("etl")["status"]["run"]["number"], json::Value(1));
}

TEST_F(RetryTest, TakesTheSpecOfAFile) {
  Mend();
  std::string changed = kPipeline;
  changed.replace(changed.find("command: [train]"), 16, "command: [train, -v]");
  files_["fixed.yaml"] = Manifest("etl", changed);
  EXPECT_THAT(Coreflow("retry etl --with fixed.yaml --dry-run").out,
              HasSubstr("train    0        1        command [\"train\"] → [\"train\",\"-v\"]\n"));
  EXPECT_EQ(Coreflow("retry etl --with fixed.yaml --wait").code, 0);
  EXPECT_EQ(Object("etl")["status"]["run"]["number"], json::Value(2)) << "one run, not one for the edit and another";
  EXPECT_EQ(Object("etl")["status"]["run"]["reused"], json::Value(1));
}

TEST_F(RetryTest, AFileWithoutTheObjectIsRefused) {
  files_["other.yaml"] = Manifest("other", kPipeline);
  EXPECT_EQ(Coreflow("retry etl --with other.yaml"),
            (Ran{.code = 1, .err = "coreflow: other.yaml has no Workflow of the name etl\n"}));
}

TEST_F(RetryTest, AStepThatSucceededCanBeAskedFor) {
  Mend();
  EXPECT_EQ(Coreflow("retry etl --wait").code, 0);
  EXPECT_EQ(Coreflow("retry etl --step train --wait").code, 0);
  EXPECT_EQ(Object("etl")["status"]["run"]["reused"], json::Value(1));
  EXPECT_THAT(Coreflow("retry etl --step trian").out, HasSubstr("run requested"));
  const Ran ran = Coreflow("wait etl");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, HasSubstr("there is no step trian"));
}

TEST_F(RetryTest, RerunDoesAllOfItAgain) {
  Mend();
  EXPECT_EQ(Coreflow("retry etl --wait").code, 0);
  EXPECT_EQ(Coreflow("rerun etl --wait").code, 0);
  EXPECT_TRUE(Object("etl")["status"]["run"]["reused"].IsNull()) << "although a retry was asked for before";
}

TEST_F(RetryTest, RerunMayContinueARunOfAnother) {
  Mend();
  Create("copy");
  EXPECT_EQ(Coreflow("wait copy").code, 0);
  EXPECT_EQ(Coreflow("rerun etl --from copy/1 --wait").code, 0);
  EXPECT_EQ(Object("etl")["status"]["run"]["reused"], json::Value(3));
}

TEST_F(RetryTest, ARunThatCanNotBeContinuedIsToldWithTheReason) {
  EXPECT_EQ(Coreflow("retry etl --from etl/7 --dry-run"),
            (Ran{.code = 1, .err = "coreflow: etl has no run 7; it has 1\n"}));
  EXPECT_EQ(Coreflow("retry etl --from etl/x --dry-run"),
            (Ran{.code = 1, .err = "coreflow: etl/x is no run: say NAME/NUMBER, such as etl/3\n"}));
  EXPECT_EQ(Coreflow("rerun etl --dry-run").code, 1);
  EXPECT_EQ(Coreflow("rerun etl --step load").code, 1);
  EXPECT_EQ(Coreflow("retry nothing").code, 6);
}

}  // namespace
}  // namespace coreflow::cli
