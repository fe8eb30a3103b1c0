#include "pkg/simulation/kubelet.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/object.h"
#include "pkg/json/write.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

json::Value PodNamed(const std::string& name, const json::Object& spec = {}) {
  json::Object full = spec;
  full["containers"] = json::Array{json::Object{{"name", "main"}, {"image", "busybox:1.36"}}};
  full["restartPolicy"] = "Never";
  return json::Object{{"metadata", json::Object{{"name", name}}}, {"spec", std::move(full)}};
}

// "Failed Evicted; terminated 137 Error": phase and reason, then the first container's state.
std::string Say(const json::Value& pod) {
  if (pod.IsNull()) return "gone";
  std::string said = pod["status"]["phase"].StringOr("?");
  if (pod["status"]["reason"].IsString()) said += " " + pod["status"]["reason"].AsString();
  if (apiserver::IsBeingDeleted(pod)) said += " deleting";
  const json::Array& statuses = pod["status"]["containerStatuses"].Elements();
  if (statuses.empty()) return said;
  const json::Value& state = statuses[0]["state"];
  if (state["running"].IsObject()) return said + "; running";
  if (state["waiting"].IsObject()) return said + "; waiting " + state["waiting"]["reason"].StringOr("");
  return said + "; terminated " + std::to_string(state["terminated"]["exitCode"].IntOr(-1)) + " " +
         state["terminated"]["reason"].StringOr("");
}

struct LifeCase {
  std::string name = {};
  Behaviour behaviour = {};
  json::Object spec = {};
  std::vector<std::pair<Duration, std::string>> seen = {};  // since creation
};
void PrintTo(const LifeCase& c, std::ostream* out) { *out << c.name; }

class Lives : public testing::TestWithParam<LifeCase> {};

