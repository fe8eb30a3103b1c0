// Two installs that serve the same namespaces: one acts, the other leaves all alone until it is given the namespace.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pkg/apiserver/object.h"
#include "pkg/engine/names.h"
#include "tests/sim/known_faults.h"

namespace coreflow::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kThreeSteps[] = R"json({"defaults": {"image": "busybox:1.36"}, "steps": [
  {"name": "a", "command": ["x"]}, {"name": "b", "command": ["x"], "dependsOn": ["a"]},
  {"name": "c", "command": ["x"], "dependsOn": ["b"]}]})json";

class TwoInstallsTest : public testing::Test {
 protected:
  static Simulation::Options Options(uint64_t seed) {
    return {.seed = seed, .processes = 2, .installs = true, .script = OneWorkflow::Seconds};
  }
  static std::string Claim(const Simulation& simulation) {
    const auto& cluster = const_cast<Simulation&>(simulation).cluster();
    return cluster.Get(apiserver::Leases(), "default", engine::kClaimName)["spec"]["holderIdentity"].StringOr("");
  }
  // Which operators have written about the workflow, its pods and its records; events don't count.
  static std::set<std::string> Writers(const Simulation& simulation) {
    std::set<std::string> writers;
    for (const apiserver::AuditEntry& entry : simulation.audit().entries()) {
      const bool ours = entry.agent.starts_with(kOperatorAgent);
      if (ours && entry.resource != &apiserver::Leases() && entry.resource != &apiserver::Events())
        writers.insert(entry.agent);
    }
    return writers;
  }
  static int Events(const Simulation& simulation, const std::string& reason) {
    return static_cast<int>(simulation.audit()
                                .Where([&](const apiserver::AuditEntry& entry) {
                                  return entry.resource == &apiserver::Events() && !entry.before && entry.after &&
                                         entry.after->object()["reason"] == json::Value(reason);
                                })
                                .size());
  }
};

TEST_F(TwoInstallsTest, OneActsAndTheOtherLeavesAllAlone) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    OneWorkflow world(kThreeSteps, Options(seed));
    EXPECT_EQ(world.End(), "Succeeded") << "seed " << seed;
    EXPECT_EQ(world.Created(), 3);
    EXPECT_EQ(Writers(world.simulation).size(), 1u) << "seed " << seed;
    world.simulation.Advance(minutes(2));
    EXPECT_EQ(Events(world.simulation, "NamespaceClaimed"), 0) << "its owner has looked at it";
  }
}

TEST_F(TwoInstallsTest, TheOwnerMayDieAtAnyWriteAndStaysTheOwner) {
  for (int write = 1; write <= 12; ++write) {
    Simulation simulation(Options(7));
    simulation.StartProcess(*simulation.processes()[0], CrashPlan{.write = write});
    simulation.Advance(seconds(1));
    simulation.StartProcess(*simulation.processes()[1], {});
    ASSERT_TRUE(simulation.cluster().Create(
        apiserver::Workflows(), "default",
        json::Object{{"metadata", json::Object{{"name", "w"}}}, {"spec", *json::Parse(kThreeSteps)}}));
    simulation.ExpectRunsEnd(minutes(30));
    EXPECT_EQ(simulation.Report(), "") << "death at write " << write;
    EXPECT_EQ(CreatedPods(simulation.audit()), 3);
  }
}

TEST_F(TwoInstallsTest, AClaimThatIsGivenUpIsTakenOverInMidRun) {
  OneWorkflow world(kThreeSteps, Options(3));
  ASSERT_TRUE(world.UntilPodIs("Running"));
  const std::string owner = Claim(world.simulation);
  const size_t index = owner == "install-0" ? 0 : 1;
  world.simulation.processes()[index]->Pause(true);  // for ever
  ASSERT_FALSE(world.simulation.cluster().Delete(apiserver::Leases(), "default", engine::kClaimName));
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 3);
  EXPECT_EQ(Claim(world.simulation), "install-" + std::to_string(1 - index));
}

// As after a claim that was given up before the next install looked, whose term is an earlier one.
TEST_F(TwoInstallsTest, AStatusOfALaterTermIsFollowedByAStillLaterOne) {
  OneWorkflow world(kThreeSteps);
  ASSERT_TRUE(world.UntilPodIs("Running"));
  ASSERT_TRUE(
      world.simulation.cluster().registry.Update(apiserver::Workflows(), "default", "w", apiserver::Part::kStatus,
                                                 [](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                                   return apiserver::Set(object, {"status", "epoch"}, 50);
                                                 },
                                                 {.agent = "user"}));
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 3);
  EXPECT_GT(world.Object()["status"]["epoch"].IntOr(0), 50);
}

TEST_F(TwoInstallsTest, WhatItsOwnerNeverLooksAtIsSaidToWait) {
  OneWorkflow world(kThreeSteps, Options(3));
  EXPECT_EQ(world.End(), "Succeeded");
  const size_t index = Claim(world.simulation) == "install-0" ? 0 : 1;
  world.simulation.processes()[index]->Pause(true);
  ASSERT_TRUE(world.simulation.cluster().Create(
      apiserver::Workflows(), "default",
      json::Object{{"metadata", json::Object{{"name", "left"}}}, {"spec", *json::Parse(kThreeSteps)}}));
  world.simulation.Advance(minutes(2));
  EXPECT_EQ(Events(world.simulation, "NamespaceClaimed"), 1);
  EXPECT_EQ(world.Created(), 3) << "nothing is started";
}

}  // namespace
}  // namespace coreflow::sim
