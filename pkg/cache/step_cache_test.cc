#include "pkg/cache/step_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/artifact/blob_entry.h"
#include "pkg/cache/memory_entries.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::cache {
namespace {

using engine::CacheAnswered;
using Decision = engine::CacheVerdict::Decision;
using testing::HasSubstr;
using testing::Not;

constexpr char kDigest[] = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr char kOtherDigest[] = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

class StepCacheTest : public testing::Test {
 protected:
  static engine::StepKey Key(const std::string& lr = "0.01", const std::string& image = "train:1") {
    return {.parts = {{"image", image}, {"script", "train"}, {"parameter lr", lr}}};
  }

  void LookUp(const std::string& of, const engine::StepKey& key, std::optional<Duration> max_age = {},
              const std::string& name_space = "ns") {
    cache.LookUp(name_space, "uid-" + of, {.of = of, .key = key, .nearest = "w/train/0", .max_age = max_age},
                 [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
    loop.RunUntilIdle();
  }

  void Keep(const std::string& of, const engine::StepKey& key, const std::string& image_id = kDigest) {
    cache.Keep("ns", {.of = of,
                      .key = key,
                      .nearest = "w/train/0",
                      .image_id = "docker.io/library/train@" + image_id,
                      .run = "w/1",
                      .result = {.exit_code = 0,
                                 .outputs = {{"model", of}},
                                 .start_time = loop.Now() - std::chrono::seconds(30),
                                 .completion_time = loop.Now()}});
    loop.RunUntilIdle();
  }

  // What was answered.
  Decision DecisionOf(const std::string& of) { return answers.at(of).verdict.decision; }
  const std::string& Because(const std::string& of) { return answers.at(of).verdict.because; }

  reactor::VirtualLoop loop;
  MemoryEntries entries{loop};
  StepCache cache{loop, entries};
  std::map<std::string, CacheAnswered> answers;
};

TEST_F(StepCacheTest, GivesWhatWasKept) {
  Keep("a", Key());
  LookUp("b", Key());
  const CacheAnswered& answer = answers.at("b");
  EXPECT_EQ(answer.verdict.decision, Decision::kHit);
  EXPECT_EQ(answer.verdict.from, "w/1");
  EXPECT_EQ(answer.verdict.saved_seconds, 30);
  EXPECT_EQ(answer.result.outputs, (json::Object{{"model", "a"}}));
  EXPECT_EQ(cache.counts().hits, 1);
}

TEST_F(StepCacheTest, AnImageThatNeverRanCantBeCached) {
  LookUp("a", Key());
  EXPECT_EQ(DecisionOf("a"), Decision::kNotCacheable);
  EXPECT_THAT(Because("a"), HasSubstr("no pod of image train:1 was seen here"));
}

TEST_F(StepCacheTest, AnImageThatIsPinnedCanBe) {
  const std::string pinned = std::string("train@") + kDigest;
  LookUp("a", Key("0.01", pinned));
  EXPECT_EQ(DecisionOf("a"), Decision::kMiss);
  Keep("a", Key("0.01", pinned), "");
  LookUp("b", Key("0.01", pinned));
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  for (const auto& [name, value] : entries.values) EXPECT_THAT(name, Not(HasSubstr("/images/")));
}

TEST_F(StepCacheTest, AMissSaysWhatChanged) {
  Keep("a", Key("0.01"));
  LookUp("b", Key("0.02"));
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_EQ(Because("b"), "parameter lr 0.01 → 0.02");
}

TEST_F(StepCacheTest, ATagThatMovedIsAMiss) {
  Keep("a", Key());
  Keep("b", Key("0.5"), kOtherDigest);
  LookUp("c", Key());
  EXPECT_EQ(DecisionOf("c"), Decision::kMiss);
}

TEST_F(StepCacheTest, ATagIsBelievedForADay) {
  Keep("a", Key());
  loop.Advance(std::chrono::hours(25));
  LookUp("b", Key());
  EXPECT_EQ(DecisionOf("b"), Decision::kNotCacheable);
}

TEST_F(StepCacheTest, WhatIsTooOldIsAMiss) {
  Keep("a", Key());
  loop.Advance(std::chrono::hours(2));
  LookUp("b", Key(), std::chrono::hours(1));
  EXPECT_EQ(Because("b"), "what is kept is 7200 s old; cache.ttlSeconds is 3600");
  LookUp("c", Key("0.01"), std::chrono::hours(3));
  EXPECT_FALSE(answers.contains("c"));  // it waits for b
}

TEST_F(StepCacheTest, NamespacesShareNothing) {
  const std::string pinned = std::string("train@") + kDigest;
  Keep("a", Key("0.01", pinned));
  LookUp("b", Key("0.01", pinned), {}, "other");
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheTest, EqualOnesAtOnceRunOnce) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  LookUp("b", Key());
  EXPECT_EQ(DecisionOf("a"), Decision::kMiss);
  EXPECT_FALSE(answers.contains("b"));
  loop.Advance(std::chrono::hours(1));  // however long it takes
  EXPECT_FALSE(answers.contains("b"));
  Keep("a", Key());
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
}

TEST_F(StepCacheTest, WhenTheOneThatRunsFailsTheNextOneRuns) {
  Keep("0", Key("0.5"));
  for (const char* of : {"a", "b", "c"}) LookUp(of, Key());
  cache.Leave({.of = "a"});
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_FALSE(answers.contains("c"));
  cache.LeaveAll("uid-b");
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("c"), Decision::kMiss);
}

TEST_F(StepCacheTest, WhatRanBeforeWeLedIsWaitedFor) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  const std::string key = answers.at("a").verdict.key;
  StepCache next(loop, entries);
  next.Compute("ns", "uid-a", {.of = "a", .key = key});
  next.LookUp("ns", "uid-b", {.of = "b", .key = Key(), .nearest = "w/train/0"},
              [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
  loop.RunUntilIdle();
  EXPECT_FALSE(answers.contains("b"));
  next.LeaveAll("uid-a");
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheTest, WhoTurnsOutToComputeSomethingElseIsNotWaitedFor) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  LookUp("b", Key());
  cache.Compute("ns", "uid-a", {.of = "a", .key = "v1:other"});
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheTest, WhoComputesIsNotAnswered) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  LookUp("b", Key());
  cache.Compute("ns", "uid-b", {.of = "b", .key = answers.at("a").verdict.key});
  Keep("a", Key());
  EXPECT_FALSE(answers.contains("b"));
}

