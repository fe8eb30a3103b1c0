#include "pkg/store/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <utility>

#include "pkg/store/s3_upload.h"
#include "pkg/store/store_contract.h"
#include "tests/store/s3_ground.h"

namespace coreflow::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr size_t kMiB = size_t{1} << 20;

// Counts the parts that are sent.
class Counting : public http::Transport {
 public:
  Counting(std::unique_ptr<http::Transport> under, std::atomic<int>* parts) : under_(std::move(under)), parts_(parts) {}
  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override {
    if (request.target.find("partNumber=") != std::string::npos) ++*parts_;
    return under_->Send(std::move(request), deadline, std::move(done));
  }
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override {
    return under_->Stream(std::move(request), idle, std::move(sink), std::move(end));
  }

 private:
  const std::unique_ptr<http::Transport> under_;
  std::atomic<int>* const parts_;
};

class S3Test : public testing::Test {
 protected:
  // Puts until so many bytes were read, then the source fails.
  void PutUntil(size_t limit, const std::string& bytes, const Expected& expected) {
    Bytes source(bytes);
    const Source failing = [&](std::span<char> buffer) -> Result<size_t> {
      if (source.given >= limit) return Error{.code = Code::kCancelled, .message = "killed"};
      return source.source()(buffer);
    };
    EXPECT_EQ(CodeOf(store_->PutBlob(failing, expected)), "Cancelled");
  }
  int Uploads() {
    const auto listed =
        ground_.client().Ask({.doing = "look", .query = {{"uploads", ""}, {"prefix", ground_.options().prefix}}});
    EXPECT_TRUE(listed.has_value());
    int count = 0;
    for (const auto& child : listed->children) count += child.name == "Upload" ? 1 : 0;
    return count;
  }

  S3Ground ground_;
  std::atomic<int> parts_ = 0;
  std::unique_ptr<Store> store_ =
      ground_.OpenOver(std::make_unique<Counting>(TestTransport(ground_.options()), &parts_));
};

TEST_F(S3Test, APutThatWasCutShortGoesOnWithThePartsThatAreThere) {
  const std::string bytes = SomeBytes(35 * kMiB);  // 5 parts
  const Digest digest = Digest::Of(bytes);
  PutUntil(25 * kMiB, bytes, {.digest = digest});
  const int sent = parts_;
  EXPECT_EQ(sent, 3);
  Bytes again(bytes);
  ASSERT_EQ(CodeOf(store_->PutBlob(again.source(), {.digest = digest})), "OK");
  // The third was perhaps under way when the source failed.
  EXPECT_LE(parts_ - sent, 3);
  EXPECT_GE(parts_ - sent, 2);
  EXPECT_TRUE(ReadAll(*store_, digest) == bytes);
  EXPECT_EQ(Uploads(), 0);
}

TEST_F(S3Test, PartsOfOtherBytesAreSentAnew) {
  const std::string bytes = SomeBytes(20 * kMiB, 1);
  std::string other = bytes;
  other[0] ^= 1;
  const Digest digest = Digest::Of(bytes);
  PutUntil(17 * kMiB, other, {.digest = digest});
  Bytes source(bytes);
  ASSERT_EQ(CodeOf(store_->PutBlob(source.source(), {.digest = digest})), "OK");
  EXPECT_TRUE(ReadAll(*store_, digest) == bytes);
}

TEST_F(S3Test, WrongBytesGiveTheUploadUp) {
  Bytes source(SomeBytes(20 * kMiB));
  EXPECT_EQ(CodeOf(store_->PutBlob(source.source(), {.digest = Digest::Of("other")})), "Invalid");
  EXPECT_EQ(Uploads(), 0);
}

TEST_F(S3Test, ASweepClearsWhatWasCutShort) {
  const std::string bytes = SomeBytes(20 * kMiB);
  PutUntil(17 * kMiB, bytes, {.digest = Digest::Of(bytes)});
  ASSERT_TRUE(ground_.client().Do({.doing = "leave", .method = "PUT", .key = "uploads/left", .body = "x"}).has_value());
  EXPECT_EQ(Uploads(), 1);
  EXPECT_EQ(CodeOf(store_->SweepLeftovers(std::chrono::hours(1))), "OK");
  EXPECT_EQ(Uploads(), 1) << "it may be under way";
  EXPECT_TRUE(ground_.client().Do({.doing = "look", .key = "uploads/left"}).has_value());
  EXPECT_EQ(CodeOf(store_->SweepLeftovers(Duration(0))), "OK");
  EXPECT_EQ(Uploads(), 0);
  EXPECT_EQ(CodeOf(ground_.client().Do({.doing = "look", .key = "uploads/left"})), "NotFound");
}

