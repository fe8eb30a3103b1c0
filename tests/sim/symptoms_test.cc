// What went wrong between the operator's parts, each as small as it can be told.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "pkg/apiserver/object.h"
#include "pkg/json/parse.h"
#include "tests/sim/simulation.h"

namespace coreflow::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void Create(Simulation& simulation, const std::string& spec) {
  const json::Value metadata = json::Object{{"name", "w"}};
  ASSERT_TRUE(simulation.cluster().Create(apiserver::Workflows(), "default",
                                          json::Object{{"metadata", metadata}, {"spec", *json::Parse(spec)}}));
}

constexpr char kTwoSteps[] = R"json({"defaults": {"image": "busybox:1.36"}, "steps": [
  {"name": "short", "command": ["x"]}, {"name": "long", "command": ["x"], "dependsOn": ["short"]}]})json";

simulation::Behaviour ShortAndLong(const json::Value& pod) {
  const bool is_long = engine::ParsePod(pod).step == "long";
  return {.runs_for = is_long ? seconds(90) : seconds(1)};
}

int PodsOf(const Simulation& simulation) {
  return static_cast<int>(simulation.audit()
                              .Where([](const apiserver::AuditEntry& entry) {
                                return entry.resource == &apiserver::Pods() && !entry.before;
                              })
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
  // Whether the client hears of the loss or waits is the transport's chance.
  for (uint64_t seed = 1; seed <= 16; ++seed) {
    simulation::FaultAt lost(
        [](const http::Request& request) {
          return request.method == "POST" && request.target.find("/pods") != std::string::npos;
        },
        1, {.fate = simulation::Fate::kAnswerLost});
    Simulation simulation({.seed = seed, .faults = &lost, .script = ShortAndLong});
    simulation.StartProcess(*simulation.processes().front(), {});
    Create(simulation, kTwoSteps);
    simulation.ExpectRunsEnd(minutes(10));
    EXPECT_EQ(simulation.Report(), "");
    EXPECT_EQ(lost.seen(), 2) << "a create was sent again";
  }
}

bool IsSweep(const http::Request& request) {
  return request.method == "DELETE" && request.target.find("labelSelector") != std::string::npos;
}

// That it was let go is seen twice, as the answer and by the watch.
TEST(SymptomsTest, ARunOfOnePodIsSweptOnce) {
  simulation::FaultAt sweeps(IsSweep, 0, {});
  Simulation simulation({.faults = &sweeps, .script = ShortAndLong});
  simulation.StartProcess(*simulation.processes().front(), {});
  Create(simulation, R"json({"steps": [{"name": "short", "image": "i:1", "command": ["x"]}]})json");
  simulation.ExpectRunsEnd(minutes(10));
  simulation.Advance(minutes(5));
  EXPECT_EQ(simulation.Report(), "");
  EXPECT_EQ(sweeps.seen(), 1);
}

// Pods are let go every few seconds, and each time there is something to sweep.
TEST(SymptomsTest, WhileASweepIsUnderWayNoOtherIsSent) {
  simulation::FaultAt slow(IsSweep, 1, {.extra_latency = seconds(25)});
  // None ends before the tombstones are over.
  Simulation simulation({.faults = &slow, .fence_lag = seconds(0), .script = [](const json::Value& pod) {
                           return simulation::Behaviour{.runs_for =
                                                            seconds(60 + 4 * engine::ParsePod(pod).facts->item)};
                         }});
  simulation.StartProcess(*simulation.processes().front(), {});
  Create(simulation, R"json({"steps": [{"name": "each", "image": "i:1", "command": ["x"],
      "forEach": {"items": "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]"}}]})json");
  ASSERT_TRUE(simulation.AdvanceUntil([&] { return slow.seen() == 1; }, minutes(5)));
  simulation.Advance(seconds(24));
  EXPECT_EQ(slow.seen(), 1);
  EXPECT_TRUE(simulation.AdvanceUntil([&] { return slow.seen() == 2; }, seconds(2))) << "what came meanwhile is next";
  simulation.ExpectRunsEnd(minutes(10));
  EXPECT_EQ(simulation.Report(), "");
}

// A server that is away for whoever writes records.
class RecordsLost : public simulation::Faults {
 public:
  simulation::RequestFault OnRequest(const http::Request& request) override {
    const bool record = request.method == "POST" && request.target.find("/workflowrecords") != std::string::npos;
    tries_ += record;
    return {.fate = record ? simulation::Fate::kLost : simulation::Fate::kServed};
  }
  simulation::WatchFault OnWatch(const http::Request&) override { return {}; }
  simulation::FrameFault OnFrame(const http::Request&) override { return {}; }
  int tries() const { return tries_; }

