#include "pkg/cache/blob_sweep.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "pkg/base/test_folder.h"
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

TEST_F(BlobSweepTest, EndsWhenItIsAskedTo) {
  Put("nameless");
  GrowOld();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(SweepBlobs(*store, stop.get_token()).value(), 0);
}

}  // namespace
}  // namespace coreflow::cache
