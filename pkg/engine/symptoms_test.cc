// What the simulator found in the engine, each as small as it can be told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/engine/names.h"
#include "pkg/engine/owner.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

constexpr Time kNow{seconds(1'800'000'000)};

// One engine and what the test tells it, word for word.
class SymptomsTest : public testing::Test {
 protected:
  void Begin(const std::string& spec) {
    object_ = {.kind = Kind::kWorkflow,
               .name = "w",
               .namespace_name = "ns",
               .uid = "u",
               .resource_version = "10",
               .generation = 1,
               .creation_time = kNow,
               .spec = Spec(spec)};
    owner_.Observe(ObjectSeen{object_});
    owner_.Observe(Synced{});
  }
  // Stores what the engine writes, up to its first pod.
  CreatePod UntilFirstPod() {
    for (int i = 0; i < 10; ++i) {
      const Actions actions = owner_.Decide(kNow);
      for (const WriteRecord& record : Only<WriteRecord>(actions)) {
        owner_.Observe(RecordSeen{.run = record.run, .index = record.index, .body = record.body});
      }
      for (const WriteStatus& write : Only<WriteStatus>(actions)) Store(write);
      if (!Only<CreatePod>(actions).empty()) return Only<CreatePod>(actions).front();
    }
    ADD_FAILURE() << "no pod was asked for";
    return {};
  }
  void Store(const WriteStatus& write) {
    object_.status = write.status;
    object_.resource_version = std::to_string(++version_);
    owner_.Observe(ObjectSeen{object_});
  }
  PodView Created(const CreatePod& create) {
    PodView pod = ParsePod(create.pod);
    pod.uid = "p1";
    pod.resource_version = "100";
    pod.phase = "Pending";
    return pod;
  }

  Owner owner_{Kind::kWorkflow, "ns", "w", "u", Term{.epoch = 1}};
  ObjectView object_;
  int version_ = 10;
};

TEST_F(SymptomsTest, ATimeoutThatIsDueDoesNotWakeAgainAndAgain) {
  Begin(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "timeoutSeconds": 5}]})");
  PodView pod = Created(UntilFirstPod());
  pod.phase = "Running";
  pod.started_at = kNow;
  owner_.Observe(PodSeen{pod});
  EXPECT_TRUE(Only<EndPod>(owner_.Decide(kNow)).empty());
  const Time late = kNow + seconds(6);
  EXPECT_EQ(Only<EndPod>(owner_.Decide(late)).size(), 1u);
  pod.resource_version = "101";
  pod.ending = Ending::kTimeout;
  owner_.Observe(PodSeen{pod});
  for (const WakeAt& wake : Only<WakeAt>(owner_.Decide(late))) EXPECT_GT(wake.time, late);
}

TEST_F(SymptomsTest, AStatusThatWasRefusedIsWrittenAgainThoughItIsTheSame) {
  Begin(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})");
  const Actions first = owner_.Decide(kNow);
  const WriteRecord record = Only<WriteRecord>(first).at(0);
  owner_.Observe(RecordSeen{.run = record.run, .index = record.index, .body = record.body});
  const WriteStatus write = Only<WriteStatus>(owner_.Decide(kNow)).at(0);
  object_.resource_version = "11";
  owner_.Observe(ObjectSeen{object_});
  owner_.Observe(StatusRefused{.conflict = true});
  const auto again = Only<WriteStatus>(owner_.Decide(kNow));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].status, write.status);
  EXPECT_EQ(again[0].resource_version, "11");
}

TEST_F(SymptomsTest, AStatusWriteThatChangedNothingIsAnsweredAllTheSame) {
  Begin(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})");
  const CreatePod create = UntilFirstPod();
  PodView pod = Created(create);
  owner_.Observe(PodSeen{pod});
  const auto write = Only<WriteStatus>(owner_.Decide(kNow + seconds(10)));
  ASSERT_EQ(write.size(), 1u);
  // The server had that status already: its answer has the version that we knew.
  owner_.Observe(ObjectSeen{object_});
  pod.resource_version = "101";
  pod.phase = "Running";
  pod.started_at = kNow;
  owner_.Observe(PodSeen{pod});
  EXPECT_EQ(Only<WriteStatus>(owner_.Decide(kNow + seconds(20))).size(), 1u);
}

