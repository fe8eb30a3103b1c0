#include "pkg/engine/owner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"
#include "pkg/json/write.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;

ContainerEnd Succeed(const PodView&) { return {}; }

// Ends the attempts of one step with this code, `times` times; everything else succeeds.
World::Behaviour Failing(const std::string& step, int code, int times = 1000) {
  return [=](const PodView& pod) -> ContainerEnd {
    return {.exit_code = pod.step == step && pod.facts->attempt <= times ? code : 0};
  };
}

const char kDiamond[] = R"json({"steps": [
  {"name": "a", "image": "busybox:1.36", "command": ["true"]},
  {"name": "b", "image": "busybox:1.36", "command": ["true"], "dependsOn": ["a"]},
  {"name": "c", "image": "busybox:1.36", "command": ["true"], "dependsOn": ["a"]},
  {"name": "d", "image": "busybox:1.36", "command": ["true"], "dependsOn": ["b", "c"]}]})json";

TEST(Owner, RunsADiamond) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  EXPECT_EQ(world.State(), "Succeeded") << json::Write(world.status());
  EXPECT_THAT(world.Ends(), ElementsAre("a Succeeded/Succeeded", "b Succeeded/Succeeded", "c Succeeded/Succeeded",
                                        "d Succeeded/Succeeded"));
  EXPECT_EQ(world.created().size(), 4u);
  EXPECT_EQ(world.most_running(), 2);
  EXPECT_TRUE(world.pods().empty()) << "pods of succeeded attempts are swept";
  EXPECT_EQ(world.status()["progress"].StringOr(""), "4/4");
}

TEST(Owner, AFailedStepOmitsWhatDependsOnIt) {
  World world(Kind::kWorkflow, Spec(kDiamond), Failing("b", 7));
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Failed");
  EXPECT_EQ(world.Reason(), "StepFailed");
  EXPECT_THAT(world.Ends(), ElementsAre("a Succeeded/Succeeded", "b Failed/CommandFailed", "c Succeeded/Succeeded",
                                        "d Omitted/FailFast"));
}

TEST(Owner, RetriesUntilTheLimit) {
  const char spec[] =
      R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "retryPolicy": {"limit": 2}}]})json";
  World world(Kind::kWorkflow, Spec(spec), Failing("a", 1, 2));
  auto owner = world.NewOwner();
  const Time start = world.now;
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_EQ((*world.RecordItem("a"))["attempts"].IntOr(0), 3);
  EXPECT_GE(world.now - start, std::chrono::seconds(5 + 10));

  World hopeless(Kind::kWorkflow, Spec(spec), Failing("a", 1));
  owner = hopeless.NewOwner();
  ASSERT_TRUE(hopeless.Settle(*owner));
  EXPECT_EQ(hopeless.State(), "Failed");
  EXPECT_EQ(hopeless.created().size(), 3u);
}

TEST(Owner, FansOutOverAListOfAnEarlierStep) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "split", "image": "i:1", "command": ["x"], "outputs": [{"name": "parts", "type": "Array"}]},
      {"name": "count", "image": "i:1", "command": ["x"], "forEach": {"items": "steps.split.outputs.parts"},
       "outputs": [{"name": "words", "type": "Integer"}]},
      {"name": "report", "image": "i:1", "command": ["echo", "$[[ steps.count.outputs.words.sum() ]]"],
       "when": "steps.count.succeeded == steps.count.total"}],
      "outputs": [{"name": "total", "value": "steps.count.outputs.words.sum()"}]})json"),
              [](const PodView& pod) -> ContainerEnd {
                if (pod.step == "split") return {.output = "{\"parts\":[1,2,3]}"};
                if (pod.step == "count") return {.output = "words=" + std::to_string(10 * (pod.facts->item + 1))};
                return {};
              });
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  EXPECT_EQ(world.State(), "Succeeded") << json::Write(world.status());
  EXPECT_EQ(json::Write(world.status()["outputs"]), R"([{"name":"total","value":60}])");
  EXPECT_EQ(world.created().size(), 5u);
}

