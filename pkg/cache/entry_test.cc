#include "pkg/cache/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::cache {
namespace {

using engine::StepKey;

const std::string kDigest = "sha256:" + std::string(64, 'a');

StepKey KeyWith(const std::string& name, const std::string& value) {
  return Stored({.parts = {{"image", "busybox:1.36"}, {"script", "true"}, {name, value}}}, kDigest);
}

Entry AnEntry() {
  return {.key = KeyWith("parameter lr", "0.01"),
          .outputs = {{"model", "m-1"}},
          .artifacts = {{"file", {.digest = std::string(64, 'b'), .bytes = 7, .archive = api::Archive::kTar}}},
          .exit_code = 0,
          .run = "train/3",
          .seconds = 42,
          .kept = Time(std::chrono::seconds(1'800'000'000))};
}

TEST(Entry, IsReadAsItWasWritten) {
  const Entry entry = AnEntry();
  const auto read = Decode(Encode(entry), engine::DigestOf(entry.key));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, entry);
}

TEST(Entry, NamesLargeOutputsOnly) {
  Entry entry = AnEntry();
  entry.artifacts[artifact::kOutputsArtifact] = {.digest = std::string(64, 'c'), .bytes = 5000};
  const auto read = Decode(Encode(entry), engine::DigestOf(entry.key));
  entry.outputs.clear();
  EXPECT_EQ(*read, entry);
}

TEST(Entry, OfAnotherKeyIsNotBelieved) {
  const auto read = Decode(Encode(AnEntry()), engine::DigestOf(KeyWith("parameter lr", "0.02")));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::kInvalid);
}

TEST(Entry, WithAFieldMissingOrOfAnotherTypeIsNotBelieved) {
  const Entry entry = AnEntry();
  const json::Value whole = *json::Parse(Encode(entry));
  for (const char* field : {"format", "parts", "outputs", "run", "kept"}) {
    for (const json::Value& instead :
         {json::Value(), json::Value(-1), json::Value("nonsense"), json::Value(json::Array{})}) {
      json::Object damaged = whole.AsObject();
      damaged[field] = instead;
      EXPECT_FALSE(Decode(json::Write(damaged), engine::DigestOf(entry.key))) << field << " " << json::Write(instead);
    }
  }
}

TEST(Entry, CutShortAnywhereIsNotBelieved) {
  const Entry entry = AnEntry();
  const std::string text = Encode(entry);
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(Decode(text.substr(0, length), engine::DigestOf(entry.key))) << length;
  }
}

TEST(Entry, ATimeThatNobodyCanHaveTakenIsCut) {
  json::Object object = json::Parse(Encode(AnEntry()))->AsObject();
  object["seconds"] = -7;
  const auto read = Decode(json::Write(object), engine::DigestOf(AnEntry().key));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seconds, 0);
}

TEST(Stored, KeepsLongValuesByTheirDigest) {
  const StepKey key = KeyWith("args", std::string(65'536, 'x'));
  EXPECT_LT(key.parts.at("args").size(), 100U);
  EXPECT_NE(key, KeyWith("args", std::string(65'536, 'y')));
}

TEST(Stored, TagsOfOneImageAreTheSame) {
  EXPECT_EQ(Stored({.parts = {{"image", "busybox:1"}}}, kDigest),
            Stored({.parts = {{"image", "busybox:1.36"}}}, kDigest));
}

TEST(Names, AreFitForAStore) {
  EXPECT_EQ(EntryName("ns", "v1:abc"), "ns/results/abc");
  EXPECT_THAT(NearestName("ns", "train/lr-sweep/7"), testing::MatchesRegex("ns/nearest/[0-9a-f]{64}"));
}

TEST(Explain, SaysWhatChanged) {
  EXPECT_EQ(Explain(KeyWith("parameter lr", "0.01"), KeyWith("parameter lr", "0.02")), "parameter lr 0.01 → 0.02");
}

TEST(Explain, SaysThatATagMoved) {
  const std::string other = "sha256:" + std::string(64, 'b');
  const StepKey before = Stored({.parts = {{"image", "busybox:1"}}}, kDigest);
  EXPECT_EQ(Explain(before, Stored({.parts = {{"image", "busybox:1"}}}, other)), "image moved to sha256:bbbbbbbbbbbb");
}

TEST(Explain, LeavesOutWhatIsTooMuch) {
  StepKey before, now;
  for (char c : std::string("abcde")) now.parts[std::string("env ") + c] = "1";
  EXPECT_EQ(Explain(before, now), "env a added; env b added; env c added; and 2 more");
}

}  // namespace
}  // namespace coreflow::cache
