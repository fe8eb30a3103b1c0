// coreflow logs, of pods that are gone.
#include <gmock/gmock.h>

#include "pkg/base/hash.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

class KeptLogsTest : public CliTest {
 protected:
  // Its pods are cleaned up.
  void SetUp() override {
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {defaults: {image: busybox}, "
        "steps: [{name: a}, {name: b, dependsOn: [a]}]}}");
    Pass(seconds(60));
    Leave("w", "a", {{"$log", "one\ntwo\nthree ERROR\nfour"}});
    ASSERT_EQ(Coreflow("artifacts get w a $log -o prepared").code, 0);
  }
};

TEST_F(KeptLogsTest, AreShownInThePlaceOfThePods) {
  EXPECT_EQ(Coreflow("logs w"), (Ran{.out = "[a] one\n[a] two\n[a] three ERROR\n[a] four\n"}));
  EXPECT_EQ(Coreflow("logs w a"), (Ran{.out = "one\ntwo\nthree ERROR\nfour\n"}));
  EXPECT_EQ(Coreflow("logs w a -f"), Coreflow("logs w a"));
}

TEST_F(KeptLogsTest, FlagsAreAsForThoseOfPods) {
  EXPECT_EQ(Coreflow("logs w --grep=ERR|tw"), (Ran{.out = "[a] two\n[a] three ERROR\n"}));
  EXPECT_EQ(Coreflow("logs w a --tail=2"), (Ran{.out = "three ERROR\nfour\n"}));
  EXPECT_EQ(Coreflow("logs w a --tail=0"), Ran{});
  EXPECT_EQ(Coreflow("logs w --failed"),
            (Ran{.code = 6, .err = "coreflow: there is nothing to read: no step has failed\n"}));
}

TEST_F(KeptLogsTest, OfTheTimeAllOrNothingIsKnown) {
  EXPECT_EQ(Coreflow("logs w a --since=1h"),
            (Ran{.out = "one\ntwo\nthree ERROR\nfour\n", .err = "a: a kept log has no times: this is all of it\n"}));
  Pass(minutes(10));
  EXPECT_EQ(Coreflow("logs w a --since=1m"), Ran{});
}

TEST_F(KeptLogsTest, WithoutOneItIsSaidHowToKeepIt) {
  EXPECT_EQ(Coreflow("logs w b"),
            (Ran{.code = 6,
                 .err = "coreflow: there is nothing to read: the pods are gone, as spec.podCleanup (OnSuccess) says, "
                        "and no log was kept; 'archiveLogs: true' of a step keeps its own\n"}));
}

TEST_F(KeptLogsTest, OneThatCanNotBeReadIsAnError) {
  kept_.reset();
  const Ran ran = Coreflow("logs w a");
  EXPECT_EQ(ran.code, 6);
  EXPECT_THAT(ran.err, HasSubstr("there is no store to read from"));
}

TEST_F(KeptLogsTest, OneThatIsDamagedIsTold) {
  (*kept_)["default/" + Sha256Hex("one\ntwo\nthree ERROR\nfour")] = "one\nTWO\nthree ERROR\nfour";
  const Ran ran = Coreflow("logs w a");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("what came is not what was kept"));
}

}  // namespace
}  // namespace coreflow::cli
