#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "pkg/cache/blob_sweep.h"
#include "pkg/cache/sweep.h"
#include "pkg/store/store_contract.h"
#include "tests/store/s3_ground.h"

namespace coreflow::store {
namespace {

// Long after: ages are by the date of an answer. Counts what is asked.
class Later : public http::Transport {
 public:
  Later(std::unique_ptr<http::Transport> under, std::atomic<int>* asked) : under_(std::move(under)), asked_(asked) {}
  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override {
    ++*asked_;
    return under_->Send(std::move(request), deadline, [done = std::move(done)](Result<http::Response> answer) {
      if (answer) answer->headers["date"] = "Fri, 01 Jan 2100 00:00:00 GMT";
      done(std::move(answer));
    });
  }
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override {
    return under_->Stream(std::move(request), idle, std::move(sink), std::move(end));
  }

 private:
  const std::unique_ptr<http::Transport> under_;
  std::atomic<int>* const asked_;
};

class S3SweepTest : public testing::Test {
 protected:
  Digest Put(const std::string& text) {
    Bytes bytes(text);
    const auto blob = store_->PutBlob(bytes.source());
    EXPECT_TRUE(blob.has_value());
    return blob->digest;
  }

  const Time now_ = S3World::Real().now();
  S3Ground ground_;
  std::atomic<int> asked_ = 0;
  std::unique_ptr<Store> store_ = ground_.Open();
  std::unique_ptr<Store> later_ = ground_.OpenOver(std::make_unique<Later>(TestTransport(ground_.options()), &asked_));
};

TEST_F(S3SweepTest, DeletesOldResultsForARequestEachAndOneForAllNames) {
  const auto kept = [&](Duration age) { return R"({"kept":")" + FormatTime(now_ - age) + R"("})"; };
  for (int i = 0; i < 20; ++i) {
    const Duration age = std::chrono::hours(i < 5 ? 24 * 40 : 1);
    ASSERT_EQ(CodeOf(store_->PutEntry("ns/results/" + std::to_string(i), kept(age))), "OK");
  }
  EXPECT_EQ(cache::Sweep(*later_, now_, {}, cache::BlobsInUse(), {}).value(), 5);
  EXPECT_EQ(asked_, 1 + 20 + 5);
  EXPECT_EQ(store_->ListEntries("", 100, "")->names.size(), 15u);
}

TEST_F(S3SweepTest, DeletesBlobsWithoutANameForTwoRequestsEach) {
  const Digest named = Put("named"), nameless = Put("nameless");
  ASSERT_EQ(CodeOf(store_->PutEntry("ns/blobs/" + named.hex(), "{}")), "OK");
  EXPECT_EQ(cache::SweepBlobs(*store_, {}).value(), 0) << "they are young";
  EXPECT_EQ(cache::SweepBlobs(*later_, {}).value(), 1);
  EXPECT_EQ(asked_, 2 + 2) << "its age once more, then the deletion";
  EXPECT_EQ(CodeOf(store_->BlobSize(named)), "OK");
  EXPECT_EQ(CodeOf(store_->BlobSize(nameless)), "NotFound");
}

}  // namespace
}  // namespace coreflow::store