TEST(Owner, StartsNothingTwiceHoweverOftenItIsCut) {
  for (size_t cut = 0; cut < 6; ++cut) {
    World world(Kind::kWorkflow, Spec(kDiamond), Failing("c", 1, 0));
    for (int i = 0; i < 400 && world.State() != "Succeeded"; ++i) {
      auto owner = world.NewOwner();  // forgets everything
      world.Round(*owner, cut + 1);
      world.now += std::chrono::seconds(6);
    }
    auto owner = world.NewOwner();
    ASSERT_TRUE(world.Settle(*owner));
    EXPECT_EQ(world.State(), "Succeeded") << "cut after " << cut + 1 << " actions";
    EXPECT_EQ(world.created().size(), 4u) << "cut after " << cut + 1 << " actions";
  }
}

TEST(Owner, AReapplyStartsNoNewRunAndAnEditDoes) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  world.Edit([](json::Object& spec) { spec["failFast"] = true; });  // the default
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.created().size(), 4u);
  EXPECT_EQ(world.status()["observedGeneration"].IntOr(0), 2);
  world.Edit([](json::Object& spec) { spec["failFast"] = false; });
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.created().size(), 8u);
  EXPECT_EQ(world.status()["run"]["number"].IntOr(0), 2);
  EXPECT_EQ(world.status()["previousRuns"].Elements().size(), 1u);
}

TEST(Owner, ABadSpecIsSaidAndStartsNothing) {
  World world(Kind::kWorkflow,
              Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "dependsOn": ["b"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.Reason(), "InvalidSpec");
  EXPECT_TRUE(world.created().empty());
}

TEST(Owner, StopEndsWhatRunsAndRunsFinally) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}],
      "finally": [{"name": "tell", "image": "i:1", "command": ["echo", "$[[ workflow.status ]]"]}]})json"),
              [](const PodView& pod) -> ContainerEnd { return {.never = pod.step == "a"}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 30);
  world.Edit([](json::Object& spec) { spec["stop"] = "Immediate"; });
  world.Settle(*owner, 3);
  world.Edit([](json::Object& spec) { spec.erase("stop"); });  // a self-heal must not resume it
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Stopped");
  EXPECT_THAT(world.Ends(), ElementsAre("a Stopped/Stopped", "b Omitted/Stopped", "tell Succeeded/Succeeded"));
}

TEST(Owner, ADeletedPodIsReplacedWithoutUsingUpTheLimit) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              [](const PodView& pod) -> ContainerEnd { return {.never = pod.facts->attempt == 1}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 20);
  ASSERT_EQ(world.created().size(), 1u);
  world.DeletePod(world.created()[0], true);
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_EQ(world.created().size(), 2u);
}

TEST(Owner, AJobFailsWhenTooManyIndexesDo) {
  World world(Kind::kJob, Spec(R"json({"completions": 5, "parallelism": 2, "maxFailedIndexes": 1,
      "template": {"image": "i:1", "command": ["x"]}})json"),
              [](const PodView& pod) -> ContainerEnd { return {.exit_code = pod.facts->item < 2 ? 1 : 0}; });
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner)) << json::Write(world.status());
  EXPECT_EQ(world.State(), "Failed");
  EXPECT_EQ(world.status()["counts"]["omitted"].IntOr(0), 3) << json::Write(world.status());
}

TEST(Owner, ASucceededRunKeepsNoPodsOfFailedAttempts) {
  const char spec[] =
      R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "retryPolicy": {"limit": 1}}]})json";
  World world(Kind::kWorkflow, Spec(spec), Failing("a", 1, 1));
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.created().size(), 2u);
  EXPECT_TRUE(world.pods().empty());

  World failed(Kind::kWorkflow, Spec(spec), Failing("a", 1));
  owner = failed.NewOwner();
  ASSERT_TRUE(failed.Settle(*owner));
  EXPECT_EQ(failed.pods().size(), 2u) << "they show why";
}

