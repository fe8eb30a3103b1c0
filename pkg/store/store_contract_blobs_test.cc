#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kMiB = size_t{1} << 20;

std::map<std::string, uint64_t> Listed(Store& store) {
  std::map<std::string, uint64_t> blobs;
  const auto listed = store.ListBlobs([&](const ListedBlob& blob) -> Result<void> {
    blobs[blob.blob.digest.hex()] = blob.blob.size;
    return {};
  });
  EXPECT_EQ(CodeOf(listed), "OK");
  return blobs;
}

Blob Put(Store& store, const std::string& bytes) {
  Bytes source(bytes);
  auto put = store.PutBlob(source.source());
  EXPECT_TRUE(put.has_value()) << put.error().message;
  return put ? *put : Blob{};
}

TEST_P(StoreContract, WhatIsPutIsReadBackWhateverItsSize) {
  for (const size_t size : {size_t{0}, size_t{1}, kMiB + 1, 8 * kMiB - 1, 8 * kMiB, 8 * kMiB + 1, 21 * kMiB}) {
    const std::string bytes = SomeBytes(size, size);
    Bytes source(bytes, 777'777);
    const auto put = store_->PutBlob(source.source());
    ASSERT_TRUE(put.has_value()) << size << ": " << put.error().message;
    EXPECT_EQ(*put, (Blob{.digest = Digest::Of(bytes), .size = size}));
    EXPECT_TRUE(ReadAll(*store_, put->digest) == bytes) << size;
    EXPECT_EQ(*store_->BlobSize(put->digest), size);
  }
  EXPECT_EQ(Listed(*store_).size(), 7u);
}

TEST_P(StoreContract, WhatIsExpectedIsChecked) {
  for (const size_t size : {size_t{100}, 9 * kMiB}) {
    const std::string bytes = SomeBytes(size);
    const Digest digest = Digest::Of(bytes);
    const auto put = [&](const Expected& expected) {
      Bytes source(bytes);
      return CodeOf(store_->PutBlob(source.source(), expected));
    };
    EXPECT_EQ(put({.digest = Digest::Of("other")}), "Invalid");
    EXPECT_EQ(put({.size = size + 1}), "Invalid");
    EXPECT_EQ(put({.size = size - 1}), "Invalid");
    EXPECT_EQ(put({.digest = digest, .size = size - 1}), "Invalid");
    EXPECT_EQ(Listed(*store_).size(), 0u) << "nothing was put";
    EXPECT_EQ(put({.digest = digest, .size = size}), "OK");
    EXPECT_TRUE(ReadAll(*store_, digest) == bytes);
    EXPECT_EQ(CodeOf(store_->DeleteBlob(digest)), "OK");
  }
}

TEST_P(StoreContract, ASourceThatFailsLeavesNothingAndSpoilsNothing) {
  for (const bool known : {false, true}) {
    const std::string bytes = SomeBytes(17 * kMiB, known ? 7 : 8);
    Expected expected;
    if (known) expected.digest = Digest::Of(bytes);
    Bytes source(bytes);
    const Source failing = [&](std::span<char> buffer) -> Result<size_t> {
      if (source.given > 10 * kMiB) return Error{.code = Code::kCancelled, .message = "the user has gone"};
      return source.source()(buffer);
    };
    const auto put = store_->PutBlob(failing, expected);
    ASSERT_FALSE(put.has_value());
    EXPECT_EQ(put.error().message, "the user has gone");
    EXPECT_EQ(Listed(*store_).size(), 0u);
    Bytes again(bytes);
    EXPECT_EQ(CodeOf(store_->PutBlob(again.source(), expected)), "OK");
    EXPECT_TRUE(ReadAll(*store_, Digest::Of(bytes)) == bytes);
    EXPECT_EQ(CodeOf(store_->DeleteBlob(Digest::Of(bytes))), "OK");
  }
}

TEST_P(StoreContract, ABlobThatIsThereIsNotReadAgain) {
  const Blob blob = Put(*store_, "abc");
  Bytes source("abc");
  const auto put = store_->PutBlob(source.source(), {.digest = blob.digest});
  ASSERT_TRUE(put.has_value());
  EXPECT_EQ(*put, blob);
  EXPECT_EQ(source.asked, 0);
}

TEST_P(StoreContract, ABlobIsNotVisibleWhileItIsPut) {
  const std::string bytes = SomeBytes(10 * kMiB);
  const Digest digest = Digest::Of(bytes);
  Bytes source(bytes);
  std::string seen;
  const Source looking = [&](std::span<char> buffer) {
    seen += CodeOf(store_->BlobSize(digest)) + std::to_string(Listed(*store_).size()) + " ";
    return source.source()(buffer);
  };
  source.most = 5 * kMiB;
  ASSERT_EQ(CodeOf(store_->PutBlob(looking, {.digest = digest})), "OK");
  EXPECT_THAT(seen, StartsWith("NotFound0 NotFound0 NotFound0 "));
  EXPECT_EQ(seen.find("OK"), std::string::npos);
}

TEST_P(StoreContract, WhatIsNotThereIsNotFound) {
  const Digest digest = Digest::Of("never put");
  EXPECT_EQ(CodeOf(store_->BlobSize(digest)), "NotFound");
  EXPECT_THAT(ReadAll(*store_, digest), HasSubstr("no blob " + digest.hex()));
  EXPECT_THAT(ReadAll(*store_, digest), StartsWith("NotFound: "));
  EXPECT_THAT(ReadRange(*store_, digest, 0, 1), StartsWith("NotFound: "));
  EXPECT_THAT(ReadRange(*store_, digest, 0, 0), StartsWith("NotFound: "));
  EXPECT_EQ(CodeOf(store_->DeleteBlob(digest)), "OK");
}

TEST_P(StoreContract, RangesEndWhereTheBlobEnds) {
  const std::string bytes = SomeBytes(5 * kMiB + 3);
  const Digest digest = Put(*store_, bytes).digest;
  struct Range {
    uint64_t offset;
    uint64_t length;
  };
  for (const Range range :
       {Range{0, 1}, Range{0, 0}, Range{1, 4 * kMiB}, Range{4 * kMiB - 1, 2}, Range{3, 5 * kMiB}, Range{5 * kMiB, 100},
        Range{5 * kMiB + 3, 1}, Range{1ULL << 40, 5}, Range{0, ~0ULL}, Range{7, ~0ULL}, Range{~0ULL - 1, ~0ULL}}) {
    const std::string want = range.offset < bytes.size() ? bytes.substr(range.offset, range.length) : "";
    EXPECT_TRUE(ReadRange(*store_, digest, range.offset, range.length) == want) << range.offset << " " << range.length;
  }
  const Digest empty = Put(*store_, "").digest;
  EXPECT_EQ(ReadRange(*store_, empty, 0, 10), "");
}

TEST_P(StoreContract, ASinkThatHasEnoughEndsTheRead) {
  const Digest digest = Put(*store_, SomeBytes(9 * kMiB)).digest;
  int calls = 0;
  const auto read = store_->ReadBlob(digest, [&](std::string_view) -> Result<void> {
    ++calls;
    return Error{.code = Code::kCancelled, .message = "enough"};
  });
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message, "enough");
  EXPECT_EQ(calls, 1);
}

