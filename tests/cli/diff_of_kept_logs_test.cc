// coreflow diff --logs, of pods that are gone.
#include <gmock/gmock.h>

#include <string>

#include "pkg/base/hash.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kFirst[] = "epoch 1\nloss 3\n";
constexpr char kSecond[] = "epoch 1\nloss 2\n";
constexpr char kDiffers[] =
    "\nLog of train:\n"
    "  @@ -1,2 +1,2 @@\n"
    "   epoch 1\n"
    "  -loss 3\n"
    "  +loss 2\n";

class DiffOfKeptLogsTest : public CliTest {
 protected:
  // Runs of etl and copy, which are the same and whose pods are gone.
  void SetUp() override {
    terms_ = artifact::ReaderTerms::kNothing;
    Start("etl", "OnCompletion");
    Start("copy", "OnCompletion");
    Pass(std::chrono::minutes(1));
  }
  void Start(const std::string& name, const std::string& cleanup) {
    Apply("{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: " + name + "}, spec: {podCleanup: " +
          cleanup + ", defaults: {image: busybox}, steps: [{name: train}, {name: report, dependsOn: [train]}]}}");
  }
};

TEST_F(DiffOfKeptLogsTest, AreComparedAsThoseOfPods) {
  Leave("etl", "train", {{"$log", kFirst}});
  Leave("copy", "train", {{"$log", kSecond}});
  EXPECT_EQ(Coreflow("diff etl copy --logs --step train"),
            (Ran{.out = std::string("copy/1 does not differ from etl/1\n") + kDiffers}));
  EXPECT_EQ(Coreflow("diff etl copy"), (Ran{.out = "copy/1 does not differ from etl/1\n"}));
}

TEST_F(DiffOfKeptLogsTest, OfAPodThatIsThereItsOwnIsRead) {
  Start("stays", "Never");
  Pass(std::chrono::minutes(1));
  Leave("etl", "train", {{"$log", kFirst}});
  Leave("stays", "train", {{"$log", "this is not read"}});
  logs_["train"] = kSecond;
  EXPECT_THAT(Coreflow("diff etl stays --logs --step train").out, HasSubstr(kDiffers));
}

TEST_F(DiffOfKeptLogsTest, OfOneDigestAreTheSameAndAreNotRead) {
  Leave("etl", "train", {{"$log", kFirst}});
  Leave("copy", "train", {{"$log", kFirst}});
  kept_.reset();
  EXPECT_EQ(Coreflow("diff etl copy --logs --step train"),
            (Ran{.out = "copy/1 does not differ from etl/1\n\nNo log that is still there differs.\n"}));
}

TEST_F(DiffOfKeptLogsTest, WhatIsNeitherThereNorKeptIsTold) {
  Leave("etl", "train", {{"$log", kFirst}});
  EXPECT_EQ(Coreflow("diff etl copy --logs --step train").out,
            "copy/1 does not differ from etl/1\n"
            "\n"
            "No log that is still there differs.\n"
            "\n"
            "Logs that can't be compared:\n"
            "  STEP    WHY\n"
            "  train   the pod of copy/1 is gone; spec.podCleanup says how long pods are kept\n");
}

TEST_F(DiffOfKeptLogsTest, OneThatIsDamagedIsToldAndTheOthersAreCompared) {
  Leave("etl", "train", {{"$log", kFirst}});
  Leave("copy", "train", {{"$log", kSecond}});
  Leave("etl", "report", {{"$log", "all is well\n"}});
  Leave("copy", "report", {{"$log", "all was well\n"}});
  (*kept_)["default/" + Sha256Hex("all was well\n")] = "all IS well!\n";
  const std::string out = Coreflow("diff etl copy --logs").out;
  EXPECT_THAT(out, HasSubstr(kDiffers));
  EXPECT_THAT(out, HasSubstr("  report   the kept log of copy/1: what came is not what was kept"));
}

TEST_F(DiffOfKeptLogsTest, WithoutAStoreItIsSaidOfEach) {
  for (const char* step : {"train", "report"}) {
    Leave("etl", step, {{"$log", kFirst}});
    Leave("copy", step, {{"$log", kSecond}});
  }
  kept_.reset();
  const std::string out = Coreflow("diff etl copy --logs").out;
  for (const char* step : {"  train    ", "  report   "}) {
    EXPECT_THAT(out, HasSubstr(std::string(step) + "the kept log of etl/1: there is no store to read from"));
  }
  EXPECT_THAT(Coreflow("diff etl copy").out, Not(HasSubstr("store")));
}

}  // namespace
}  // namespace coreflow::cli
