// What other workflow engines did wrong with what they had observed (docs/faults-tested.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/engine/outcome.h"
#include "pkg/engine/owner.h"
#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

ContainerEnd Succeed(const PodView&) { return {}; }
ContainerEnd Never(const PodView&) { return {.never = true}; }

constexpr char kTwoSteps[] = R"json({"steps": [
  {"name": "a", "image": "i:1", "command": ["x"]},
  {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}]})json";

// All that is decided in a while, by an owner to whom nothing more happens.
Actions AllOf(Owner& owner, Time from) {
  Actions all;
  for (int second = 0; second < 900; ++second) {
    for (Action& action : owner.Decide(from + seconds(second))) all.push_back(std::move(action));
  }
  return all;
}

TEST(OldCopyTest, AFinishedRunStaysFinishedWhenAnOldCopyComesADayLater) {
  World world(Kind::kWorkflow, Spec(kTwoSteps), Succeed);
  auto owner = world.NewOwner();
  std::vector<ObjectView> copies;
  for (int i = 0; i < 200 && world.State() != "Succeeded"; ++i) {
    copies.push_back(world.object());
    world.Round(*owner);
    world.now += seconds(1);
  }
  ASSERT_TRUE(world.Settle(*owner));
  world.now += hours(24);
  for (const ObjectView& copy : copies) owner->Observe(ObjectSeen{copy});
  EXPECT_THAT(AllOf(*owner, world.now), SizeIs(0));
  // The same for an operator that is started anew and sees nothing newer.
  for (const ObjectView& copy : copies) {
    auto anew = std::make_unique<Owner>(Kind::kWorkflow, "ns", "w", copy.uid, Term{});
    for (const Observation& observation : world.Stored()) {
      const bool object = std::holds_alternative<ObjectSeen>(observation);
      anew->Observe(object ? Observation(ObjectSeen{copy}) : observation);
    }
    EXPECT_THAT(Only<CreatePod>(AllOf(*anew, world.now)), SizeIs(0)) << json::Write(copy.status);
  }
}

TEST(OldCopyTest, AFailureThatIsSeenAgainAndLateStartsNoOtherPod) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"], "retryPolicy": {"limit": 3}}]})json"),
              [](const PodView& pod) -> ContainerEnd {
                return {.exit_code = pod.facts->attempt == 1 ? 1 : 0, .after = seconds(20)};
              });
  std::vector<Observation> told;
  world.told = &told;
  auto owner = world.NewOwner();
  for (int i = 0; i < 2000 && world.created().size() < 2; ++i) {
    world.Round(*owner);
    world.now += seconds(1);
  }
  ASSERT_THAT(world.created(), SizeIs(2));
  const std::vector<Observation> before = told;
  for (int again = 0; again < 3; ++again) {
    for (const Observation& observation : before) {
      if (std::holds_alternative<PodSeen>(observation)) owner->Observe(observation);
    }
    world.Round(*owner);
    world.now += seconds(5);
  }
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_THAT(world.created(), SizeIs(2));
}

TEST(OldCopyTest, APodThatComesBackAfterItsFailureChangesNothing) {
  World world(Kind::kWorkflow, Spec(kTwoSteps), [](const PodView&) -> ContainerEnd { return {.exit_code = 1}; });
  std::vector<Observation> told;
  world.told = &told;
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  ASSERT_EQ(world.State(), "Failed");
  PodView pod;
  for (const Observation& observation : told) {
    if (const auto* seen = std::get_if<PodSeen>(&observation)) pod = seen->pod;
  }
  for (const char* phase : {"Running", "Succeeded"}) {
    pod.phase = phase;
    pod.ended = pod.phase == "Succeeded";
    pod.exit_code = 0;
    pod.resource_version = std::to_string(std::stoll(pod.resource_version) + 1000);
    owner->Observe(PodSeen{pod});
    const Actions actions = AllOf(*owner, world.now);
    EXPECT_THAT(Only<CreatePod>(actions), SizeIs(0));
    EXPECT_THAT(Only<WriteRecord>(actions), SizeIs(0));
    for (const WriteStatus& write : Only<WriteStatus>(actions)) {
      EXPECT_EQ(write.status["run"]["result"], json::Value("Failed"));
    }
  }
}

