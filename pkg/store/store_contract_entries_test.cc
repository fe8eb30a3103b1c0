#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Get(Store& store, const std::string& name) {
  const auto got = store.GetEntry(name);
  return got ? *got : CodeName(got.error().code);
}

// All names, by pages of that size.
std::vector<std::string> List(Store& store, const std::string& prefix, size_t limit) {
  std::vector<std::string> names;
  std::string next;
  do {
    const auto page = store.ListEntries(prefix, limit, next);
    EXPECT_TRUE(page.has_value()) << page.error().message;
    if (!page) break;
    EXPECT_LE(page->names.size(), limit);
    names.insert(names.end(), page->names.begin(), page->names.end());
    next = page->next;
  } while (!next.empty());
  std::sort(names.begin(), names.end());
  return names;
}

TEST_P(StoreContract, AnEntryIsReplacedAsAWhole) {
  EXPECT_EQ(Get(*store_, "ns/step/a"), "NotFound");
  EXPECT_EQ(CodeOf(store_->PutEntry("ns/step/a", "{\"long\": \"value\"}")), "OK");
  EXPECT_EQ(CodeOf(store_->PutEntry("ns/step/a", "{}")), "OK");
  EXPECT_EQ(Get(*store_, "ns/step/a"), "{}");
  EXPECT_EQ(CodeOf(store_->DeleteEntry("ns/step/a")), "OK");
  EXPECT_EQ(CodeOf(store_->DeleteEntry("ns/step/a")), "OK");
  EXPECT_EQ(Get(*store_, "ns/step/a"), "NotFound");
}

TEST_P(StoreContract, PutIfAbsentChangesNothingThatIsThere) {
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("ns/step/a", "1")), "OK");
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("ns/step/a", "2")), "AlreadyExists");
  EXPECT_EQ(Get(*store_, "ns/step/a"), "1");
  EXPECT_EQ(CodeOf(store_->DeleteEntry("ns/step/a")), "OK");
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("ns/step/a", "3")), "OK");
}

TEST_P(StoreContract, OfManyThatPutIfAbsentOneWins) {
  constexpr size_t kThreads = 8;
  for (int round = 0; round < 3; ++round) {
    const std::string name = "ns/race/" + std::to_string(round);
    std::vector<std::string> codes(kThreads);
    {
      std::vector<std::jthread> threads;
      for (size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back(
            [&, i] { codes[i] = CodeOf(store_->PutEntryIfAbsent(name, "value " + std::to_string(i))); });
      }
    }
    EXPECT_EQ(std::count(codes.begin(), codes.end(), "OK"), 1);
    EXPECT_EQ(std::count(codes.begin(), codes.end(), "AlreadyExists"), static_cast<long>(kThreads) - 1);
    const auto winner = static_cast<size_t>(std::find(codes.begin(), codes.end(), "OK") - codes.begin());
    EXPECT_EQ(Get(*store_, name), "value " + std::to_string(winner));
  }
}

TEST_P(StoreContract, EntriesHaveAnyBytesUpToAMebibyte) {
  const std::string bytes = SomeBytes(kMostEntryBytes);
  EXPECT_EQ(CodeOf(store_->PutEntry("ns/step/big", bytes)), "OK");
  EXPECT_TRUE(Get(*store_, "ns/step/big") == bytes);
  EXPECT_EQ(CodeOf(store_->PutEntry("ns/step/empty", "")), "OK");
  EXPECT_EQ(Get(*store_, "ns/step/empty"), "");
  const auto put = store_->PutEntry("ns/step/bigger", bytes + "x");
  ASSERT_EQ(CodeOf(put), "Invalid");
  EXPECT_THAT(put.error().message, HasSubstr("ns/step/bigger has 1048577 bytes; an entry has at most 1048576"));
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("ns/step/bigger", bytes + "x")), "Invalid");
}

TEST_P(StoreContract, NamesThatCouldLeadElsewhereAreRefused) {
  const std::string longest(128, 'a');
  for (const std::string& name :
       {std::string(""), std::string("a"), std::string("a/b"), std::string("a/b/c/d"), std::string("a//c"),
        std::string("/b/c"), std::string("a/b/"), std::string("../b/c"), std::string("a/../c"), std::string("a/b/.."),
        std::string("./b/c"), std::string("a/b/.hidden"), std::string("A/b/c"), std::string("a/b/c d"),
        std::string("a/b/c\0d", 7), std::string("a/b/c%2f"), "a/b/" + longest + "a", std::string("a/b/é")}) {
    EXPECT_EQ(CodeOf(store_->PutEntry(name, "x")), "Invalid") << name;
    EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent(name, "x")), "Invalid") << name;
    EXPECT_EQ(CodeOf(store_->GetEntry(name)), "Invalid") << name;
    EXPECT_EQ(CodeOf(store_->DeleteEntry(name)), "Invalid") << name;
  }
  EXPECT_EQ(CodeOf(store_->PutEntry("team-1/step_2/" + longest, "x")), "OK");
  EXPECT_EQ(Get(*store_, "team-1/step_2/" + longest), "x");
}

TEST_P(StoreContract, ListsByPrefixAndPage) {
  std::vector<std::string> names;
  for (const char* name : {"a-b/step/k", "a/lock/x", "a/step/k", "a/step/k-1", "a/step/k.2", "a/step/k1", "b/step/k"}) {
    names.emplace_back(name);
    ASSERT_EQ(CodeOf(store_->PutEntry(name, "x")), "OK");
  }
  for (const size_t limit : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{1000}}) {
    EXPECT_EQ(List(*store_, "", limit), names) << limit;
    EXPECT_THAT(List(*store_, "a/", limit),
                ElementsAre("a/lock/x", "a/step/k", "a/step/k-1", "a/step/k.2", "a/step/k1"));
    EXPECT_THAT(List(*store_, "a", limit),
                ElementsAre("a-b/step/k", "a/lock/x", "a/step/k", "a/step/k-1", "a/step/k.2", "a/step/k1"));
    EXPECT_THAT(List(*store_, "a/st", limit), ElementsAre("a/step/k", "a/step/k-1", "a/step/k.2", "a/step/k1"));
    EXPECT_THAT(List(*store_, "a/step/k1", limit), ElementsAre("a/step/k1"));
    EXPECT_THAT(List(*store_, "c/", limit), ElementsAre());
  }
}

TEST_P(StoreContract, PrefixesAndLimitsAreChecked) {
  for (const char* prefix : {"..", "../", "a/../", "/", "a//", "a/b/c/", "A"}) {
    EXPECT_EQ(CodeOf(store_->ListEntries(prefix, 10, "")), "Invalid") << prefix;
  }
  EXPECT_EQ(CodeOf(store_->ListEntries("", 0, "")), "Invalid");
  EXPECT_EQ(CodeOf(store_->ListEntries("", 1001, "")), "Invalid");
}

TEST_P(StoreContract, EntriesAndBlobsDoNotMix) {
  Bytes source("blob");
  ASSERT_TRUE(store_->PutBlob(source.source()).has_value());
  EXPECT_EQ(CodeOf(store_->PutEntry("a/b/c", "entry")), "OK");
  EXPECT_THAT(List(*store_, "", 10), ElementsAre("a/b/c"));
  int blobs = 0;
  EXPECT_EQ(CodeOf(store_->ListBlobs([&](const ListedBlob&) -> Result<void> { return ++blobs, Result<void>(); })),
            "OK");
  EXPECT_EQ(blobs, 1);
}

}  // namespace
}  // namespace coreflow::store
