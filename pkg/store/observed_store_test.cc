#include "pkg/store/observed_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/base/test_folder.h"
#include "pkg/store/directory.h"
#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

using testing::ElementsAre;

class ObservedStoreTest : public testing::Test {
 protected:
  TestFolder folder_;
  std::unique_ptr<Store> under_ = *NewDirectoryStore(folder_ / "store");
  std::vector<std::string> told_;
  std::unique_ptr<Store> store_ = Observe(*under_, [this](Operation operation, const Error* error) {
    told_.push_back(std::string(OperationName(operation)) + " " + (error ? CodeName(error->code) : "OK"));
  });
};

TEST_F(ObservedStoreTest, TellsOfEachCallHowItWent) {
  ASSERT_TRUE(store_->PutEntry("ns/results/b", "c"));
  EXPECT_EQ(store_->GetEntry("ns/results/b").value(), "c");
  EXPECT_FALSE(store_->GetEntry("ns/results/none"));
  EXPECT_FALSE(store_->PutEntryIfAbsent("ns/results/b", "d"));
  EXPECT_EQ(store_->ListEntries("", 10, "")->names.size(), 1u);
  EXPECT_TRUE(store_->DeleteEntry("ns/results/b"));
  EXPECT_THAT(told_, ElementsAre("PutEntry OK", "GetEntry OK", "GetEntry NotFound", "PutEntry AlreadyExists", "List OK",
                                 "Delete OK"));
}

TEST_F(ObservedStoreTest, WhatTheCallerFailsWithIsNotTheStores) {
  const Source broken = [](std::span<char>) -> Result<size_t> {
    return Error{.code = Code::kUnavailable, .message = "the sender is gone"};
  };
  const auto put = store_->PutBlob(broken);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::kUnavailable) << "the caller gets what happened";
  Bytes bytes("hello");
  const auto blob = store_->PutBlob(bytes.source());
  ASSERT_TRUE(blob);
  EXPECT_FALSE(store_->ReadBlob(blob->digest, [](std::string_view) -> Result<void> {
    return Error{.code = Code::kUnavailable, .message = "the receiver is gone"};
  }));
  EXPECT_THAT(told_, ElementsAre("PutBlob Cancelled", "PutBlob OK", "ReadBlob Cancelled"));
}

}  // namespace
}  // namespace coreflow::store