json::Value Terminated(const char* name, int code, const char* reason) {
  const json::Value end = json::Object{{"exitCode", code}, {"reason", reason}, {"finishedAt", "2026-01-01T00:00:10Z"}};
  return json::Object{{"name", name}, {"state", json::Object{{"terminated", end}}}};
}

// A step's container, an init container and a sidecar, each ended in each way.
TEST(ContainersTest, EveryWayInWhichTheContainersOfAPodEndIsAnEnd) {
  const std::pair<int, const char*> ends[] = {{0, "Completed"}, {1, "Error"}, {137, "OOMKilled"}, {137, "Error"}};
  for (const auto& [main, main_reason] : ends) {
    for (const auto& [init, init_reason] : ends) {
      for (const auto& [sidecar, sidecar_reason] : ends) {
        json::Array mains;
        if (init == 0) mains.push_back(Terminated("main", main, main_reason));
        const json::Value status = json::Object{
            {"phase", init == 0 && main == 0 ? "Succeeded" : "Failed"},
            {"containerStatuses", std::move(mains)},
            {"initContainerStatuses",
             json::Array{Terminated("init", init, init_reason), Terminated("sidecar", sidecar, sidecar_reason)}}};
        const PodView pod = ParsePod(json::Object{{"metadata", json::Object{{"name", "p"}}}, {"status", status}});
        const auto outcome = Judge(pod, {});
        ASSERT_TRUE(outcome) << json::Write(status);
        const bool memory = init == 0 && std::string(main_reason) == "OOMKilled";
        EXPECT_EQ(outcome->kind == Outcome::Kind::kSucceeded, init == 0 && main == 0) << json::Write(status);
        EXPECT_EQ(outcome->kind == Outcome::Kind::kOutOfMemory, memory) << json::Write(status);
      }
    }
  }
}

TEST(ContainersTest, AnEvictedPodIsNoSuccessThoughItsContainerEndedWell) {
  const PodView pod{.phase = "Failed", .reason = "Evicted", .ended = true, .exit_code = 0};
  const auto outcome = Judge(pod, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->reason, api::Reason::kEvicted);
  EXPECT_EQ(outcome->kind, Outcome::Kind::kInfrastructure);
}

TEST(ExpressionTest, AnExpressionThatFailsInFinallyEndsTheRun) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"], "outputs": [{"name": "n", "type": "Integer"}]}],
      "finally": [{"name": "last", "image": "i:1", "command": ["x"], "when": "1 / steps.a.outputs.n > 0"}]})json"),
              [](const PodView&) -> ContainerEnd { return {.output = "n=0"}; });
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  EXPECT_EQ(world.State(), "Failed") << json::Write(world.status());
  EXPECT_THAT(world.Ends(), testing::Contains(HasSubstr("last Failed/ExpressionFailed")));
}

struct TimeoutCase {
  const char* name;
  Kind kind;
  const char* spec;
};
void PrintTo(const TimeoutCase& c, std::ostream* out) { *out << c.name; }

class TimeoutTest : public testing::TestWithParam<TimeoutCase> {};

TEST_P(TimeoutTest, EndsWhatRunsForEver) {
  World world(GetParam().kind, Spec(GetParam().spec), Never);
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  EXPECT_EQ(world.State(), "Failed") << json::Write(world.status());
  EXPECT_THAT(world.Ends(),
              Each(testing::AnyOf(HasSubstr("/Timeout"), HasSubstr("/Stopped"), HasSubstr("/RetriesExhausted"))));
}

