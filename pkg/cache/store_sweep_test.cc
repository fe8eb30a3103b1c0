#include "pkg/cache/store_sweep.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "pkg/artifact/blob_entry.h"
#include "pkg/base/test_folder.h"
#include "pkg/cache/empty_store.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

const Time kNow = Time(hours(500'000));

TEST(StoreSweep, DeletesABlobWithItsLastName) {
  TestFolder folder;
  const auto store = *store::NewDirectoryStore(folder / "store");
  bool given = false;
  const auto blob = store->PutBlob([&](std::span<char> buffer) -> Result<size_t> {
    if (std::exchange(given, true)) return size_t{0};
    return std::string("text").copy(buffer.data(), buffer.size());
  });
  ASSERT_TRUE(blob);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "store")) {
    if (entry.is_regular_file()) fs::last_write_time(entry, fs::file_time_type::clock::now() - hours(48));
  }
  const std::string old = R"({"at":")" + FormatTime(kNow - hours(48)) + R"("})";
  ASSERT_TRUE(store->PutEntry(artifact::BlobEntry("ns", blob->digest.hex()), old));
  EXPECT_EQ(SweepStore(*store, kNow, BlobsInUse(), {}).value(), 2);
  EXPECT_FALSE(store->BlobSize(blob->digest));
}

class NoListOfEntries : public EmptyStore {
 public:
  Result<store::EntryPage> ListEntries(const std::string&, size_t, const std::string&) override {
    return Error{.code = Code::kUnavailable, .message = "no"};
  }
  Result<void> ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>&) override {
    ++listed;
    return {};
  }

  int listed = 0;
};

TEST(StoreSweep, EndsAtTheFirstThatFails) {
  NoListOfEntries store;
  EXPECT_EQ(SweepStore(store, kNow, BlobsInUse(), {}).error().code, Code::kUnavailable);
  EXPECT_EQ(store.listed, 0);
}

}  // namespace
}  // namespace coreflow::cache
