// What other workflow engines did wrong when pods, nodes, users and replicas did not do what was expected
// (docs/faults-tested.md).
#include "tests/sim/known_faults.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/object.h"
#include "pkg/engine/names.h"

namespace coreflow::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(NamesTest, APodOfTheSameNameThatIsNotOursFailsTheStepAndIsNotTouched) {
  OneWorkflow world(kTwoSteps, {.processes = 0});
  const std::string name = engine::PodName("w", apiserver::UidOf(world.Object()), 1, "short", 0, 1);
  const json::Value container = json::Object{{"name", "main"}, {"image", "busybox:1.36"}};
  const auto made = world.simulation.cluster().Create(
      apiserver::Pods(), "default",
      json::Object{{"metadata", json::Object{{"name", name}}},
                   {"spec", json::Object{{"containers", json::Array{container}}, {"restartPolicy", "Never"}}}});
  ASSERT_TRUE(made);
  Process process(world.simulation.loop(), world.simulation.cluster(), {.name = "0"});
  process.Start();
  EXPECT_EQ(world.End(), "Failed");
  EXPECT_NE(world.Status().find("is not ours"), std::string::npos) << world.Status();
  EXPECT_EQ(world.Created(), 1) << "only the stranger's";
  for (const apiserver::AuditEntry& entry : world.simulation.audit().entries()) {
    EXPECT_FALSE(entry.resource == &apiserver::Pods() && entry.agent.starts_with(kOperatorAgent));
  }
}

bool IsStatusWrite(const http::Request& request) {
  return request.method == "PUT" && request.target.find("/workflows/w/status") != std::string::npos;
}

TEST(NamesTest, AWorkflowMadeAgainUnderItsNameGetsNothingOfTheFirst) {
  for (int nth = 1;; ++nth) {
    OneWorkflow* world = nullptr;
    simulation::FaultAt again(IsStatusWrite, nth, {}, [&world] {
      ASSERT_FALSE(world->simulation.cluster().Delete(apiserver::Workflows(), "default", "w"));
      world->Create(kTwoSteps);
    });
    OneWorkflow made(kTwoSteps, {.faults = &again, .script = OneWorkflow::Seconds});
    world = &made;
    ASSERT_EQ(made.End(), "Succeeded") << nth;
    const json::Value object = made.Object();
    EXPECT_EQ(object["status"]["run"]["number"], json::Value(1));
    if (again.seen() < nth) break;
    int own = 0;
    for (const apiserver::AuditEntry& entry : made.simulation.audit().entries()) {
      if (entry.resource != &apiserver::Pods() || entry.before) continue;
      own += engine::ParsePod(entry.after->object()).owner_uid == apiserver::UidOf(object);
    }
    EXPECT_EQ(own, 2) << "at status write " << nth;
  }
}

enum class How { kDeleted, kForced, kEvicted, kPreempted };
struct Loss {
  const char* name;
  How how;
};
void PrintTo(const Loss& loss, std::ostream* out) { *out << loss.name; }

class LostPodTest : public testing::TestWithParam<Loss> {};