TEST_F(SymptomsTest, APodThatWasHeardOfIsNotAwaited) {
  Begin(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})");
  EXPECT_FALSE(owner_.AwaitsPod("w-a-0"));
  const CreatePod create = UntilFirstPod();
  EXPECT_TRUE(owner_.AwaitsPod(create.name));
  owner_.Observe(PodSeen{Created(create)});
  EXPECT_FALSE(owner_.AwaitsPod(create.name));
}

// After a restart the create might be accepted: the stranger's pod may be gone by then.
TEST_F(SymptomsTest, NothingFollowsFromARefusalBeforeItIsStored) {
  Begin(R"json({"steps": [{"name": "a", "image": "i:1", "command": ["x"]},
                          {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"], "runAfter": "Finished"}],
               "failFast": false})json");
  const CreatePod create = UntilFirstPod();
  owner_.Observe(PodRefused{.name = create.name, .why = PodRefused::Why::kNameTaken, .message = "taken"});
  const Actions actions = owner_.Decide(kNow);
  EXPECT_TRUE(Only<CreatePod>(actions).empty());
  const auto records = Only<WriteRecord>(actions);
  ASSERT_EQ(records.size(), 1u) << "at once, not after a while";
  owner_.Observe(RecordSeen{.run = records[0].run, .index = records[0].index, .body = records[0].body});
  EXPECT_EQ(Only<CreatePod>(owner_.Decide(kNow)).size(), 1u);
}

TEST_F(SymptomsTest, ATimeoutThatIsTooLargeToCountDoesNotEndTheRun) {
  Begin(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})");
  owner_.Observe(PodSeen{Created(UntilFirstPod())});
  json::Object spec = object_.spec.Members();
  spec["timeoutSeconds"] = INT64_MAX;
  object_.spec = std::move(spec);
  object_.resource_version = std::to_string(++version_);
  owner_.Observe(ObjectSeen{object_});
  owner_.Decide(kNow + seconds(10));
  EXPECT_EQ(owner_.info().ending, RunEnding::kNone);
}

// Somebody took away by force the pod of `a`, on which `b` depends, and the operator was restarted: of the run it sees
// the pod of `b`, which has failed.
class ParentIsLostTest : public SymptomsTest {
 protected:
  PodView BeginWithout(const std::string& spec) {
    Begin(spec);
    pinned_ = Only<WriteRecord>(owner_.Decide(kNow)).at(0);
    owner_.Observe(RecordSeen{.run = pinned_.run, .index = pinned_.index, .body = pinned_.body});
    object_.status = Only<WriteStatus>(owner_.Decide(kNow)).at(0).status;
    return {.name = PodName("w", "u", 1, "b", 0, 1),
            .namespace_name = "ns",
            .uid = "p1",
            .resource_version = "100",
            .owner_uid = "u",
            .run_id = RunId("u", 1),
            .step = "b",
            .facts = AttemptFacts{.run = 1, .attempt = 1, .item = 0},
            .has_finalizer = true,
            .phase = "Failed",
            .ended = true,
            .exit_code = 1};
  }

  // The names of the pods that the next operator lets go.
  std::vector<std::string> GoOn(const PodView& pod) {
    next_.Observe(PodSeen{pod});
    next_.Observe(RecordSeen{.run = pinned_.run, .index = pinned_.index, .body = pinned_.body});
    next_.Observe(ObjectSeen{object_});
    next_.Observe(Synced{});
    std::vector<std::string> let_go;
    for (int i = 0; i < 10; ++i) {
      const Actions actions = next_.Decide(kNow + seconds(i * 5));
      for (const WriteRecord& record : Only<WriteRecord>(actions)) {
        next_.Observe(RecordSeen{.run = record.run, .index = record.index, .body = record.body});
      }
      for (const WriteStatus& write : Only<WriteStatus>(actions)) {
        object_.status = write.status;
        object_.resource_version = std::to_string(++version_);
        next_.Observe(ObjectSeen{object_});
      }
      for (const RemovePod& remove : Only<RemovePod>(actions)) let_go.push_back(remove.name);
      for (const ReleasePod& release : Only<ReleasePod>(actions)) let_go.push_back(release.name);
    }
    return let_go;
  }