TEST_P(Lives, GoAsTheKubeletWouldHaveIt) {
  reactor::VirtualLoop loop;
  Cluster cluster(loop, {.script = [](const json::Value&) { return GetParam().behaviour; }});
  ASSERT_TRUE(cluster.Create(apiserver::Pods(), "default", PodNamed("p", GetParam().spec)));
  Duration at{0};
  for (const auto& [when, wanted] : GetParam().seen) {
    loop.Advance(when - at);
    at = when;
    EXPECT_EQ(Say(cluster.Get(apiserver::Pods(), "default", "p")), wanted) << "at " << when.count() << " ms";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Pods, Lives,
    testing::Values(LifeCase{.name = "Succeeds",
                             .seen = {{milliseconds(0), "Pending"},
                                      {milliseconds(40), "Pending; waiting ContainerCreating"},
                                      {milliseconds(800), "Running; running"},
                                      {milliseconds(1800), "Running; running"},
                                      {milliseconds(2300), "Succeeded; terminated 0 Completed"}}},
                    LifeCase{.name = "Fails",
                             .behaviour = {.end = {.exit_code = 3}},
                             .seen = {{seconds(5), "Failed; terminated 3 Error"}}},
                    LifeCase{.name = "RunsOutOfMemory",
                             .behaviour = {.end = {.out_of_memory = true}},
                             .seen = {{seconds(5), "Failed; terminated 137 OOMKilled"}}},
                    LifeCase{.name = "CannotBeScheduled",
                             .behaviour = {.trouble = StartTrouble::kUnschedulable},
                             .seen = {{seconds(5), "Pending"}, {std::chrono::hours(1), "Pending"}}},
                    LifeCase{.name = "CannotPullItsImage",
                             .behaviour = {.trouble = StartTrouble::kImagePull},
                             .seen = {{seconds(2), "Pending; waiting ErrImagePull"},
                                      {seconds(15), "Pending; waiting ImagePullBackOff"}}},
                    LifeCase{.name = "LacksASecret",
                             .behaviour = {.trouble = StartTrouble::kConfig},
                             .seen = {{seconds(2), "Pending; waiting CreateContainerConfigError"}}},
                    LifeCase{.name = "HearsNothingFromItsNode",
                             .behaviour = {.trouble = StartTrouble::kSilent},
                             .seen = {{seconds(60), "Pending"}}},
                    LifeCase{.name = "RunsTooLong",
                             .behaviour = {.runs_for = seconds(60)},
                             .spec = {{"activeDeadlineSeconds", 10}},
                             .seen = {{seconds(9), "Running; running"},
                                      {seconds(12), "Failed DeadlineExceeded; terminated 143 Error"}}},
                    LifeCase{
                        .name = "WaitsTooLongForItsImage",
                        .behaviour = {.trouble = StartTrouble::kImagePull},
                        .spec = {{"activeDeadlineSeconds", 20}},
                        .seen = {{seconds(30), "Failed DeadlineExceeded; terminated 137 ContainerStatusUnknown"}}}),
    [](const auto& info) { return info.param.name; });

struct DeathCase {
  std::string name = {};
  Duration at = {};  // when the pod is deleted
  apiserver::DeleteOptions how = {};
  bool finalizer = false;
  Behaviour behaviour = {.runs_for = seconds(10)};
  std::vector<std::pair<Duration, std::string>> seen = {};  // since the delete
};
void PrintTo(const DeathCase& c, std::ostream* out) { *out << c.name; }

class Deaths : public testing::TestWithParam<DeathCase> {};

TEST_P(Deaths, GoAsTheKubeletWouldHaveIt) {
  reactor::VirtualLoop loop;
  Cluster cluster(loop, {.script = [](const json::Value&) { return GetParam().behaviour; }});
  json::Value pod = PodNamed("p");
  if (GetParam().finalizer) pod = apiserver::Set(pod, {"metadata", "finalizers"}, json::Array{"coreflow.dev/result"});
  ASSERT_TRUE(cluster.Create(apiserver::Pods(), "default", pod));
  loop.Advance(GetParam().at);
  ASSERT_FALSE(cluster.Delete(apiserver::Pods(), "default", "p", GetParam().how));
  Duration at{0};
  for (const auto& [when, wanted] : GetParam().seen) {
    loop.Advance(when - at);
    at = when;
    EXPECT_EQ(Say(cluster.Get(apiserver::Pods(), "default", "p")), wanted) << "at " << when.count() << " ms";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Pods, Deaths,
    testing::Values(DeathCase{.name = "UnscheduledAtOnce", .at = milliseconds(5), .seen = {{milliseconds(0), "gone"}}},
                    DeathCase{.name = "UnscheduledWithFinalizerStays",
                              .at = milliseconds(5),
                              .finalizer = true,
                              .seen = {{milliseconds(0), "Pending deleting"}, {seconds(60), "Pending deleting"}}},
                    DeathCase{.name = "CreatingFailsFirst",
                              .at = milliseconds(100),
                              .finalizer = true,
                              .seen = {{seconds(1), "Failed deleting; terminated 137 ContainerStatusUnknown"},
                                       {seconds(60), "Failed deleting; terminated 137 ContainerStatusUnknown"}}},
                    DeathCase{.name = "CreatingIsGoneSoon", .at = milliseconds(100), .seen = {{seconds(1), "gone"}}},
                    DeathCase{.name = "RunningIsAskedToStop",
                              .at = seconds(2),
                              .finalizer = true,
                              .seen = {{milliseconds(0), "Running deleting; running"},
                                       {seconds(2), "Failed deleting; terminated 143 Error"}}},
                    DeathCase{.name = "RunningIsGoneSoon", .at = seconds(2), .seen = {{seconds(2), "gone"}}},
                    DeathCase{.name = "StubbornIsKilledAfterItsGrace",
                              .at = seconds(2),
                              .how = {.grace_period_seconds = 5},
                              .finalizer = true,
                              .behaviour = {.runs_for = seconds(60), .to_stop = seconds(50)},
                              .seen = {{seconds(4), "Running deleting; running"},
                                       {seconds(6), "Failed deleting; terminated 137 Error"}}},
                    DeathCase{.name = "ForcedAtOnce",
                              .at = seconds(2),
                              .how = {.grace_period_seconds = 0},
                              .seen = {{milliseconds(0), "gone"}}},
                    DeathCase{.name = "EndedAtOnce", .at = seconds(20), .seen = {{milliseconds(0), "gone"}}},
                    DeathCase{.name = "EndedWithFinalizerKeepsItsResult",
                              .at = seconds(20),
                              .finalizer = true,
                              .seen = {{seconds(60), "Succeeded deleting; terminated 0 Completed"}}}),
    [](const auto& info) { return info.param.name; });

class KubeletTest : public testing::Test {
 protected:
  void MakeRunning(const std::string& name) {
    ASSERT_TRUE(cluster.Create(apiserver::Pods(), "default", PodNamed(name)));
    loop.Advance(seconds(2));
    ASSERT_EQ(Said(name), "Running; running");
  }
  std::string Said(const std::string& name) { return Say(cluster.Get(apiserver::Pods(), "default", name)); }

  reactor::VirtualLoop loop;
  Cluster cluster{loop, {.script = [](const json::Value&) { return Behaviour{.runs_for = seconds(100)}; }}};
};

TEST(Kubelet, APodWhoseInitContainerFailsNeverStarts) {
  reactor::VirtualLoop loop;
  int asked = 0;
  Cluster cluster(loop, {.script = [&](const json::Value&) {
                    return Behaviour{.before_start = [&]() -> std::optional<InitFailure> {
                      if (++asked > 1) return std::nullopt;
                      return InitFailure{.container = "first", .message = "there is no such thing"};
                    }};
                  }});
  const json::Value first = json::Object{{"name", "first"}, {"image", "busybox:1.36"}};
  for (const char* name : {"fails", "starts"}) {
    ASSERT_TRUE(cluster.Create(apiserver::Pods(), "default", PodNamed(name, {{"initContainers", json::Array{first}}})));
    loop.Advance(milliseconds(200));
  }
  loop.Advance(milliseconds(1300));
  const json::Value failed = cluster.Get(apiserver::Pods(), "default", "fails");
  EXPECT_EQ(Say(failed), "Failed; waiting PodInitializing");
  const json::Value& terminated = failed["status"]["initContainerStatuses"].Elements().at(0)["state"]["terminated"];
  EXPECT_EQ(terminated["exitCode"], json::Value(1));
  EXPECT_EQ(terminated["message"], json::Value("there is no such thing"));
  EXPECT_EQ(Say(cluster.Get(apiserver::Pods(), "default", "starts")), "Running; running");
  EXPECT_EQ(cluster.kubelet.runs().size(), 1U) << "no container of the other ever ran";
}

TEST(Kubelet, WhatHappensAsContainersEndMayChangeHow) {
  reactor::VirtualLoop loop;
  int told = 0;
  Cluster cluster(loop, {.script = [&](const json::Value&) {
                    return Behaviour{.runs_for = seconds(10), .before_end = [&](ContainerEnd& end) {
                                       ++told;
                                       end.exit_code = 3;
                                     }};
                  }});
  for (const char* name : {"ends", "stopped"})
    ASSERT_TRUE(cluster.Create(apiserver::Pods(), "default", PodNamed(name)));
  loop.Advance(seconds(5));
  EXPECT_EQ(told, 0);
  ASSERT_FALSE(cluster.Delete(apiserver::Pods(), "default", "stopped"));
  loop.Advance(seconds(15));
  EXPECT_EQ(Say(cluster.Get(apiserver::Pods(), "default", "ends")), "Failed; terminated 3 Error");
  EXPECT_EQ(told, 1) << "what is stopped does not end by itself";
}

TEST_F(KubeletTest, EvictionNamesItsReasonAndTarget) {
  MakeRunning("p");
  cluster.kubelet.Evict("default", "p");
  loop.Advance(seconds(1));
  EXPECT_EQ(Said("p"), "Failed Evicted; terminated 137 Error");
  const std::string text = json::Write(cluster.Get(apiserver::Pods(), "default", "p"));
  EXPECT_NE(text.find("TerminationByKubelet"), std::string::npos) << text;
}

TEST_F(KubeletTest, ForceDeletedPodRunsOnForAMoment) {
  MakeRunning("p");
  ASSERT_FALSE(cluster.Delete(apiserver::Pods(), "default", "p", {.grace_period_seconds = 0}));
  EXPECT_FALSE(cluster.kubelet.runs()[0].ended);
  loop.Advance(seconds(1));
  EXPECT_TRUE(cluster.kubelet.runs()[0].ended);
}

TEST_F(KubeletTest, LostNodeLeavesItsPodRunningThenTerminatingForEver) {
  MakeRunning("p");
  cluster.nodes.LoseNode(cluster.kubelet.NodeOf("default", "p"), false);
  loop.Advance(seconds(300));
  EXPECT_EQ(Said("p"), "Running; running");
  loop.Advance(seconds(3600));
  EXPECT_EQ(Said("p"), "Running deleting; running");
}

TEST_F(KubeletTest, RemovedNodeFailsItsPodsAndThenTheyAreGone) {
  MakeRunning("p");
  ASSERT_TRUE(cluster.MergePatch(apiserver::Pods(), "default", "p",
                                 json::Object{{"metadata", json::Object{{"finalizers", json::Array{"x.y/z"}}}}}));
  cluster.nodes.RemoveNode(cluster.kubelet.NodeOf("default", "p"));
  loop.Advance(seconds(61));
  EXPECT_EQ(Said("p"), "Failed deleting; running");
  ASSERT_TRUE(cluster.MergePatch(apiserver::Pods(), "default", "p",
                                 json::Object{{"metadata", json::Object{{"finalizers", nullptr}}}}));
  EXPECT_EQ(Said("p"), "gone");
}

TEST_F(KubeletTest, NodeThatWasCutOffReportsWhatHappenedMeanwhile) {
  MakeRunning("p");
  const std::string node = cluster.kubelet.NodeOf("default", "p");
  cluster.nodes.LoseNode(node, true);
  loop.Advance(seconds(110));
  EXPECT_EQ(Said("p"), "Running; running");
  cluster.nodes.RecoverNode(node);
  loop.Advance(seconds(1));
  EXPECT_EQ(Said("p"), "Succeeded; terminated 0 Completed");
}

TEST_F(KubeletTest, NodeThatWasDownReportsItsDeadContainers) {
  MakeRunning("p");
  const std::string node = cluster.kubelet.NodeOf("default", "p");
  cluster.nodes.LoseNode(node, false);
  loop.Advance(seconds(10));
  cluster.nodes.RecoverNode(node);
  loop.Advance(seconds(1));
  EXPECT_EQ(Said("p"), "Failed; terminated 137 ContainerStatusUnknown");
}

TEST_F(KubeletTest, TerminatedPodsAreCollectedOldestFirst) {
  for (const char* name : {"a", "b", "c"}) {
    MakeRunning(name);
    cluster.kubelet.End("default", name, {});
    loop.Advance(seconds(2));
  }
  cluster.nodes.CollectTerminated(1);
  EXPECT_EQ(Said("a"), "gone");
  EXPECT_EQ(Said("b"), "gone");
  EXPECT_EQ(Said("c"), "Succeeded; terminated 0 Completed");
}

struct MessageCase {
  size_t output;
  size_t containers;
  size_t kept;
};
void PrintTo(const MessageCase& c, std::ostream* out) {
  *out << c.output << " bytes, " << c.containers << " containers";
}

TEST(TerminationMessage, KeepsTheLast4096BytesAndOfThoseTheFirstShare) {
  const MessageCase cases[] = {{0, 1, 0},        {4095, 1, 4095}, {4096, 1, 4096}, {4097, 1, 4096},
                               {65536, 3, 4096}, {5000, 4, 3072}, {3000, 4, 3000}};
  for (const MessageCase& c : cases) {
    std::string output(c.output, 'x');
    if (!output.empty()) output.back() = 'e';
    const std::string kept = apiserver::TerminationMessage(output, c.containers);
    EXPECT_EQ(kept.size(), c.kept) << testing::PrintToString(c);
    const bool whole_tail = c.kept == std::min<size_t>(c.output, 4096);
    EXPECT_EQ(!kept.empty() && kept.back() == 'e', whole_tail && c.output > 0) << testing::PrintToString(c);
  }
}

}  // namespace
}  // namespace coreflow::simulation
