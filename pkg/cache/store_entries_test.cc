#include "pkg/cache/store_entries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "pkg/artifact/blob_entry.h"
#include "pkg/base/check.h"
#include "pkg/base/test_folder.h"
#include "pkg/cache/empty_store.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

// A listing lasts until it is let go.
class SlowToList : public EmptyStore {
 public:
  Result<store::EntryPage> ListEntries(const std::string&, size_t, const std::string&) override {
    ++listings;
    begun.release();
    let_go.acquire();
    return store::EntryPage{};
  }

  std::atomic<int> listings = 0;
  std::counting_semaphore<> begun{0};
  std::counting_semaphore<> let_go{0};
};

std::optional<BlobsInUse> NothingInUse() { return BlobsInUse(); }

class StoreEntriesTest : public testing::Test {
 protected:
  void Run() { loop.Run(done.get_token()); }

  TestFolder folder;
  std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
  reactor::EventLoop loop;
  std::stop_source done;
  StoreEntries entries{loop, *store, {.threads = 2}};
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

// In namespace "ns".
std::string PutBlob(store::Store& store, const std::string& text) {
  bool given = false;
  const auto blob = store.PutBlob([&](std::span<char> buffer) -> Result<size_t> {
    if (std::exchange(given, true)) return size_t{0};
    CHECK(text.size() <= buffer.size(), "it fits");
    std::ranges::copy(text, buffer.begin());
    return text.size();
  });
  CHECK(blob && store.PutEntry(artifact::BlobEntry("ns", blob->digest.hex()), "{}"), "it is put");
  return blob->digest.hex();
}

TEST_F(StoreEntriesTest, GivesABlobToItsNamespaceOnly) {
  const std::string digest = PutBlob(*store, "text");
  entries.GetBlob("ns", digest, [&](const Result<std::string>& got) {
    EXPECT_EQ(got.value(), "text");
    entries.GetBlob("other", digest, [&](const Result<std::string>& denied) {
      EXPECT_EQ(denied.error().code, Code::kNotFound);
      done.request_stop();
    });
  });
  Run();
}

TEST_F(StoreEntriesTest, GivesNoBlobThatIsDamaged) {
  const std::string digest = PutBlob(*store, "text");
  folder.Write("store/blobs/" + digest.substr(0, 2) + "/" + digest, "tent");
  entries.GetBlob("ns", digest, [&](const Result<std::string>& got) {
    EXPECT_EQ(got.error().code, Code::kGone);
    done.request_stop();
  });
  Run();
}

TEST_F(StoreEntriesTest, WhatIsNoDigestIsNoBlob) {
  entries.GetBlob("ns", "../../etc/passwd", [&](const Result<std::string>& got) {
    EXPECT_EQ(got.error().code, Code::kInvalid);
    done.request_stop();
  });
  Run();
}

TEST_F(StoreEntriesTest, WhatWasPutIsThereOnceItIsGone) {
  auto other = std::make_unique<StoreEntries>(loop, *store, StoreEntries::Options{.threads = 1});
  for (int i = 0; i < 20; ++i) other->Put("ns/results/" + std::to_string(i), "value", [](const Result<void>&) {});
  other.reset();
  EXPECT_EQ(store->GetEntry("ns/results/19").value(), "value");
}

TEST_F(StoreEntriesTest, CallsNobodyBackOnceItIsGone) {
  auto other = std::make_unique<StoreEntries>(loop, *store, StoreEntries::Options{.threads = 1});
  bool called = false;
  other->Get("ns/results/c", [&](const Result<std::string>&) { called = true; });
  other.reset();
  loop.Post([&] { done.request_stop(); });
  Run();
  EXPECT_FALSE(called);
}

// Answers no put; the first begins and waits to be let go.
class Down : public SlowToList {
 public:
  Result<void> PutEntry(const std::string&, const std::string&) override {
    if (++puts == 1) {
      begun.release();
      let_go.acquire();
    }
    return Error{.code = Code::kUnavailable, .message = "down"};
  }
  std::atomic<int> puts = 0;
};

TEST_F(StoreEntriesTest, EndsSoonWhenTheStoreIsDown) {
  Down down;
  auto other = std::make_unique<StoreEntries>(loop, down, StoreEntries::Options{.threads = 1, .in_use = NothingInUse});
  constexpr int kPuts = 100'000;  // many, since some may go on before it knows that it is to end
  for (int i = 0; i < kPuts; ++i) other->Put("ns/results/a", "value", [](const Result<void>&) {});
  down.begun.acquire();
  std::binary_semaphore ending{0};
  std::thread ends([&] {
    ending.release();
    other.reset();
  });
  ending.acquire();
  down.let_go.release(kPuts);  // sweeps, too
  ends.join();
  EXPECT_LT(down.puts, kPuts);
}

TEST_F(StoreEntriesTest, SweepsAfterManyPutsAndOnceAtATime) {
  SlowToList slow;
  StoreEntries other(loop, slow, {.threads = 3, .puts_per_sweep = 2, .in_use = NothingInUse});
  int put = 0;
  for (int i = 0; i < 6; ++i) {
    other.Put("ns/results/a", "value", [&](const Result<void>&) {
      if (++put == 6) done.request_stop();
    });
  }
  Run();
  slow.begun.acquire();
  EXPECT_EQ(slow.listings, 1);
  slow.let_go.release(100);
  std::stop_source swept;
  const std::function<void(const Result<void>&)> again = [&](const Result<void>&) {
    if (slow.listings > 1) return static_cast<void>(swept.request_stop());
    other.Put("ns/results/a", "value", again);
  };
  again({});
  loop.Run(swept.get_token());
}

TEST_F(StoreEntriesTest, SweepsNothingWhereItIsNotKnownWhatIsInUse) {
  SlowToList slow;
  for (const auto& in_use : {std::function<std::optional<BlobsInUse>()>(), {[] { return std::nullopt; }}}) {
    StoreEntries other(loop, slow, {.threads = 2, .puts_per_sweep = 1, .in_use = in_use});
    std::stop_source put;
    other.Put("ns/results/a", "value", [&](const Result<void>&) { put.request_stop(); });
    loop.Run(put.get_token());
  }
  EXPECT_EQ(slow.listings, 0);
}

}  // namespace
}  // namespace coreflow::cache
