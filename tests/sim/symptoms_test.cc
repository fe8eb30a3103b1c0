// What went wrong between the operator's parts, each as small as it can be told.
#include <gtest/gtest.h>

#include <string>

#include "pkg/json/parse.h"
#include "tests/sim/simulation.h"

namespace coreflow::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void Create(Simulation& simulation, const std::string& spec) {
  const json::Value metadata = json::Object{{"name", "w"}};
  ASSERT_TRUE(simulation.cluster().Create(fakes::Workflows(), "default",
                                          json::Object{{"metadata", metadata}, {"spec", *json::Parse(spec)}}));
}

constexpr char kTwoSteps[] = R"json({"defaults": {"image": "busybox:1.36"}, "steps": [
  {"name": "short", "command": ["x"]}, {"name": "long", "command": ["x"], "dependsOn": ["short"]}]})json";

fakes::Behaviour ShortAndLong(const json::Value& pod) {
  const bool is_long = engine::ParsePod(pod).step == "long";
  return {.runs_for = is_long ? seconds(90) : seconds(1)};
}

int PodsOf(const Simulation& simulation) {
  return static_cast<int>(
      simulation.audit()
          .Where([](const fakes::AuditEntry& entry) { return entry.resource == &fakes::Pods() && !entry.before; })
          .size());
}

// A standby whose watches have gone silent takes over: its picture is minutes old.
TEST(SymptomsTest, ANewLeaderWithAnOldPictureStartsNothingAgain) {
  Simulation simulation({.processes = 2, .script = ShortAndLong});
  Process& leader = *simulation.processes()[0];
  Process& standby = *simulation.processes()[1];
  simulation.StartProcess(leader, {});
  simulation.Advance(seconds(1));
  simulation.StartProcess(standby, {});
  simulation.Advance(seconds(1));
  ASSERT_TRUE(leader.leading());
  Create(simulation, kTwoSteps);
  simulation.Advance(milliseconds(500));  // its first pod is being started
  standby.CutOff(true);
  simulation.Advance(seconds(30));
  standby.CutOff(false);
  leader.Crash();
  ASSERT_TRUE(simulation.AdvanceUntil([&] { return standby.leading(); }, minutes(1)));
  simulation.ExpectRunsEnd(minutes(10));
  EXPECT_EQ(simulation.Report(), "");
  EXPECT_EQ(PodsOf(simulation), 2);
}

// The pod is made, has ended, is recorded and swept before the create's own answer is given up.
TEST(SymptomsTest, ACreateWhoseAnswerIsGivenUpLateStartsNothingAgain) {
  for (uint64_t seed = 1; seed <= 16;
       ++seed) {  // whether the client hears of the loss or waits is the transport's chance
    fakes::FaultAt lost(
        [](const http::Request& request) {
          return request.method == "POST" && request.target.find("/pods") != std::string::npos;
        },
        1, {.fate = fakes::Fate::kAnswerLost});
    Simulation simulation({.seed = seed, .faults = &lost, .script = ShortAndLong});
    simulation.StartProcess(*simulation.processes().front(), {});
    Create(simulation, kTwoSteps);
    simulation.ExpectRunsEnd(minutes(10));
    EXPECT_EQ(simulation.Report(), "");
    EXPECT_EQ(lost.seen(), 2) << "a create was sent again";
  }
}

}  // namespace
}  // namespace coreflow::sim