TEST_F(StepCacheTest, WhoHasLeftIsNotAnswered) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  LookUp("b", Key());
  cache.Leave({.of = "b"});
  Keep("a", Key());
  EXPECT_FALSE(answers.contains("b"));
}

TEST_F(StepCacheTest, ADamagedEntryIsAMissAndIsReplaced) {
  Keep("a", Key());
  for (auto& [name, value] : entries.values) {
    if (name.starts_with("ns/results/")) value = R"({"format":1,"parts":{"image":"another"}})";
  }
  LookUp("b", Key());
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_THAT(Because("b"), HasSubstr("damaged"));
  EXPECT_EQ(cache.counts().damaged, 1);
  Keep("b", Key());
  LookUp("c", Key());
  EXPECT_EQ(DecisionOf("c"), Decision::kHit);
}

TEST_F(StepCacheTest, AnyDamageOfAnyEntryIsAMiss) {
  Keep("a", Key());
  const auto whole = entries.values;
  int at = 0;
  for (const auto& [name, value] : whole) {
    for (const std::string& text : {std::string(), std::string("\xff\xfe"), std::string("[]"), value.substr(0, 9)}) {
      entries.values = whole;
      entries.values[name] = text;
      StepCache fresh(loop, entries);
      const std::string of = "x" + std::to_string(at++);
      const std::string lr = name.starts_with("ns/nearest/") ? "0.02" : "0.01";
      fresh.LookUp("ns", "uid", {.of = of, .key = Key(lr), .nearest = "w/train/0"},
                   [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
      loop.RunUntilIdle();
      ASSERT_TRUE(answers.contains(of)) << name << " " << text;
      EXPECT_NE(DecisionOf(of), Decision::kHit) << name << " " << text;
    }
  }
}

TEST_F(StepCacheTest, AStoreThatIsDownIsAMiss) {
  Keep("a", Key());
  entries.down = true;
  LookUp("b", Key());
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_EQ(Because("b"), "the store is down");
}

TEST_F(StepCacheTest, AStoreThatKeepsSilentIsAMissInTheEnd) {
  Keep("a", Key());
  entries.silent = true;
  LookUp("b", Key());
  EXPECT_FALSE(answers.contains("b"));
  loop.Advance(std::chrono::seconds(8));
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_EQ(Because("b"), "the store does not answer");
}

TEST_F(StepCacheTest, WhatCantBePutKeepsNobodyWaiting) {
  Keep("0", Key("0.5"));
  LookUp("a", Key());
  LookUp("b", Key());
  entries.silent = true;
  Keep("a", Key());
  entries.silent = false;
  loop.Advance(std::chrono::seconds(8));
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheTest, RefreshLooksForNothing) {
  Keep("a", Key());
  cache.LookUp("ns", "uid", {.of = "b", .key = Key(), .refresh = true},
               [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("b"), Decision::kRefreshed);
  Keep("b", Key());
  LookUp("c", Key());
  EXPECT_EQ(answers.at("c").result.outputs, (json::Object{{"model", "b"}}));
}

TEST_F(StepCacheTest, WithoutAnImagesDigestNothingIsKept) {
  Keep("a", Key(), "");
  LookUp("b", Key());
  EXPECT_EQ(DecisionOf("b"), Decision::kNotCacheable);
}

TEST_F(StepCacheTest, WhatTheStoreAnswersToOneThatIsGoneIsPassedOver) {
  auto other = std::make_unique<StepCache>(loop, entries);
  other->LookUp("ns", "uid", {.of = "a", .key = Key()},
                [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
  other.reset();
  loop.RunUntilIdle();
  EXPECT_FALSE(answers.contains("a"));
}

TEST_F(StepCacheTest, AResultWhoseArtifactIsGoneIsAMiss) {
  const artifact::Artifact model{.digest = std::string(64, 'd'), .bytes = 7};
  const std::string pinned = std::string("train@") + kDigest;
  cache.Keep("ns", {.of = "a",
                    .key = Key("0.01", pinned),
                    .nearest = "w/train/0",
                    .run = "w/1",
                    .result = {.artifacts = {{"model", model}}}});
  loop.RunUntilIdle();
  LookUp("b", Key("0.01", pinned));
  EXPECT_EQ(Because("b"), "an artifact of what is kept is not there any more");
  cache.Leave({.of = "b"});
  entries.values[artifact::BlobEntry("ns", model.digest)] = "{}";
  LookUp("c", Key("0.01", pinned));
  EXPECT_EQ(DecisionOf("c"), Decision::kHit);
  EXPECT_EQ(answers.at("c").result.artifacts.at("model"), model);
}

TEST_F(StepCacheTest, AResultWhoseLogIsGoneIsAHitWithoutIt) {
  const artifact::Artifact model{.digest = std::string(64, 'd'), .bytes = 7};
  const artifact::Artifact log{.digest = std::string(64, 'e'), .bytes = 9};
  const std::string pinned = std::string("train@") + kDigest;
  cache.Keep("ns", {.of = "a",
                    .key = Key("0.01", pinned),
                    .nearest = "w/train/0",
                    .run = "w/1",
                    .result = {.artifacts = {{"model", model}, {artifact::kLogArtifact, log}}}});
  loop.RunUntilIdle();
  entries.values[artifact::BlobEntry("ns", model.digest)] = "{}";
  LookUp("b", Key("0.01", pinned));
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  EXPECT_EQ(answers.at("b").result.artifacts, (artifact::Artifacts{{"model", model}}));
  entries.values[artifact::BlobEntry("ns", log.digest)] = "{}";
  LookUp("c", Key("0.01", pinned));
  EXPECT_EQ(DecisionOf("c"), Decision::kHit);
  EXPECT_EQ(answers.at("c").result.artifacts.at(artifact::kLogArtifact), log);
}

TEST_F(StepCacheTest, IsAsItWasAfterARestart) {
  Keep("a", Key());
  StepCache next(loop, entries);
  next.LookUp("ns", "uid", {.of = "b", .key = Key()},
              [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
}

}  // namespace
}  // namespace coreflow::cache
