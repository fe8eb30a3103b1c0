#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "pkg/engine/owner.h"
#include "pkg/engine/testing/actions.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

// Steps whose results were in the cache before, unless their names begin with "run".
class RunCachingTest : public testing::Test {
 protected:
  void Begin(const std::string& spec) {
    world = std::make_unique<World>(Kind::kWorkflow, Spec(spec),
                                    [](const PodView&) { return ContainerEnd{.after = std::chrono::seconds(1)}; });
    world->warm = [](const LookUpCache& look) -> std::optional<ItemResult> {
      if (look.nearest.find("/run") != std::string::npos) return std::nullopt;
      return ItemResult{.exit_code = 0};
    };
    owner = world->NewOwner();
    for (const Observation& stored : world->Stored()) owner->Observe(stored);
  }

  // All that is decided until the run has ended.
  Actions Play() {
    Actions all;
    for (int round = 0; round < 200 && world->State() != "Succeeded" && world->State() != "Failed"; ++round) {
      world->Tell(*owner);
      for (const Action& action : owner->Decide(world->now)) {
        all.push_back(action);
        world->Apply(*owner, action);
      }
      world->LetPodsGoOn();
      world->now += std::chrono::seconds(1);
    }
    return all;
  }

  std::unique_ptr<World> world;
  std::unique_ptr<Owner> owner;
};

TEST_F(RunCachingTest, AChainOfHitsHasNoPodsAndFewWrites) {
  std::string steps;
  for (int i = 0; i < 50; ++i) {
    steps += R"({"name":"s)" + std::to_string(i) + R"(","script":"work )" + std::to_string(i) + R"(")";
    if (i > 0) steps += R"(,"dependsOn":["s)" + std::to_string(i - 1) + R"("])";
    steps += i < 49 ? "}," : "}";
  }
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},"steps":[)" + steps + "]}");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_THAT(world->created(), IsEmpty());
  EXPECT_LE(world->writes(), 4);
  EXPECT_EQ(world->status()["cache"]["hits"].IntOr(0), 50);
  EXPECT_THAT(world->Ends(), testing::AllOf(SizeIs(50), Each(EndsWith("Succeeded/CacheHit"))));
}

TEST_F(RunCachingTest, NothingStartsBeforeTheHitsItFollowsAreStored) {
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},
            "steps":[{"name":"a","script":"a"},{"name":"run","dependsOn":["a"],"script":"b"}]})");
  bool stored = false;
  for (int round = 0; round < 100 && world->created().empty(); ++round) {
    world->Tell(*owner);
    const Actions actions = owner->Decide(world->now);
    for (const CreatePod& create : Only<CreatePod>(actions)) EXPECT_TRUE(stored) << create.name;
    for (const Action& action : actions) {
      const auto* record = std::get_if<WriteRecord>(&action);
      stored = stored || (record && record->index > 0);
      world->Apply(*owner, action);
    }
  }
  EXPECT_THAT(world->created(), SizeIs(1));
}

TEST_F(RunCachingTest, ASuspendedRunWantsNothingOfTheCache) {
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},"steps":[{"name":"run","script":"a"}]})");
  std::string asked;
  for (int round = 0; round < 100 && asked.empty(); ++round) {
    world->Tell(*owner);
    for (const Action& action : owner->Decide(world->now)) {
      if (const auto* look = std::get_if<LookUpCache>(&action)) {
        asked = look->of;  // and no answer comes
      } else {
        world->Apply(*owner, action);
      }
    }
  }
  world->Edit([](json::Object& spec) { spec["suspend"] = true; });
  world->Tell(*owner);
  EXPECT_THAT(Only<LeaveCache>(owner->Decide(world->now)), ElementsAre(LeaveCache{.of = asked}));
  world->Edit([](json::Object& spec) { spec["suspend"] = false; });
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_EQ(world->State(), "Succeeded");
}

TEST_F(RunCachingTest, AHitWithOtherOutputsThanDeclaredIsAMiss) {
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},
            "steps":[{"name":"a","script":"a","outputs":[{"name":"n"}],"continueOnFailure":true}]})");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->created(), SizeIs(1));
  EXPECT_EQ(world->status()["cache"]["misses"].IntOr(0), 1);
}