TEST(Owner, ADeletedObjectLetsGoOfItsPods) {
  World world(Kind::kWorkflow, Spec(kDiamond), [](const PodView&) -> ContainerEnd { return {.never = true}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 20);
  ASSERT_EQ(world.pods().size(), 1u);
  world.DeleteObject();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_TRUE(world.pods().empty());
  EXPECT_TRUE(owner->Gone());
}

TEST(Owner, ADeletedObjectLetsGoOfPodsWhoseRecordWasNotWritten) {
  World world(Kind::kWorkflow, Spec(kDiamond),
              [](const PodView& pod) -> ContainerEnd { return {.never = pod.step != "a"}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 8);
  ASSERT_EQ(world.pods().size(), 3u);
  ASSERT_EQ(world.RecordItem("a"), nullptr) << "the record waits for more results";
  world.DeleteObject();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_TRUE(world.pods().empty());
  EXPECT_TRUE(owner->Gone());
}

// "Type=Status" of each condition.
std::vector<std::string> ConditionsOf(const World& world) {
  std::vector<std::string> conditions;
  for (const json::Value& condition : world.status()["conditions"].Elements()) {
    conditions.push_back(condition["type"].StringOr("") + "=" + condition["status"].StringOr(""));
  }
  return conditions;
}

TEST(Owner, WithoutAFenceEachRunSaysSo) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  auto owner = world.NewOwner();
  owner->SetTerm({.epoch = 1, .fenced = false});
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_THAT(ConditionsOf(world), ElementsAre("Succeeded=True", "Ready=True", "Fenced=False"));
}

TEST(Owner, BehindAFenceNoRunSpeaksOfIt) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  auto owner = world.NewOwner();
  owner->SetTerm({.epoch = 1, .fenced = false});
  world.Settle(*owner, 8);
  auto next = world.NewOwner();
  next->SetTerm({.epoch = 2});
  ASSERT_TRUE(world.Settle(*next));
  EXPECT_THAT(ConditionsOf(world), ElementsAre("Succeeded=True", "Ready=True"));
}

// Pods of a step, as they are stored.
std::vector<PodView> PodsOf(const World& world, const std::string& step) {
  std::vector<PodView> pods;
  for (const auto& [name, pod] : world.pods()) {
    if (pod.view.step == step) pods.push_back(pod.view);
  }
  return pods;
}

TEST(Owner, WhatQuotaDeniedIsNotAskedForWhileSuspended) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  bool denies = true;
  world.quota_denies = [&](const PodView&) { return denies; };
  auto owner = world.NewOwner();
  world.Settle(*owner, 8);
  world.Edit([](json::Object& spec) { spec["suspend"] = true; });
  denies = false;
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_TRUE(world.created().empty());
  EXPECT_EQ(world.State(), "Suspended");
  world.Edit([](json::Object& spec) { spec["suspend"] = false; });
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
}

TEST(Owner, ALowerParallelismHoldsForWhatQuotaDenied) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"]}]})json"),
              Succeed);
  bool denies = true;
  world.quota_denies = [&](const PodView&) { return denies; };
  auto owner = world.NewOwner();
  world.Settle(*owner, 8);
  world.Edit([](json::Object& spec) { spec["parallelism"] = 1; });
  denies = false;
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_EQ(world.most_running(), 1);
}

TEST(Owner, WhatWasLetGoBeforeARestartIsSweptAfterIt) {
  World world(Kind::kWorkflow, Spec(kDiamond), Succeed);
  auto owner = world.NewOwner();
  for (int i = 0; i < 500 && world.State() != "Succeeded"; ++i) {
    world.Tell(*owner);
    for (const Action& action : owner->Decide(world.now)) {
      if (!std::holds_alternative<SweepPods>(action)) world.Apply(*owner, action);
    }
    world.LetPodsGoOn();
    world.now += std::chrono::seconds(1);
  }
  ASSERT_EQ(world.pods().size(), 4u);
  owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_TRUE(world.pods().empty());
}