TEST_P(LostPodTest, APodThatIsLostAtAnyMomentHangsNothing) {
  for (int ms : {0, 5, 12, 25, 40, 300, 700, 900, 1500, 1800, 2300, 3000, 5000}) {
    OneWorkflow world(kTwoSteps);
    ASSERT_TRUE(world.UntilPodIs("Pending"));
    world.simulation.Advance(milliseconds(ms));
    auto& cluster = world.simulation.cluster();
    for (const json::Value& pod : world.Pods()) {
      const std::string name = apiserver::NameOf(pod);
      switch (GetParam().how) {
        case How::kDeleted: static_cast<void>(cluster.Delete(apiserver::Pods(), "default", name)); break;
        case How::kForced:
          static_cast<void>(cluster.Delete(apiserver::Pods(), "default", name, {.grace_period_seconds = 0}));
          break;
        case How::kEvicted: static_cast<void>(cluster.kubelet.Evict("default", name)); break;
        case How::kPreempted: static_cast<void>(cluster.kubelet.Preempt("default", name)); break;
      }
    }
    EXPECT_EQ(world.End(), "Succeeded") << ms << " ms after the first pod";
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, LostPodTest,
                         testing::Values(Loss{"Deleted", How::kDeleted}, Loss{"Forced", How::kForced},
                                         Loss{"Evicted", How::kEvicted}, Loss{"Preempted", How::kPreempted}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(NodeTest, APodThatTerminatesForEverOnADeadNodeStartsAgainOnceTheNodeIsRemoved) {
  OneWorkflow world(kTwoSteps);
  ASSERT_TRUE(world.UntilPodIs("Running"));
  auto& cluster = world.simulation.cluster();
  const std::string node = cluster.kubelet.NodeOf("default", apiserver::NameOf(world.Pods().front()));
  cluster.nodes.LoseNode(node, false);
  world.simulation.Advance(minutes(20));
  ASSERT_EQ(world.Pods().size(), 1U);
  EXPECT_TRUE(apiserver::IsBeingDeleted(world.Pods().front())) << "nobody confirms it";
  EXPECT_EQ(world.Created(), 1) << "it may still run";
  cluster.nodes.RemoveNode(node);
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 3);
}

class LostStatusTest : public testing::TestWithParam<bool> {};

// Without the checker: who empties a status breaks what it holds CoreFlow to.
TEST_P(LostStatusTest, AStatusThatSomebodyEmptiedStartsNothingAgain) {
  for (int ms : {500, 1500, 2500, 3500, 5000}) {
    reactor::VirtualLoop loop;
    simulation::Cluster cluster(loop, {.script = OneWorkflow::Seconds});
    ASSERT_TRUE(
        cluster.Create(apiserver::Workflows(), "default",
                       json::Object{{"metadata", json::Object{{"name", "w"}}}, {"spec", *json::Parse(kTwoSteps)}}));
    Process process(loop, cluster, {.name = "0"});
    process.Start();
    loop.Advance(milliseconds(ms));
    ASSERT_TRUE(cluster.registry.Update(apiserver::Workflows(), "default", "w", apiserver::Part::kStatus,
                                        [](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                          return apiserver::Unset(object, {"status"});
                                        },
                                        {.agent = "user"}));
    if (GetParam()) {
      process.Crash();
      process.Start();
    }
    loop.Advance(minutes(10));
    const json::Value status = cluster.Get(apiserver::Workflows(), "default", "w")["status"];
    EXPECT_EQ(status["state"], json::Value("Succeeded")) << ms << json::Write(status);
    EXPECT_EQ(status["run"]["number"], json::Value(1));
    EXPECT_EQ(CreatedPods(cluster.registry.audit()), 2) << ms;
  }
}

INSTANTIATE_TEST_SUITE_P(Then, LostStatusTest, testing::Bool(), [](const auto& info) {
  return std::string(info.param ? "TheOperatorIsStartedAnew" : "TheOperatorGoesOn");
});

struct FinallyCase {
  const char* name;
  const char* control;  // what of the spec ends the run
};
void PrintTo(const FinallyCase& c, std::ostream* out) { *out << c.name; }

class FinallyTest : public testing::TestWithParam<FinallyCase> {};

TEST_P(FinallyTest, WhatRunsInTheEndRunsHoweverLongItWaits) {
  for (const Duration pending : {Duration(0), Duration(seconds(10)), Duration(seconds(60))}) {
    const std::string spec = R"json({"steps": [{"name": "long", "image": "i:1", "command": ["x"]}],
        "finally": [{"name": "last", "image": "i:1", "command": ["x"]}]})json";
    OneWorkflow world(spec, {.script = [pending](const json::Value& pod) {
                        const bool last = engine::ParsePod(pod).step == "last";
                        return simulation::Behaviour{.to_bind = last ? pending : milliseconds(10),
                                                     .runs_for = last ? seconds(20) : seconds(600)};
                      }});
    ASSERT_TRUE(world.UntilPodIs("Running"));
    ASSERT_TRUE(world.simulation.cluster().MergePatch(apiserver::Workflows(), "default", "w",
                                                      json::Object{{"spec", *json::Parse(GetParam().control)}}));
    world.End();
    EXPECT_EQ(world.simulation.Report(), "");
    EXPECT_EQ(world.Created(), 2);
    bool ran = false;
    for (const simulation::PodRun& run : world.simulation.cluster().kubelet.runs()) {
      if (engine::ParsePod(run.pod).step == "last") ran = run.ended && *run.ended - run.started >= seconds(20);
    }
    EXPECT_TRUE(ran) << "to its own end, though it waited " << pending.count() << " ms";
  }
}