 private:
  int tries_ = 0;
};

TEST(SymptomsTest, ARecordIsNotTriedAgainOnceItsOwnerIsGone) {
  RecordsLost lost;
  Simulation simulation({.faults = &lost, .script = ShortAndLong});
  simulation.StartProcess(*simulation.processes().front(), {});
  Create(simulation, kTwoSteps);
  simulation.Advance(minutes(2));
  const int before = lost.tries();
  ASSERT_GT(before, 5) << "it is tried again and again";
  ASSERT_FALSE(simulation.cluster().Delete(apiserver::Workflows(), "default", "w"));
  simulation.Advance(minutes(5));
  EXPECT_LE(lost.tries(), before + 1);
  EXPECT_EQ(simulation.Report(), "");
}

// The watch of pods breaks at its first frame and can't be resumed.
class PodWatchDropped : public simulation::Faults {
 public:
  simulation::RequestFault OnRequest(const http::Request&) override { return {}; }
  simulation::WatchFault OnWatch(const http::Request&) override { return {}; }
  simulation::FrameFault OnFrame(const http::Request& watch) override {
    if (watch.target.find("/pods") == std::string::npos || std::exchange(dropped_, true)) return {};
    return {.kind = simulation::FrameFault::Kind::kExpired, .extra_latency = seconds(5)};
  }

 private:
  bool dropped_ = false;
};

// Only the create's own answer ever showed it: no watch, and no list before or after.
TEST(SymptomsTest, APodThatCameAndWentBetweenTwoListsIsNotWaitedFor) {
  PodWatchDropped faults;
  Simulation simulation({.faults = &faults, .script = ShortAndLong});
  simulation.StartProcess(*simulation.processes().front(), {});
  Create(simulation, kTwoSteps);
  ASSERT_TRUE(simulation.AdvanceUntil([&] { return PodsOf(simulation) == 1; }, minutes(2)));
  simulation.Advance(milliseconds(200));
  const json::Value pod = simulation.cluster().List(apiserver::Pods(), "default").front();
  const json::Value none = json::Object{{"metadata", json::Object{{"finalizers", json::Value()}}}};
  ASSERT_TRUE(simulation.cluster().MergePatch(apiserver::Pods(), "default", apiserver::NameOf(pod), none));
  ASSERT_FALSE(
      simulation.cluster().Delete(apiserver::Pods(), "default", apiserver::NameOf(pod), {.grace_period_seconds = 0}));
  simulation.ExpectRunsEnd(minutes(10));
  EXPECT_EQ(simulation.Report(), "");
  EXPECT_EQ(PodsOf(simulation), 3) << "another attempt";
}

// A backup was restored over it: a copy with its labels, but of nobody.
TEST(SymptomsTest, APodWhoseNameSomebodyTookIsNotWaitedFor) {
  PodWatchDropped faults;
  Simulation simulation({.faults = &faults, .script = ShortAndLong});
  simulation.StartProcess(*simulation.processes().front(), {});
  Create(simulation, kTwoSteps);
  ASSERT_TRUE(simulation.AdvanceUntil([&] { return PodsOf(simulation) == 1; }, minutes(2)));
  simulation.Advance(milliseconds(200));
  simulation::Cluster& cluster = simulation.cluster();
  const json::Value pod = cluster.List(apiserver::Pods(), "default").front();
  const std::string name = apiserver::NameOf(pod);
  const json::Value none = json::Object{{"metadata", json::Object{{"finalizers", json::Value()}}}};
  ASSERT_TRUE(cluster.MergePatch(apiserver::Pods(), "default", name, none));
  ASSERT_FALSE(cluster.Delete(apiserver::Pods(), "default", name, {.grace_period_seconds = 0}));
  const json::Value& meta = pod["metadata"];
  ASSERT_TRUE(cluster.Create(
      apiserver::Pods(), "default",
      json::Object{
          {"metadata", json::Object{{"name", name}, {"labels", meta["labels"]}, {"annotations", meta["annotations"]}}},
          {"spec", json::Object{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "x"}}}}}}}));
  simulation.ExpectRunsEnd(minutes(10));
  EXPECT_EQ(simulation.Report(), "");
}

}  // namespace
}  // namespace coreflow::sim