// Its request was on its way when it died, and was as late as what its successor has sent meanwhile.
TEST(Owner, WhatAFormerLeaderHasStoredLateIsTheTruth) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  std::optional<Action> create;
  while (!create) {
    world.Tell(*owner);
    for (const Action& action : owner->Decide(world.now)) {
      if (std::holds_alternative<CreatePod>(action))
        create = action;
      else
        world.Apply(*owner, action);
    }
    world.now += std::chrono::seconds(1);
  }
  const json::Object item{{"step", "a"}, {"state", "Succeeded"}, {"reason", "CacheHit"}, {"attempts", 1}};
  const json::Object body{{"run", 1}, {"index", 1}, {"format", 1}, {"results", json::Array{item}}};
  world.Apply(*owner, WriteRecord{.run = 1, .index = 1, .name = "late", .body = body});
  world.Apply(*owner, *create);
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_THAT(world.Ends(), ElementsAre("a Succeeded/CacheHit", "b Succeeded/Succeeded"));
  EXPECT_TRUE(world.pods().empty()) << "nobody wants the pod of a";
  EXPECT_EQ(world.status()["progress"].StringOr(""), "2/2");
}

std::set<int64_t> RecordedRuns(const World& world) {
  std::set<int64_t> runs;
  for (const auto& [name, body] : world.records()) runs.insert(body["run"].IntOr(0));
  return runs;
}

TEST(Owner, AThousandthRunDoesNotStandBesideTheRecordsOfAllBeforeIt) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  for (int run = 1; run <= 13; ++run) {
    world.RequestRun("request " + std::to_string(run));
    ASSERT_TRUE(world.Settle(*owner));
    EXPECT_EQ(RecordedRuns(world).size(), static_cast<size_t>(std::min(run, 11))) << "the status names ten before it";
  }
  EXPECT_EQ(RecordedRuns(world), (std::set<int64_t>{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}));
}

TEST(Owner, WhatAnOlderOperatorHasLeftOfManyRunsGoesLittleByLittle) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  const auto run = [&](int number, bool sweeps) {
    world.RequestRun("request " + std::to_string(number));
    const auto ended = [&] {
      return world.status()["run"]["number"] == json::Value(number) && world.State() == "Succeeded";
    };
    for (int i = 0; i < 500 && !ended(); ++i) {
      world.Tell(*owner);
      for (const Action& action : owner->Decide(world.now)) {
        if (sweeps || !std::holds_alternative<SweepRecords>(action)) world.Apply(*owner, action);
      }
      world.LetPodsGoOn();
      world.now += std::chrono::seconds(1);
    }
  };
  for (int number = 1; number <= 20; ++number) run(number, false);
  ASSERT_EQ(RecordedRuns(world).size(), 20u);
  owner = world.NewOwner();
  run(21, true);
  EXPECT_EQ(*RecordedRuns(world).begin(), 3);
  run(22, true);
  EXPECT_EQ(*RecordedRuns(world).begin(), 5);
}

