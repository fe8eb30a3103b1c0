#include "pkg/cache/blob_sweep.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "pkg/base/test_folder.h"
#include "pkg/cache/empty_store.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

namespace fs = std::filesystem;

class BlobSweepTest : public testing::Test {
 protected:
  store::Digest Put(const std::string& text) {
    bool given = false;
    const auto blob = store->PutBlob([&](std::span<char> buffer) -> Result<size_t> {
      if (std::exchange(given, true)) return size_t{0};
      return text.copy(buffer.data(), buffer.size());
    });
    EXPECT_TRUE(blob);
    return blob->digest;
  }
  // All that is there was put two days ago.
  void GrowOld() const {
    for (const auto& entry : fs::recursive_directory_iterator(folder / "store")) {
      if (entry.is_regular_file())
        fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::hours(48));
    }
  }

  TestFolder folder;
  std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
};

TEST_F(BlobSweepTest, DeletesWhatNobodyHasANameForAnyMore) {
  const store::Digest named = Put("named"), nameless = Put("nameless");
  ASSERT_TRUE(store->PutEntry("ns/blobs/" + named.hex(), "{}"));
  GrowOld();
  const store::Digest young = Put("young");
  EXPECT_EQ(SweepBlobs(*store, {}).value(), 1);
  EXPECT_TRUE(store->BlobSize(named));
  EXPECT_FALSE(store->BlobSize(nameless));
  EXPECT_TRUE(store->BlobSize(young));
}

// A store in which something happens between the list of names and the first deletion.
class SlowlyListed : public EmptyStore {
 public:
  SlowlyListed(store::Store& under, std::function<void()> meanwhile)
      : under_(under), meanwhile_(std::move(meanwhile)) {}

  Result<void> ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>& visit) override {
    return under_.ListBlobs(visit);
  }
  Result<store::EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override {
    auto listed = under_.ListEntries(prefix, limit, page);
    meanwhile_();
    return listed;
  }
  Result<Duration> BlobAge(const store::Digest& digest) override { return under_.BlobAge(digest); }
  Result<void> DeleteBlob(const store::Digest& digest) override { return under_.DeleteBlob(digest); }

 private:
  store::Store& under_;
  const std::function<void()> meanwhile_;
};

TEST_F(BlobSweepTest, TheSameContentPutAgainWhileASweepIsUnderWayIsNotLost) {
  const store::Digest again = Put("again"), nameless = Put("nameless");
  GrowOld();
  SlowlyListed slow(*store, [&] {
    Put("again");
    ASSERT_TRUE(store->PutEntry("ns/blobs/" + again.hex(), "{}"));
  });
  EXPECT_EQ(SweepBlobs(slow, {}).value(), 1);
  EXPECT_TRUE(store->BlobSize(again));
  EXPECT_FALSE(store->BlobSize(nameless));
}

TEST_F(BlobSweepTest, EndsWhenItIsAskedTo) {
  Put("nameless");
  GrowOld();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(SweepBlobs(*store, stop.get_token()).value(), 0);
}

}  // namespace
}  // namespace coreflow::cache