  WriteRecord pinned_;
  Owner next_{Kind::kWorkflow, "ns", "w", "u", Term{.epoch = 2}};
};

TEST_F(ParentIsLostTest, APodThatWaitsForARetryIsLetGoWhenTheRunIsOver) {
  const PodView pod = BeginWithout(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"],
       "forEach": {"items": "[1, 2]"}, "retryPolicy": {"limit": 1}}]})json");
  json::Object spec = object_.spec.Members();
  spec["stop"] = "Immediate";
  object_.spec = std::move(spec);
  EXPECT_THAT(GoOn(pod), ElementsAre(pod.name));
  EXPECT_EQ(next_.info().result, "Stopped");
}

TEST_F(ParentIsLostTest, AStepThatFailedStillFailsTheRun) {
  const PodView pod = BeginWithout(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"], "continueOnFailure": true},
      {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}]})json");
  GoOn(pod);
  EXPECT_EQ(next_.info().result, "Failed");
  EXPECT_EQ(object_.status["progress"].StringOr(""), "2/2");
}

// Each record comes twice: as the answer, and by the watch.
TEST(RecorderTest, ARecordThatIsSeenAgainDoesNotSendTheNextOneTwice) {
  Recorder recorder("w", "u", 1);
  recorder.Add("a", std::nullopt, {}, {}, kNow);
  const auto first = recorder.Flush(kNow, true);
  ASSERT_TRUE(first);
  recorder.OnStored(first->index, first->body);
  recorder.Add("b", std::nullopt, {}, {}, kNow);
  ASSERT_TRUE(recorder.Flush(kNow, true));
  recorder.OnStored(first->index, first->body);
  EXPECT_EQ(recorder.Flush(kNow, true), std::nullopt) << "the second is on its way";
  EXPECT_FALSE(recorder.AllStored());
}

// The step between was skipped, which is written nowhere yet; then the run is stopped and the operator restarted.
TEST(RestartTest, AStoppedRunKeepsWhatStartedAfterASkippedStep) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "skipped", "image": "i:1", "command": ["x"], "when": "1 > 2"},
      {"name": "after", "image": "i:1", "command": ["x"], "dependsOn": ["skipped"], "runAfter": "Finished"}]})json"),
              [](const PodView&) -> ContainerEnd { return {.never = true}; });
  auto owner = world.NewOwner();
  for (int i = 0; i < 20 && world.created().empty(); ++i) world.Round(*owner);
  ASSERT_EQ(world.created().size(), 1u);
  for (int i = 0; i < 3; ++i) world.Round(*owner);
  world.Edit([](json::Object& spec) { spec["stop"] = "Graceful"; });
  for (int i = 0; i < 3; ++i) world.Round(*owner);
  owner = world.NewOwner();
  for (int i = 0; i < 3; ++i) world.Round(*owner);
  EXPECT_TRUE(world.Ends().empty()) << "nothing has ended: " << world.Ends().front();
  world.DeletePod(world.created()[0], true);
  ASSERT_TRUE(world.Settle(*owner));
  EXPECT_THAT(world.Ends(), ElementsAre("after Stopped/PodDeleted", "skipped Skipped/WhenFalse"));
}

TEST(RestartTest, AStepThatEndedAsAWholeIsRecordedOnce) {
  World world(Kind::kWorkflow, Spec(R"json({"steps": [
      {"name": "a", "image": "i:1", "command": ["x"]},
      {"name": "skipped", "image": "i:1", "command": ["x"], "when": "1 > 2"}]})json"),
              [](const PodView&) -> ContainerEnd { return {.never = true}; });
  auto owner = world.NewOwner();
  for (int i = 0; i < 1000 && world.Ends().empty(); ++i) {
    world.Round(*owner);
    world.now += seconds(1);
  }
  ASSERT_THAT(world.Ends(), ElementsAre("skipped Skipped/WhenFalse"));
  owner = world.NewOwner();
  for (int i = 0; i < 20; ++i) {
    world.Round(*owner);
    world.now += seconds(1);
  }
  EXPECT_THAT(world.Ends(), ElementsAre("skipped Skipped/WhenFalse"));
}

}  // namespace
}  // namespace coreflow::engine