TEST_F(RunCachingTest, StepsOfFinallyRunEachTime) {
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},"steps":[{"name":"a","script":"a"}],
            "finally":[{"name":"tell","script":"b"}]})");
  EXPECT_TRUE(world->Settle(*owner));
  EXPECT_THAT(world->Ends(), ElementsAre("a Succeeded/CacheHit", "tell Succeeded/Succeeded"));
}

TEST_F(RunCachingTest, AFailureIsNotKept) {
  world = std::make_unique<World>(Kind::kWorkflow,
                                  Spec(R"({"steps":[{"name":"a","image":"i","script":"a","cache":{"mode":"Auto"}}]})"),
                                  [](const PodView&) { return ContainerEnd{.exit_code = 1}; });
  owner = world->NewOwner();
  for (const Observation& stored : world->Stored()) owner->Observe(stored);
  const Actions all = Play();
  EXPECT_THAT(Only<KeepInCache>(all), IsEmpty());
  EXPECT_THAT(Only<LeaveCache>(all), SizeIs(1));
}

constexpr char kReadsASecret[] =
    R"({"defaults":{"image":"i","cache":{"mode":"MODE"}},"steps":[{"name":"NAME","script":"a",
  "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}]})";

std::string ReadsASecret(const std::string& step, const std::string& mode = "Auto") {
  std::string spec = kReadsASecret;
  spec.replace(spec.find("MODE"), 4, mode);
  return spec.replace(spec.find("NAME"), 4, step);
}

class ContentsCachingTest : public RunCachingTest {
 protected:
  const std::vector<Content> secret = {{.kind = Content::Kind::kSecret, .name = "s", .key = "k"}};
};

TEST_F(ContentsCachingTest, WhatAStepIsGivenGoesWithWhatIsAskedAndKept) {
  Begin(ReadsASecret("run"));
  const Actions all = Play();
  ASSERT_THAT(Only<LookUpCache>(all), SizeIs(1));
  EXPECT_EQ(Only<LookUpCache>(all)[0].contents, secret);
  ASSERT_THAT(Only<KeepInCache>(all), SizeIs(1));
  EXPECT_EQ(Only<KeepInCache>(all)[0].contents, secret);
  EXPECT_THAT(Only<LeaveCache>(all), IsEmpty());
}

TEST_F(ContentsCachingTest, AHitIsLeft) {
  Begin(ReadsASecret("a"));
  const Actions all = Play();
  EXPECT_THAT(world->created(), IsEmpty());
  ASSERT_THAT(Only<LookUpCache>(all), SizeIs(1));
  EXPECT_THAT(Only<LeaveCache>(all), ElementsAre(LeaveCache{.of = Only<LookUpCache>(all)[0].of}));
}

// Once, whatever was answered and however often it was tried: nothing else ends what the cache remembers.
TEST_F(ContentsCachingTest, AFailureIsLeft) {
  for (const char* mode : {"Auto", "Refresh"}) {
    std::string spec = ReadsASecret("run", mode);
    spec.replace(spec.find(R"("script":"a")"), 12, R"("script":"a","retryPolicy":{"limit":1})");
    world = std::make_unique<World>(Kind::kWorkflow, Spec(spec),
                                    [](const PodView&) { return ContainerEnd{.exit_code = 1}; });
    owner = world->NewOwner();
    for (const Observation& stored : world->Stored()) owner->Observe(stored);
    const Actions all = Play();
    EXPECT_EQ(world->State(), "Failed");
    EXPECT_THAT(world->created(), SizeIs(2));
    EXPECT_THAT(Only<KeepInCache>(all), IsEmpty());
    EXPECT_THAT(Only<LeaveCache>(all), SizeIs(1)) << mode;
  }
}

TEST_F(ContentsCachingTest, WhatCantBeKnownIsNotAskedFor) {
  Begin(R"({"defaults":{"image":"i","cache":{"mode":"Auto"}},"steps":[{"name":"run","script":"a",
            "pod":{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}}]})");
  const Actions all = Play();
  EXPECT_EQ(world->State(), "Succeeded");
  EXPECT_THAT(Only<LookUpCache>(all), IsEmpty());
  EXPECT_THAT(Only<KeepInCache>(all), IsEmpty());
}

}  // namespace
}  // namespace coreflow::engine
