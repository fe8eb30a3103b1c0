#include "pkg/store/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "pkg/base/test_folder.h"
#include "pkg/store/observed_store.h"
#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::unique_ptr<Store> OpenStore(const std::string& path) {
  auto store = NewDirectoryStore(path);
  EXPECT_TRUE(store.has_value()) << store.error().message;
  return std::move(*store);
}

std::string PathOf(const Digest& digest) { return "store/blobs/" + digest.hex().substr(0, 2) + "/" + digest.hex(); }

class DirectoryGround : public Ground {
 public:
  std::unique_ptr<Store> Open() override { return OpenStore(folder_ / "store"); }
  void Damage(const Digest& digest, const std::string& bytes) override { folder_.Write(PathOf(digest), bytes); }

 private:
  TestFolder folder_;
};

class ObservedGround : public DirectoryGround {
 public:
  std::unique_ptr<Store> Open() override {
    under_.push_back(DirectoryGround::Open());
    return Observe(*under_.back(), [](Operation, const Error*) {});
  }

 private:
  std::vector<std::unique_ptr<Store>> under_;
};

INSTANTIATE_TEST_SUITE_P(Directory, StoreContract,
                         testing::Values(Implementation{"Directory",
                                                        [] { return std::make_unique<DirectoryGround>(); }},
                                         Implementation{"Observed", [] { return std::make_unique<ObservedGround>(); }}),
                         [](const auto& info) { return info.param.name; });

class DirectoryTest : public testing::Test {
 protected:
  Digest Put(const std::string& bytes) {
    Bytes source(bytes);
    auto put = store_->PutBlob(source.source());
    EXPECT_TRUE(put.has_value());
    return put->digest;
  }
  size_t Files(const std::string& folder) const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_ / folder), fs::directory_iterator()));
  }

  TestFolder folder_;
  std::unique_ptr<Store> store_ = OpenStore(folder_ / "store");
};

TEST_F(DirectoryTest, NobodyElseMayLookIn) {
  const Digest digest = Put("x");
  ASSERT_EQ(CodeOf(store_->PutEntry("a/b/c", "x")), "OK");
  for (const auto& file : fs::recursive_directory_iterator(folder_ / "store")) {
    const auto want = file.is_directory() ? fs::perms::owner_all : fs::perms::owner_read | fs::perms::owner_write;
    EXPECT_EQ(file.status().permissions(), want) << file.path();
  }
  EXPECT_TRUE(fs::exists(folder_ / PathOf(digest)));
}

TEST_F(DirectoryTest, APutThatEndsBadlyLeavesNoFile) {
  const Source failing = [](std::span<char>) -> Result<size_t> { return Error{.code = Code::kCancelled}; };
  EXPECT_EQ(CodeOf(store_->PutBlob(failing)), "Cancelled");
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("a/b/c", "1")), "OK");
  EXPECT_EQ(CodeOf(store_->PutEntryIfAbsent("a/b/c", "2")), "AlreadyExists");
  EXPECT_EQ(Files("store/tmp"), 0u);
}

// The put is killed after each number of pieces in turn.
TEST_F(DirectoryTest, AProcessThatIsKilledLeavesNothingHalfVisible) {
  const std::string bytes = SomeBytes(8 << 20);
  const Digest digest = Digest::Of(bytes);
  for (int pieces = 0; pieces <= 9; ++pieces) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Bytes source(bytes);
      const Source deadly = [&](std::span<char> buffer) {
        if (source.asked == pieces) ::raise(SIGKILL);
        return source.source()(buffer);
      };
      auto put = store_->PutBlob(deadly);
      ::_exit(put ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const bool whole = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    EXPECT_EQ(whole, pieces == 9) << pieces;
    EXPECT_EQ(CodeOf(store_->BlobSize(digest)), whole ? "OK" : "NotFound");
  }
  EXPECT_EQ(Files("store/tmp"), 9u);
  EXPECT_EQ(CodeOf(store_->SweepLeftovers(std::chrono::hours(1))), "OK");
  EXPECT_EQ(Files("store/tmp"), 9u) << "they might be in use";
  EXPECT_EQ(CodeOf(store_->SweepLeftovers(Duration(0))), "OK");
  EXPECT_EQ(Files("store/tmp"), 0u);
  EXPECT_TRUE(ReadAll(*store_, digest) == bytes);
}

TEST_F(DirectoryTest, APutWhoseFileIsSweptAwayFailsAndShowsNothing) {
  Bytes source("abc");
  const Source sweeping = [&](std::span<char> buffer) {
    EXPECT_EQ(CodeOf(store_->SweepLeftovers(Duration(0))), "OK");
    return source.source()(buffer);
  };
  EXPECT_NE(CodeOf(store_->PutBlob(sweeping)), "OK");
  EXPECT_EQ(CodeOf(store_->BlobSize(Digest::Of("abc"))), "NotFound");
}