TEST_F(S3Test, ABlobOfUnknownDigestLeavesNothingBehind) {
  const std::string bytes = SomeBytes(20 * kMiB);
  Bytes source(bytes);
  ASSERT_EQ(CodeOf(store_->PutBlob(source.source())), "OK");
  EXPECT_EQ(Uploads(), 0);
  const auto left = ground_.client().Ask(
      {.doing = "look", .query = {{"list-type", "2"}, {"prefix", ground_.options().prefix + "uploads/"}}});
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(left->Find("Contents"), nullptr);
}

TEST_F(S3Test, AnObjectIsCopiedOntoItselfWhateverItsSize) {
  for (const size_t size : {size_t{0}, size_t{1000}, 9 * kMiB}) {
    const std::string key = "copied/" + std::to_string(size);
    const std::string body = SomeBytes(size);
    ASSERT_TRUE(ground_.client().Do({.doing = "put", .method = "PUT", .key = key, .body = body}).has_value());
    EXPECT_EQ(CodeOf(Copy(ground_.client(), key, key, size)), "OK") << size;
    const auto read = ground_.client().Do({.doing = "read", .key = key});
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(read->body == body);
  }
}

TEST_F(S3Test, WrongBytesOnTheWayAreNoticed) {
  const std::string bytes = SomeBytes(kMiB);
  Bytes source(bytes);
  ASSERT_EQ(CodeOf(store_->PutBlob(source.source())), "OK");
  const auto garbling = ground_.OpenOver(
      std::make_unique<FaultyTransport>(TestTransport(ground_.options()), Faults{.wrong_bytes = 1000}, 1));
  EXPECT_THAT(ReadAll(*garbling, Digest::Of(bytes)), StartsWith("Gone: "));
}

// What the server refuses, in words.
class RefusalTest : public S3Test {
 protected:
  std::string Refusal(const S3Options& options, S3World world = S3World::Real()) {
    auto store = NewS3Store(options, TestTransport(options), std::move(world));
    EXPECT_TRUE(store.has_value());
    const auto put = (*store)->PutEntry("a/b/c", "x");
    EXPECT_FALSE(put.has_value());
    const auto read = (*store)->GetEntry("a/b/c");
    EXPECT_EQ(CodeOf(read), CodeOf(put));
    EXPECT_EQ(CodeOf((*store)->BlobSize(Digest())), CodeOf(put));
    return put ? "" : put.error().message;
  }
  S3Options WithKey(const AccessKey& key) {
    S3Options options = TestBucket();
    options.access_key = [key] { return key; };
    return options;
  }
};

TEST_F(RefusalTest, AKeyThatIsNotKnown) {
  EXPECT_THAT(Refusal(WithKey({.id = "NOBODY", .secret = Secret<std::string>("hush")})),
              AllOf(StartsWith("S3 at 127.0.0.1:"), HasSubstr("refused the access key: it does not know its id"),
                    Not(HasSubstr("hush"))));
}

TEST_F(RefusalTest, ASecretThatIsNotTheKeys) {
  AccessKey key = *TestBucket().access_key();
  key.secret = Secret<std::string>("hush");
  EXPECT_THAT(Refusal(WithKey(key)),
              AllOf(HasSubstr("refused the access key: the secret does not belong to its id"), Not(HasSubstr("hush"))));
}

TEST_F(RefusalTest, ABucketThatIsNotThere) {
  S3Options options = TestBucket();
  options.bucket = "no-such-bucket";
  EXPECT_THAT(Refusal(options), HasSubstr("has no bucket no-such-bucket: make it, or name another"));
}

TEST_F(RefusalTest, AClockThatIsWrong) {
  S3World world = S3World::Real();
  world.now = [now = world.now] { return now() - std::chrono::hours(2); };
  EXPECT_THAT(Refusal(TestBucket(), world), HasSubstr("the clocks differ too much; here it is "));
}

TEST_F(RefusalTest, NobodyListens) {
  S3Options options = TestBucket();
  options.endpoint = "http://127.0.0.1:1";
  S3World world = S3World::Real();
  int pauses = 0;
  world.pause = [&](Duration) { ++pauses; };
  EXPECT_THAT(Refusal(options, world), HasSubstr("S3 at 127.0.0.1:1, bucket coreflow-test: PUT "));
  EXPECT_EQ(pauses, 3 * 5);
}

}  // namespace
}  // namespace coreflow::store
