#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pkg/cache/memory_entries.h"
#include "pkg/cache/step_cache.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::cache {
namespace {

using engine::CacheAnswered;
using engine::Content;
using Decision = engine::CacheVerdict::Decision;
using testing::HasSubstr;

constexpr char kDigest[] = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const Content kPassword{.kind = Content::Kind::kSecret, .name = "db", .key = "password"};
const Content kSettings{.kind = Content::Kind::kConfigMap, .name = "settings"};

std::string Digest(char c) { return std::string(64, c); }

// What is not in it is absent; may refuse, or keep silent.
class KnownContents : public Contents {
 public:
  explicit KnownContents(Loop& loop) : loop_(loop) {}
  void Find(const std::string& name_space, const Content& content, Found found) override {
    ++asked;
    if (silent) return;
    const auto known = digests.find(content);
    Result<std::string> answer = known == digests.end() ? std::string(kAbsent) : known->second;
    if (name_space != "ns" || refuses) answer = Error{.code = Code::kForbidden, .message = "it may not be read"};
    loop_.Post([found = std::move(found), answer] { found(answer); });
  }

  std::map<Content, std::string> digests;
  int asked = 0;
  bool refuses = false;
  bool silent = false;

 private:
  Loop& loop_;
};

class StepCacheContentsTest : public testing::Test {
 protected:
  static engine::StepKey Key(const std::string& image = std::string("train@") + kDigest) {
    return {.parts = {{"image", image}, {"script", "train"}}};
  }