TEST_F(DirectoryTest, LinksAreNotFollowed) {
  const std::string secret = folder_.Write("secret", "secret");
  const Digest digest = Put("x");
  fs::remove(folder_ / PathOf(digest));
  fs::create_symlink(secret, folder_ / PathOf(digest));
  EXPECT_EQ(CodeOf(store_->BlobSize(digest)), "Invalid");
  EXPECT_THAT(ReadAll(*store_, digest), testing::Not(HasSubstr("secret:")));

  folder_.Folder("outside");
  fs::create_directories(folder_ / "store/entries");
  fs::create_symlink(folder_ / "outside", folder_ / "store/entries/ns");
  EXPECT_EQ(CodeOf(store_->PutEntry("ns/kind/key", "x")), "Invalid");
  EXPECT_EQ(Files("outside"), 0u);
  EXPECT_EQ(CodeOf(store_->ListEntries("", 10, "")), "Invalid");
}

TEST_F(DirectoryTest, PuttingAgainMakesABlobYoung) {
  const Digest digest = Put("x");
  for (const bool known : {true, false}) {
    fs::last_write_time(folder_ / PathOf(digest), fs::file_time_type::clock::now() - std::chrono::hours(48));
    Duration age{};
    const auto look = [&](const ListedBlob& blob) -> Result<void> { return age = blob.age, Result<void>(); };
    ASSERT_EQ(CodeOf(store_->ListBlobs(look)), "OK");
    EXPECT_GE(age, std::chrono::hours(47));
    Bytes source("x");
    ASSERT_EQ(CodeOf(store_->PutBlob(source.source(), known ? Expected{.digest = digest} : Expected{})), "OK");
    ASSERT_EQ(CodeOf(store_->ListBlobs(look)), "OK");
    EXPECT_LT(age, std::chrono::hours(1));
  }
}

TEST_F(DirectoryTest, BlobsTakeNoMoreThanTheyMay) {
  const auto full = *NewDirectoryStore(folder_ / "store", uint64_t{3} << 20);
  const auto put = [&](size_t size, uint64_t seed) {
    Bytes source(SomeBytes(size, seed));
    return full->PutBlob(source.source());
  };
  ASSERT_EQ(CodeOf(put(2 << 20, 1)), "OK");
  ASSERT_EQ(CodeOf(put(1 << 20, 2)), "OK");
  const auto more = put(1, 3);
  ASSERT_EQ(CodeOf(more), "TooMany");
  EXPECT_EQ(more.error().message,
            "the store is full: " + (folder_ / "store") + ": artifacts take 3 MiB and may take 3 MiB");
  EXPECT_EQ(Files("store/tmp"), 0u);
  EXPECT_EQ(CodeOf(full->PutEntry("a/b/c", "x")), "OK") << "entries have room of their own";
  ASSERT_EQ(CodeOf(full->DeleteBlob(Digest::Of(SomeBytes(1 << 20, 2)))), "OK");
  EXPECT_EQ(CodeOf(put(1 << 20, 4)), "OK");
}

TEST_F(DirectoryTest, TheSameBlobAgainTakesNoMore) {
  const auto full = *NewDirectoryStore(folder_ / "store", uint64_t{2} << 20);
  for (int i = 0; i < 5; ++i) {
    Bytes source(SomeBytes(1 << 20));
    ASSERT_EQ(CodeOf(full->PutBlob(source.source())), "OK") << i;
  }
}

TEST_F(DirectoryTest, WhatAKilledProcessLeftTakesRoomUntilItIsSwept) {
  const auto full = *NewDirectoryStore(folder_ / "store", uint64_t{2} << 20);
  folder_.Write("store/tmp/left", SomeBytes(2 << 20));
  Bytes source("x");
  EXPECT_EQ(CodeOf(full->PutBlob(source.source())), "TooMany");
  ASSERT_EQ(CodeOf(full->SweepLeftovers(Duration(0))), "OK");
  EXPECT_EQ(CodeOf(full->PutBlob(source.source())), "OK");
}

TEST_F(DirectoryTest, ErrorsNameTheStore) {
  const auto read = store_->GetEntry("a/b/c");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message, (folder_ / "store") + ": no entry a/b/c");
}

TEST(NewDirectoryStoreTest, WantsAFolderInOneThatExists) {
  const TestFolder folder;
  EXPECT_EQ(CodeOf(NewDirectoryStore(folder / "a/b")), "NotFound");
  EXPECT_EQ(CodeOf(NewDirectoryStore(folder.Write("file", ""))), "Invalid");
  EXPECT_EQ(CodeOf(NewDirectoryStore(folder / "new")), "OK");
  EXPECT_EQ(CodeOf(NewDirectoryStore(folder / "new")), "OK");
}

}  // namespace
}  // namespace coreflow::store