TEST_P(StoreContract, DamageIsToldFromAbsenceAndHealedByANewPut) {
  const std::string bytes = SomeBytes(6 * kMiB);
  const Digest digest = Put(*store_, bytes).digest;
  std::string flipped = bytes;
  flipped[5 * kMiB] ^= 1;
  for (const std::string& damage : {flipped, bytes.substr(0, 5 * kMiB), bytes + "x", std::string()}) {
    ground_->Damage(digest, damage);
    EXPECT_THAT(ReadAll(*store_, digest), AllOf(StartsWith("Gone: "), HasSubstr("damaged"))) << damage.size();
  }
  ASSERT_EQ(CodeOf(store_->DeleteBlob(digest)), "OK");
  Put(*store_, bytes);
  EXPECT_TRUE(ReadAll(*store_, digest) == bytes);
}

TEST_P(StoreContract, ABlobOfTheWrongSizeIsPutAnewWhenTheSizeIsExpected) {
  const Digest digest = Put(*store_, "abcdef").digest;
  ground_->Damage(digest, "abc");
  Bytes source("abcdef");
  EXPECT_EQ(CodeOf(store_->PutBlob(source.source(), {.digest = digest, .size = 6})), "OK");
  EXPECT_EQ(ReadAll(*store_, digest), "abcdef");
}

TEST_P(StoreContract, ListsAllWithAgesAndStopsWhenToldSo) {
  std::map<std::string, uint64_t> want;
  for (int i = 0; i < 5; ++i)
    want[Put(*store_, std::string(static_cast<size_t>(i), 'x')).digest.hex()] = static_cast<uint64_t>(i);
  EXPECT_EQ(Listed(*store_), want);
  int visited = 0;
  const auto listed = store_->ListBlobs([&](const ListedBlob& blob) -> Result<void> {
    EXPECT_LT(blob.age, std::chrono::minutes(10));
    EXPECT_GT(blob.age, -std::chrono::minutes(10));
    if (++visited == 3) return Error{.code = Code::kCancelled, .message = "enough"};
    return {};
  });
  EXPECT_EQ(visited, 3);
  ASSERT_FALSE(listed.has_value());
  EXPECT_EQ(listed.error().message, "enough");
}

TEST_P(StoreContract, AnotherClientSeesWhatIsPutAndWhatIsDeleted) {
  const auto other = ground_->Open();
  const Digest digest = Put(*store_, "shared").digest;
  EXPECT_EQ(ReadAll(*other, digest), "shared");
  const auto age = other->BlobAge(digest);
  ASSERT_TRUE(age.has_value()) << age.error().message;
  EXPECT_LT(*age, std::chrono::minutes(10));
  EXPECT_EQ(CodeOf(other->DeleteBlob(digest)), "OK");
  EXPECT_EQ(CodeOf(store_->BlobSize(digest)), "NotFound");
  EXPECT_EQ(CodeOf(store_->BlobAge(digest)), "NotFound");
}

TEST_P(StoreContract, ManyMayPutTheSameBlobAtOnce) {
  const std::string bytes = SomeBytes(9 * kMiB);
  std::vector<std::string> codes(4);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < codes.size(); ++i) {
      threads.emplace_back([&, i] {
        Bytes source(bytes);
        codes[i] = CodeOf(ground_->Open()->PutBlob(source.source()));
      });
    }
  }
  EXPECT_EQ(codes, std::vector<std::string>(4, "OK"));
  EXPECT_TRUE(ReadAll(*store_, Digest::Of(bytes)) == bytes);
  EXPECT_EQ(Listed(*store_).size(), 1u);
}

TEST_P(StoreContract, ASweepOfLeftoversTouchesNoBlob) {
  const Digest digest = Put(*store_, "kept").digest;
  EXPECT_EQ(CodeOf(store_->SweepLeftovers(Duration(0))), "OK");
  EXPECT_EQ(ReadAll(*store_, digest), "kept");
}

}  // namespace
}  // namespace coreflow::store