TEST(Owner, AStepThatNeverRanIsRecordedOnceHoweverOftenTheEngineIsMadeAnew) {
  World world(Kind::kWorkflow, Spec(R"json({"failFast": false, "steps": [
      {"name": "a", "image": "i:1", "command": ["x"], "when": "false"},
      {"name": "b", "image": "i:1", "command": ["x"]},
      {"name": "c", "image": "i:1", "command": ["x"], "dependsOn": ["b"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  while (world.RecordItem("a") == nullptr) {
    world.Round(*owner);
    world.now += std::chrono::seconds(1);
    owner = world.NewOwner();
  }
  for (int i = 0; i < 100; ++i) {
    world.Round(*owner);
    world.now += std::chrono::seconds(6);
    owner = world.NewOwner();
  }
  EXPECT_EQ(world.State(), "Succeeded");
  EXPECT_THAT(world.Ends(), ElementsAre("a Skipped/WhenFalse", "b Succeeded/Succeeded", "c Succeeded/Succeeded"));
}

TEST(Owner, AStopDoesNothingBeforeItIsStored) {
  World world(Kind::kWorkflow, Spec(kDiamond), [](const PodView&) -> ContainerEnd { return {.never = true}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 20);
  world.Edit([](json::Object& spec) { spec["stop"] = "Immediate"; });
  world.Tell(*owner);
  Actions first = owner->Decide(world.now);
  EXPECT_EQ(Only<WriteStatus>(first).size(), 1u);
  EXPECT_TRUE(Only<EndPod>(first).empty());
  EXPECT_TRUE(Only<EndPod>(owner->Decide(world.now)).empty()) << "the status is still on its way";
  for (const WriteStatus& write : Only<WriteStatus>(first)) world.Apply(*owner, write);
  EXPECT_EQ(Only<EndPod>(owner->Decide(world.now)).size(), 1u);
}

TEST(Owner, NothingStartsWhileAStopIsBeingStored) {
  World world(Kind::kWorkflow, Spec(R"json({"parallelism": 1, "steps": [{"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"]}]})json"),
              Succeed);
  auto owner = world.NewOwner();
  while (PodsOf(world, "a").empty() || PodsOf(world, "a")[0].phase != "Succeeded") world.Round(*owner);
  world.Edit([](json::Object& spec) { spec["stop"] = "Graceful"; });
  world.Tell(*owner);
  EXPECT_TRUE(Only<CreatePod>(owner->Decide(world.now)).empty());
}

TEST(Owner, AStatusThatMetAnEditIsWrittenAgain) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a"}]})json"), Succeed);
  auto owner = world.NewOwner();
  Actions actions = owner->Decide(world.now);
  ASSERT_EQ(Only<WriteStatus>(actions).size(), 1u);
  world.Edit([](json::Object&) {});  // the object changes, the spec does not
  for (const Action& action : actions) world.Apply(*owner, action);
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.Reason(), "InvalidSpec");
}

TEST(Owner, AFailureDoesNotUndoAnEmptyForEachThatAnotherStepCameAfter) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "none", "image": "i:1", "command": ["x"], "forEach": {"items": "[]"}},
      {"name": "after", "image": "i:1", "command": ["x"], "dependsOn": ["none"]},
      {"name": "fails", "image": "i:1", "command": ["x"]}]})json"),
              [](const PodView& pod) -> ContainerEnd {
                return {.exit_code = pod.step == "fails" ? 1 : 0,
                        .after = std::chrono::seconds(pod.step == "fails" ? 1 : 3)};
              });
  auto owner = world.NewOwner();
  while (PodsOf(world, "fails").empty() || PodsOf(world, "fails")[0].phase != "Failed") {
    world.Round(*owner);
    world.now += Duration(100);
  }
  owner = world.NewOwner();  // before anything is recorded
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_THAT(world.Ends(),
              ElementsAre("after Succeeded/Succeeded", "fails Failed/CommandFailed", "none Succeeded/Succeeded"));
}

TEST(Owner, APodThatWasLetGoIsNotLetGoAgainWhenItIsSeenLate) {
  World world(Kind::kWorkflow,
              Spec(R"json({"podCleanup": "Never", "steps": [{"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"]}]})json"),
              [](const PodView& pod) -> ContainerEnd { return {.never = pod.step == "b"}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 4);
  ASSERT_EQ(PodsOf(world, "a").size(), 1u);
  const PodView early = PodsOf(world, "a")[0];
  ASSERT_TRUE(early.has_finalizer);
  world.Settle(*owner, 40);
  ASSERT_FALSE(PodsOf(world, "a")[0].has_finalizer);
  owner->Observe(PodSeen{early});
  EXPECT_TRUE(Only<ReleasePod>(owner->Decide(world.now)).empty());
}

TEST(Owner, AGracefulStopStopsWhatWouldBeTriedAgain) {
  for (bool restarted : {false, true}) {
    World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"],
        "retryPolicy": {"limit": 2, "backoffSeconds": 60}}]})json"),
                Failing("a", 1));
    auto owner = world.NewOwner();
    while (PodsOf(world, "a").empty() || PodsOf(world, "a")[0].phase != "Failed") world.Round(*owner);
    world.Round(*owner);
    world.Edit([](json::Object& spec) { spec["stop"] = "Graceful"; });
    while (world.status()["run"]["ending"].IsNull()) {
      world.Round(*owner);
      if (restarted) owner = world.NewOwner();
    }
    ASSERT_TRUE(world.Settle(*owner));
    EXPECT_THAT(world.Ends(), ElementsAre("a Stopped/CommandFailed")) << "restarted: " << restarted;
    EXPECT_EQ(world.State(), "Stopped");
  }
}