INSTANTIATE_TEST_SUITE_P(
    Known, TimeoutTest,
    testing::Values(
        TimeoutCase{"OfAStep", Kind::kWorkflow,
                    R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 5}]})json"},
        TimeoutCase{"OfEachItem", Kind::kWorkflow,
                    R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 5,
                                       "forEach": {"items": "[1, 2, 3]"}}]})json"},
        TimeoutCase{"OfEachAttempt", Kind::kWorkflow,
                    R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 5,
                                       "retryPolicy": {"limit": 2, "retryOn": ["Timeout"]}}]})json"},
        TimeoutCase{"OfWhatRunsInTheEnd", Kind::kWorkflow,
                    R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 5}],
                            "finally": [{"name": "last", "image": "i:1", "command": ["x"], "timeoutSeconds": 5}]})json"},
        TimeoutCase{"OfTheRunForItsSteps", Kind::kWorkflow,
                    R"json({"timeoutSeconds": 5, "steps": [
                      {"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 500},
                      {"name": "b", "image": "i:1", "command": ["x"]}]})json"},
        TimeoutCase{
            "OfAJobsTemplate", Kind::kJob,
            R"json({"completions": 2, "template": {"image": "i:1", "command": ["x"], "timeoutSeconds": 5}})json"},
        TimeoutCase{
            "OfAJob", Kind::kJob,
            R"json({"completions": 2, "timeoutSeconds": 5, "template": {"image": "i:1", "command": ["x"]}})json"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(FanOutTest, TheOutputsOfNinetyItemsAreKeptInOrderThoughTenFailed) {
  std::string items = "[0";
  for (int i = 1; i < 100; ++i) items += ", " + std::to_string(i);
  const std::string spec = R"json({"failFast": false, "steps": [
      {"name": "each", "image": "i:1", "command": ["x"], "continueOnFailure": true,
       "outputs": [{"name": "n", "type": "Integer"}], "forEach": {"items": ")json" +
                           items + R"json(]"}}]})json";
  World world(Kind::kWorkflow, Spec(spec), [](const PodView& pod) -> ContainerEnd {
    const bool fails = pod.step == "each" && pod.facts->item % 10 == 3;
    return {.exit_code = fails ? 1 : 0, .output = "n=" + std::to_string(pod.facts->item)};
  });
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  ASSERT_EQ(world.created().size(), 100U) << json::Write(world.status());
  int kept = 0;
  for (int i = 0; i < 100; ++i) {
    const json::Value* item = world.RecordItem("each", i);
    ASSERT_NE(item, nullptr) << i;
    const json::Value& n = (*item)["outputs"]["n"];
    EXPECT_EQ(n.IntOr(-1), i % 10 == 3 ? -1 : i) << json::Write(*item);
    kept += n.IsInt();
  }
  EXPECT_EQ(kept, 90);
}

TEST(TimeToLiveTest, AnObjectIsKeptThatIsContinuedASecondBeforeItWouldGo) {
  bool mended = false;
  World world(Kind::kWorkflow, Spec(R"json({"ttlSecondsAfterFinished": 60, "steps": [
      {"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              [&](const PodView&) -> ContainerEnd { return {.exit_code = mended ? 0 : 1, .after = seconds(90)}; });
  auto owner = world.NewOwner();
  for (int i = 0; i < 1000 && world.State() != "Failed"; ++i) {
    world.Round(*owner);
    world.now += seconds(1);
  }
  ASSERT_EQ(world.State(), "Failed");
  mended = true;
  world.now = *ParseTime(world.status()["completionTime"].StringOr("")) + seconds(59);
  world.RequestRun("again", {{"run", world.object().name}, {"requestedAt", "again"}});
  for (int i = 0; i < 1000 && world.State() != "Succeeded"; ++i) {
    world.Round(*owner);
    world.now += seconds(1);
    ASSERT_FALSE(world.object_gone());
  }
  EXPECT_EQ(world.State(), "Succeeded");
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_TRUE(world.object_gone()) << "once the second run is old enough";
}

}  // namespace
}  // namespace coreflow::engine