  void LookUp(const std::string& of, engine::LookUpCache look) {
    look.of = of;
    look.nearest = "w/train/0";
    cache.LookUp("ns", "uid-" + of, look, [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
    loop.RunUntilIdle();
  }
  void LookUp(const std::string& of) { LookUp(of, {.key = Key(), .contents = contents_of_step}); }

  void Keep(const std::string& of, const engine::StepKey& key) {
    cache.Keep("ns", {.of = of,
                      .key = key,
                      .contents = contents_of_step,
                      .nearest = "w/train/0",
                      .image_id = std::string("docker.io/library/train@") + kDigest,
                      .run = "w/1",
                      .result = {.outputs = {{"model", of}}}});
    loop.RunUntilIdle();
  }
  void Keep(const std::string& of) { Keep(of, Key()); }

  Decision DecisionOf(const std::string& of) { return answers.at(of).verdict.decision; }
  const std::string& Because(const std::string& of) { return answers.at(of).verdict.because; }
  int Results() const {
    return static_cast<int>(std::ranges::count_if(
        entries.values, [](const auto& entry) { return entry.first.starts_with("ns/results/"); }));
  }

  reactor::VirtualLoop loop;
  MemoryEntries entries{loop};
  KnownContents known{loop};
  StepCache cache{loop, entries, {.contents = &known}};
  std::vector<Content> contents_of_step = {kPassword};
  std::map<std::string, CacheAnswered> answers;
};

TEST_F(StepCacheContentsTest, TheSameContentIsAHit) {
  known.digests[kPassword] = Digest('1');
  LookUp("a");
  EXPECT_EQ(DecisionOf("a"), Decision::kMiss);
  Keep("a");
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  EXPECT_EQ(answers.at("b").result.outputs, (json::Object{{"model", "a"}}));
}

TEST_F(StepCacheContentsTest, AMissSaysWhichContentChanged) {
  contents_of_step = {kSettings, kPassword};
  known.digests = {{kSettings, Digest('1')}, {kPassword, Digest('1')}};
  LookUp("a");
  Keep("a");
  known.digests[kPassword] = Digest('2');
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_EQ(Because("b"), "content of key password of Secret db changed");
  Keep("b");
  known.digests.erase(kSettings);
  LookUp("c");
  EXPECT_EQ(Because("c"), "content of ConfigMap settings changed");
}

TEST_F(StepCacheContentsTest, WhatIsAbsentIsAContentToo) {
  LookUp("a");
  Keep("a");
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  known.digests[kPassword] = Digest('1');
  LookUp("c");
  EXPECT_EQ(Because("c"), "content of key password of Secret db changed");
}

TEST_F(StepCacheContentsTest, WhatChangedWhileTheStepRanIsNotKept) {
  known.digests[kPassword] = Digest('1');
  LookUp("a");
  known.digests[kPassword] = Digest('2');
  Keep("a");
  EXPECT_EQ(Results(), 0);
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheContentsTest, WhatMayNotBeReadCantBeCached) {
  known.refuses = true;
  LookUp("a");
  EXPECT_EQ(DecisionOf("a"), Decision::kNotCacheable);
  EXPECT_EQ(Because("a"), "it may not be read");
  known.refuses = false;
  Keep("a");
  EXPECT_EQ(Results(), 0);
}

TEST_F(StepCacheContentsTest, WhereNobodyReadsNothingIsKept) {
  StepCache blind(loop, entries);
  blind.LookUp("ns", "uid", {.of = "a", .key = Key(), .contents = {kPassword}},
               [this](const CacheAnswered& answer) { answers[answer.of] = answer; });
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("a"), Decision::kNotCacheable);
  EXPECT_EQ(Because("a"), "key password of Secret db is not read here");
}

TEST_F(StepCacheContentsTest, AServerThatKeepsSilentIsNotWaitedFor) {
  known.silent = true;
  LookUp("a");
  EXPECT_FALSE(answers.contains("a"));
  loop.Advance(std::chrono::seconds(8));
  EXPECT_EQ(DecisionOf("a"), Decision::kNotCacheable);
  EXPECT_THAT(Because("a"), HasSubstr("the API server does not answer"));
}

TEST_F(StepCacheContentsTest, AServerThatKeepsSilentInTheEndKeepsNobodyWaiting) {
  LookUp("a");
  LookUp("b");
  EXPECT_FALSE(answers.contains("b"));
  known.silent = true;
  Keep("a");
  known.silent = false;
  loop.Advance(std::chrono::seconds(8));
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
  EXPECT_EQ(Results(), 0);
}

TEST_F(StepCacheContentsTest, OneThatWaitedIsLookedAtAnew) {
  known.digests[kPassword] = Digest('1');
  LookUp("a");
  LookUp("b");
  Keep("a");
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  LookUp("c", {.key = {.parts = {{"image", Key().parts.at("image")}, {"script", "c"}}}, .contents = {kPassword}});
  LookUp("d", {.key = {.parts = {{"image", Key().parts.at("image")}, {"script", "c"}}}, .contents = {kPassword}});
  known.digests[kPassword] = Digest('2');
  cache.Leave({.of = "c"});
  loop.RunUntilIdle();
  EXPECT_EQ(DecisionOf("d"), Decision::kMiss);
  EXPECT_NE(answers.at("d").verdict.key, answers.at("c").verdict.key);
}

TEST_F(StepCacheContentsTest, ARefreshedResultIsKept) {
  LookUp("a", {.key = Key(), .contents = {kPassword}, .refresh = true});
  EXPECT_EQ(DecisionOf("a"), Decision::kRefreshed);
  Keep("a");
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
}

TEST_F(StepCacheContentsTest, OneWhoseImageWasNotKnownIsKept) {
  LookUp("a", {.key = Key("train:1"), .contents = {kPassword}});
  EXPECT_EQ(DecisionOf("a"), Decision::kNotCacheable);
  Keep("a", Key("train:1"));
  LookUp("b", {.key = Key("train:1"), .contents = {kPassword}});
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
}

TEST_F(StepCacheContentsTest, TheImageIsLearntWhereNothingIsKept) {
  Keep("a", Key("train:1"));
  EXPECT_EQ(Results(), 0);
  LookUp("b", {.key = Key("train:1"), .contents = {kPassword}});
  EXPECT_EQ(DecisionOf("b"), Decision::kMiss);
}

TEST_F(StepCacheContentsTest, AfterARestartNothingIsRememberedAndNothingKept) {
  LookUp("a");
  StepCache next(loop, entries, {.contents = &known});
  next.Compute("ns", "uid-a", {.of = "a", .key = answers.at("a").verdict.key});
  next.Keep("ns", {.of = "a", .key = Key(), .contents = {kPassword}, .nearest = "w/train/0", .run = "w/1"});
  loop.RunUntilIdle();
  EXPECT_EQ(Results(), 0);
}

TEST_F(StepCacheContentsTest, WhatBeganBeforeItWasLookedUpIsNotKept) {
  LookUp("a");
  cache.Compute("ns", "uid-a", {.of = "a", .key = answers.at("a").verdict.key});
  Keep("a");
  EXPECT_EQ(Results(), 0);
}

TEST_F(StepCacheContentsTest, WhoHasLeftIsForgotten) {
  for (const bool refresh : {false, true}) {
    LookUp("a", {.key = Key(), .contents = {kPassword}, .refresh = refresh});
    cache.Leave({.of = "a"});
    Keep("a");
    EXPECT_EQ(Results(), 0);
    LookUp("b", {.key = Key(), .contents = {kPassword}, .refresh = refresh});
    cache.LeaveAll("uid-b");
    Keep("b");
    EXPECT_EQ(Results(), 0);
  }
}

TEST_F(StepCacheContentsTest, AStepWithoutContentsAsksForNone) {
  contents_of_step = {};
  LookUp("a");
  Keep("a");
  LookUp("b");
  EXPECT_EQ(DecisionOf("b"), Decision::kHit);
  EXPECT_EQ(known.asked, 0);
}

// The keys of what was kept before there were contents.
TEST_F(StepCacheContentsTest, AStepWithoutContentsHasTheKeyThatItHad) {
  LookUp("a", {.key = Key()});
  EXPECT_EQ(answers.at("a").verdict.key, engine::DigestOf(Stored(Key(), kDigest)));
}

}  // namespace
}  // namespace coreflow::cache
