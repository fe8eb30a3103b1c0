#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "pkg/base/base64.h"
#include "pkg/data/data_key.h"
#include "pkg/data/identity.h"
#include "pkg/data/test_service.h"

namespace coreflow::data {
namespace {

// What all get that ask at the same time, each with a store of its own, as in several processes.
std::vector<std::string> AskAtOnce(const std::string& path, const std::function<std::string(store::Store&)>& ask) {
  constexpr int kThreads = 8;
  std::vector<std::string> got(kThreads);
  std::latch ready(kThreads);
  std::vector<std::thread> threads;
  for (std::string& mine : got) {
    threads.emplace_back([&] {
      TestStore store(path);
      ready.arrive_and_wait();
      mine = ask(store);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return got;
}

TEST(KeptSecret, OfSeveralAtOnceAllGetOneKey) {
  const TestFolder folder;
  auto got = AskAtOnce(folder / "store", [](store::Store& store) {
    const auto key = LoadOrMakeKey(store);
    return key ? key->Reveal() : key.error().message;
  });
  EXPECT_EQ(got.front().size(), 32u);
  EXPECT_EQ(std::ranges::count(got, got.front()), static_cast<int64_t>(got.size()));
  TestStore later(folder / "store");
  EXPECT_TRUE(LoadOrMakeKey(later)->Reveal() == got.front());
}

TEST(KeptSecret, OfSeveralAtOnceAllGetOneIdentity) {
  const TestFolder folder;
  auto got = AskAtOnce(folder / "store", [](store::Store& store) {
    const auto identity = LoadOrMakeIdentity(store);
    return identity ? identity->fingerprint + identity->certificate + identity->key.Reveal() : identity.error().message;
  });
  EXPECT_EQ(std::ranges::count(got, got.front()), static_cast<int64_t>(got.size()));
  TestStore later(folder / "store");
  const auto identity = LoadOrMakeIdentity(later);
  EXPECT_EQ(identity->fingerprint, got.front().substr(0, 64));
  EXPECT_TRUE(DataService::Start({.identity = *identity}, later).has_value());
}

TEST(KeptSecret, EachNewOneIsAnother) {
  EXPECT_NE(MakeIdentity()->fingerprint, MakeIdentity()->fingerprint);
  const TestFolder folder;
  TestStore one(folder / "one");
  TestStore two(folder / "two");
  EXPECT_FALSE(*LoadOrMakeKey(one) == *LoadOrMakeKey(two));
}

TEST(KeptSecret, WhatIsNoneIsNotReplacedByItself) {
  const TestFolder folder;
  TestStore store(folder / "store");
  for (const std::string& wrong : {std::string("x"), std::string(""), EncodeBase64("too short"), std::string("{}")}) {
    ASSERT_TRUE(store.PutEntry(kKeyEntry, wrong).has_value());
    ASSERT_TRUE(store.PutEntry(kIdentityEntry, wrong).has_value());
    EXPECT_EQ(LoadOrMakeKey(store).error().code, Code::kInvalid) << wrong;
    EXPECT_EQ(LoadOrMakeIdentity(store).error().code, Code::kInvalid) << wrong;
  }
}

TEST(KeptSecret, NoneIsMadeWhileTheStoreIsDown) {
  const TestFolder folder;
  TestStore store(folder / "store");
  store.down = true;
  EXPECT_EQ(LoadOrMakeKey(store).error().code, Code::kUnavailable);
  EXPECT_EQ(LoadOrMakeIdentity(store).error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace coreflow::data