INSTANTIATE_TEST_SUITE_P(Ends, FinallyTest,
                         testing::Values(FinallyCase{"Deadline", R"({"timeoutSeconds": 5})"},
                                         FinallyCase{"Graceful", R"({"stop": "Graceful"})"},
                                         FinallyCase{"Immediate", R"({"stop": "Immediate"})"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(AdmissionTest, APodThatIsRefusedForEverFailsTheRunSoon) {
  OneWorkflow world(kTwoSteps);
  int asked = 0;
  world.simulation.cluster().registry.Admit(
      [&asked](const apiserver::AdmissionRequest& request) -> std::optional<apiserver::Failure> {
        if (request.operation != apiserver::Operation::kCreate || &request.resource != &apiserver::Pods())
          return std::nullopt;
        ++asked;
        return apiserver::Forbidden(apiserver::Pods(), apiserver::NameOf(request.object),
                                    "images from there are not allowed");
      });
  EXPECT_EQ(world.End(), "Failed");
  EXPECT_LE(asked, 3);
  EXPECT_NE(world.Status().find("images from there are not allowed"), std::string::npos) << world.Status();
}

struct Trouble {
  const char* name;
  simulation::StartTrouble trouble;
  const char* said;
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

class StartTroubleTest : public testing::TestWithParam<Trouble> {};

TEST_P(StartTroubleTest, WhyAPodDoesNotStartIsSaidWithinHalfAMinute) {
  OneWorkflow world(
      kTwoSteps, {.script = [](const json::Value&) { return simulation::Behaviour{.trouble = GetParam().trouble}; }});
  world.simulation.Advance(seconds(30));
  EXPECT_NE(world.Status().find(GetParam().said), std::string::npos) << world.Status();
}

INSTANTIATE_TEST_SUITE_P(
    Troubles, StartTroubleTest,
    testing::Values(Trouble{"ASecretIsMissing", simulation::StartTrouble::kConfig, "Misconfigured"},
                    Trouble{"NoNodeOrVolume", simulation::StartTrouble::kUnschedulable, "WaitingForCapacity"},
                    Trouble{"NoImage", simulation::StartTrouble::kImagePull, "ImagePullError"}),
    [](const auto& info) { return std::string(info.param.name); });

// Each pod ends while nobody looks, and what collects ended pods comes before the operator.
TEST(CollectedTest, APodThatIsCollectedBeforeItIsReadKeepsItsResult) {
  for (const Duration away : {Duration(minutes(1)), Duration(hours(2))}) {
    OneWorkflow world(kTwoSteps, {.least_pause = away, .most_pause = away, .script = OneWorkflow::Seconds});
    ASSERT_TRUE(world.UntilPodIs("Running"));
    world.simulation.Crash(*world.simulation.processes().front());
    world.simulation.Advance(away / 2);
    world.simulation.cluster().nodes.CollectTerminated(0);
    ASSERT_EQ(world.Pods().size(), 1U);
    EXPECT_TRUE(apiserver::HasFinalizers(world.Pods().front())) << "however old it is";
    world.simulation.Advance(away / 2);
    EXPECT_EQ(world.End(), "Succeeded");
    EXPECT_EQ(world.Created(), 2);
  }
}

TEST(SizeTest, NineteenHundredItemsLeaveEveryObjectSmall) {
  constexpr int kItems = 1900;  // what fits into one output
  std::string list = "list=[1";
  for (int i = 1; i < kItems; ++i) list += ",1";
  OneWorkflow world(R"json({"parallelism": 500, "steps": [
      {"name": "make", "image": "i:1", "command": ["x"], "outputs": [{"name": "list", "type": "Array"}]},
      {"name": "each", "image": "i:1", "command": ["x"], "forEach": {"items": "steps.make.outputs.list"}}]})json",
                    {.script = [list](const json::Value& pod) {
                      const bool make = engine::ParsePod(pod).step == "make";
                      return simulation::Behaviour{.end = {.output = make ? list + "]\n" : ""}};
                    }});
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), kItems + 1);
  for (const apiserver::AuditEntry& entry : world.simulation.audit().entries()) {
    if (!entry.after || !entry.agent.starts_with(kOperatorAgent)) continue;
    ASSERT_LT(entry.after->Text().size(), 1024U * 1024U) << testing::PrintToString(entry);
  }
}

TEST(WritesTest, AStepOfAChainCostsFewRequests) {
  std::string steps;
  constexpr int kSteps = 30;
  for (int i = 0; i < kSteps; ++i) {
    const std::string after = i == 0 ? "" : R"(, "dependsOn": ["s)" + std::to_string(i - 1) + "\"]";
    steps += (i == 0 ? "" : ", ") + (R"({"name": "s)" + std::to_string(i) + R"(", "image": "i:1", "command": ["x"])") +
             after + "}";
  }
  OneWorkflow world("{\"steps\": [" + steps + "]}");
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_LE(world.simulation.processes().front()->writes(), 5 * kSteps + 10);
}

TEST(ReplicasTest, FiveThatStartAtOnceAgreeOnOneLeader) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    OneWorkflow world(kTwoSteps,
                      {.seed = seed, .processes = 5, .fence_lag = seconds(0), .script = OneWorkflow::Seconds});
    EXPECT_EQ(world.End(), "Succeeded");
    EXPECT_EQ(world.Created(), 2);
    int leaders = 0;
    for (const auto& process : world.simulation.processes()) leaders += process->leading();
    EXPECT_EQ(leaders, 1) << seed;
  }
}

}  // namespace
}  // namespace coreflow::sim