TEST(Owner, AGracefulStopBecomesAnImmediateOneAndADeadlineEndsItToo) {
  for (const bool deadline : {false, true}) {
    World world(Kind::kWorkflow, Spec(R"json({"timeoutSeconds": 3600, "steps": [
        {"name": "a", "image": "i:1", "command": ["x"]}, {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}],
        "finally": [{"name": "f", "image": "i:1", "command": ["x"]}]})json"),
                [](const PodView& pod) -> ContainerEnd { return {.never = pod.step == "a"}; });
    auto owner = world.NewOwner();
    while (PodsOf(world, "a").empty() || PodsOf(world, "a")[0].phase != "Running") world.Round(*owner);
    world.Edit([](json::Object& spec) { spec["stop"] = "Graceful"; });
    while (world.status()["run"]["ending"] != json::Value("Graceful")) world.Round(*owner);
    if (deadline) {
      world.now += std::chrono::hours(1);
    } else {
      world.Edit([](json::Object& spec) { spec["stop"] = "Immediate"; });
    }
    ASSERT_TRUE(world.Settle(*owner));
    EXPECT_EQ(world.Reason(), deadline ? "DeadlineExceeded" : "Stopped");
    EXPECT_THAT(world.Ends(), ElementsAre("a Stopped/Stopped", "b Omitted/Stopped", "f Succeeded/Succeeded"));
  }
}

// Anybody may write status.
TEST(Owner, AnEndingThatSomebodyHasChangedStaysAsItWas) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              [](const PodView&) -> ContainerEnd { return {.never = true}; });
  auto owner = world.NewOwner();
  while (PodsOf(world, "a").empty()) world.Round(*owner);
  for (const char* ending : {"Immediate", "Deadline", "Superseded", "Graceful", "nonsense"}) {
    ObjectView written = world.object();
    json::Object status = written.status.Members();
    json::Object run = status["run"].Members();
    run["ending"] = ending;
    status["run"] = std::move(run);
    written.status = std::move(status);
    written.resource_version = std::to_string(std::stoll(written.resource_version) + 1);
    owner->Observe(ObjectSeen{written});
    static_cast<void>(owner->Decide(world.now));
    EXPECT_EQ(owner->run()->ending(), RunEnding::kImmediate);
  }
}

TEST(Owner, AStoppedRunOmitsWhatQuotaNeverLetIn) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              Succeed);
  world.quota_denies = [](const PodView&) { return true; };
  auto owner = world.NewOwner();
  world.Settle(*owner, 8);
  world.Edit([](json::Object& spec) { spec["stop"] = "Immediate"; });
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_THAT(world.Ends(), ElementsAre("a Omitted/Stopped"));
}

TEST(Owner, AfterARestartAPodWithBadOutputsStillCountsAsFailed) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})json"),
              [](const PodView&) -> ContainerEnd { return {.output = "unknown=1"}; });
  auto owner = world.NewOwner();
  while (world.RecordItem("a") == nullptr) {
    world.Round(*owner);
    world.now += std::chrono::seconds(1);
  }
  ASSERT_TRUE(PodsOf(world, "a")[0].has_finalizer);
  owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  ASSERT_EQ(PodsOf(world, "a").size(), 1u) << "podCleanup keeps those that failed";
  EXPECT_EQ(PodsOf(world, "a")[0].done, "Failed");
}

TEST(Owner, OmittedItemsThatQuotaDeniedDoNotTakeProgressBack) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [{"name": "fails", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"], "forEach": {"items": "[1, 2, 3, 4]", "parallelism": 2}}]})json"),
              Failing("fails", 1));
  world.quota_denies = [](const PodView& pod) { return pod.step == "b"; };
  auto owner = world.NewOwner();
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_EQ(world.status()["progress"].StringOr(""), "5/5");
  EXPECT_THAT(world.Ends(), ElementsAre("b Omitted/FailFast", "fails Failed/CommandFailed"));
}

}  // namespace
}  // namespace coreflow::engine
