#include "pkg/cache/store_entries.h"

#include <gtest/gtest.h>

#include <stop_token>

#include "pkg/base/test_folder.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

class StoreEntriesTest : public testing::Test {
 protected:
  void Run() { loop.Run(done.get_token()); }

  TestFolder folder;
  std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
  reactor::EventLoop loop;
  std::stop_source done;
  StoreEntries entries{loop, *store, 2};
};

TEST_F(StoreEntriesTest, GivesWhatWasPut) {
  entries.Put("ns/results/a", "value", [&](const Result<void>& put) {
    ASSERT_TRUE(put) << put.error().message;
    entries.Get("ns/results/a", [&](const Result<std::string>& got) {
      EXPECT_EQ(got.value(), "value");
      done.request_stop();
    });
  });
  Run();
}

TEST_F(StoreEntriesTest, SaysThatThereIsNone) {
  entries.Get("ns/results/b", [&](const Result<std::string>& got) {
    EXPECT_EQ(got.error().code, Code::kNotFound);
    done.request_stop();
  });
  Run();
}

TEST_F(StoreEntriesTest, WhatWasPutIsThereOnceItIsGone) {
  auto other = std::make_unique<StoreEntries>(loop, *store, 1);
  for (int i = 0; i < 20; ++i) other->Put("ns/results/" + std::to_string(i), "value", [](const Result<void>&) {});
  other.reset();
  EXPECT_EQ(store->GetEntry("ns/results/19").value(), "value");
}

TEST_F(StoreEntriesTest, CallsNobodyBackOnceItIsGone) {
  auto other = std::make_unique<StoreEntries>(loop, *store, 1);
  bool called = false;
  other->Get("ns/results/c", [&](const Result<std::string>&) { called = true; });
  other.reset();
  loop.Post([&] { done.request_stop(); });
  Run();
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace coreflow::cache
