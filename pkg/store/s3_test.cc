#include "pkg/store/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Script = std::function<Result<http::Response>(const http::Request&)>;

// Answers as the script says, at once, and keeps what was asked. For one thread.
class ScriptedTransport : public http::Transport {
 public:
  ScriptedTransport(Script script, std::vector<http::Request>* asked) : script_(std::move(script)), asked_(asked) {}
  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds, Completion done) override {
    asked_->push_back(request);
    done(script_(request));
    return nullptr;
  }
  std::shared_ptr<http::Cancel> Stream(http::Request, std::chrono::milliseconds, std::shared_ptr<http::Sink>,
                                       StreamEnd end) override {
    end(Error{.code = Code::kInternal, .message = "the store does not stream"});
    return nullptr;
  }

 private:
  const Script script_;
  std::vector<http::Request>* const asked_;
};

http::Response S3Error(int status, const std::string& code) {
  return {.status = status,
          .headers = {{"date", "Fri, 24 May 2013 12:00:00 GMT"}},
          .body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>echo</Message></Error>"};
}

Error Cut() { return {.code = Code::kUnavailable, .message = "cut"}; }

S3Options Example() {
  return {.endpoint = "https://s3.example.com",
          .region = "eu-central-1",
          .bucket = "artifacts",
          .prefix = "core flow/",
          .access_key = [] {
            return AccessKey{.id = "THEKEYID",
                             .secret = Secret<std::string>("THESECRET"),
                             .session_token = Secret<std::string>("THETOKEN")};
          }};
}

class S3StoreTest : public testing::Test {
 protected:
  std::unique_ptr<Store> Open(Script script, const S3Options& options = Example()) {
    const Time now = std::chrono::sys_days(std::chrono::year(2013) / 5 / 24);
    auto store =
        NewS3Store(options, std::make_unique<ScriptedTransport>(std::move(script), &asked_),
                   {.now = [now] { return now; }, .pause = [this](Duration p) { pauses_.push_back(p.count()); }});
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  }
  // Answers one after another, the last for ever.
  static Script Answers(std::deque<Result<http::Response>> answers) {
    return [answers](const http::Request&) mutable {
      auto next = answers.front();
      if (answers.size() > 1) answers.pop_front();
      return next;
    };
  }
  std::string HeaderOfLast(const std::string& name) const {
    for (const auto& [header, value] : asked_.back().headers) {
      if (header == name) return value;
    }
    return "";
  }

  std::vector<http::Request> asked_;
  std::vector<int64_t> pauses_;
};

TEST_F(S3StoreTest, TheBucketStandsInTheHostOrInThePath) {
  const auto ok = Answers({http::Response{.status = 200, .body = "{}"}});
  EXPECT_EQ(CodeOf(Open(ok)->GetEntry("a/b/c")), "OK");
  EXPECT_EQ(asked_.back().target, "/core%20flow/entries/a/b/c");
  EXPECT_EQ(HeaderOfLast("Host"), "artifacts.s3.example.com");
  EXPECT_EQ(*S3Origin(Example()), "https://artifacts.s3.example.com");

  S3Options path = Example();
  path.path_style = true;
  path.endpoint = "http://[::1]:9000";
  EXPECT_EQ(CodeOf(Open(ok, path)->GetEntry("a/b/c")), "OK");
  EXPECT_EQ(asked_.back().target, "/artifacts/core%20flow/entries/a/b/c");
  EXPECT_EQ(HeaderOfLast("Host"), "[::1]:9000");
  EXPECT_EQ(*S3Origin(path), "http://[::1]:9000");
}

TEST_F(S3StoreTest, RequestsAreSignedForTheirRegionWithTheSessionToken) {
  EXPECT_EQ(CodeOf(Open(Answers({http::Response{.status = 200}}))->GetEntry("a/b/c")), "OK");
  EXPECT_THAT(HeaderOfLast("Authorization"), HasSubstr("Credential=THEKEYID/20130524/eu-central-1/s3/aws4_request"));
  EXPECT_EQ(HeaderOfLast("x-amz-security-token"), "THETOKEN");
}

TEST_F(S3StoreTest, TroubleThatPassesIsWaitedFor) {
  auto slow = S3Error(503, "SlowDown");
  slow.headers["retry-after"] = "7";
  const auto store = Open(Answers({Cut(), S3Error(500, "InternalError"), slow, http::Response{.status = 429},
                                   S3Error(400, "RequestTimeout"), http::Response{.status = 200, .body = "{}"}}));
  EXPECT_EQ(*store->GetEntry("a/b/c"), "{}");
  EXPECT_THAT(pauses_, ElementsAre(300, 600, 7000, 2400, 4800));
}

TEST_F(S3StoreTest, AfterSixTriesTheTroubleIsTold) {
  EXPECT_EQ(Open(Answers({Cut()}))->GetEntry("a/b/c").error(),
            (Error{.code = Code::kUnavailable, .message = "S3 at artifacts.s3.example.com, bucket artifacts: cut"}));
  EXPECT_EQ(asked_.size(), 6u);
  EXPECT_EQ(CodeOf(Open(Answers({S3Error(503, "SlowDown")}))->GetEntry("a/b/c")), "Unavailable");
  EXPECT_EQ(CodeOf(Open(Answers({http::Response{.status = 502}}))->GetEntry("a/b/c")), "Unavailable");
}

TEST_F(S3StoreTest, WhatWillNotPassIsNotRepeated) {
  for (const auto& answer : {S3Error(403, "AccessDenied"), S3Error(404, "NoSuchKey"), S3Error(400, "Strange"),
                             http::Response{.status = 501}, http::Response{.status = 301}}) {
    asked_.clear();
    EXPECT_NE(CodeOf(Open(Answers({answer}))->GetEntry("a/b/c")), "OK");
    EXPECT_EQ(asked_.size(), 1u) << answer.status;
  }
  asked_.clear();
  EXPECT_EQ(CodeOf(Open(Answers({Error{.code = Code::kCancelled}}))->GetEntry("a/b/c")), "Cancelled");
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(S3StoreTest, AnErrorBehindAStatusOf200IsAnError) {
  const auto store = Open(Answers({S3Error(200, "InternalError"), S3Error(200, "AccessDenied")}));
  EXPECT_EQ(CodeOf(store->PutEntry("a/b/c", "{}")), "Forbidden");
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(S3StoreTest, AnEntryThatLooksLikeAnErrorIsAnEntry) {
  const auto store = Open(Answers({S3Error(200, "InternalError")}));
  EXPECT_THAT(*store->GetEntry("a/b/c"), HasSubstr("<Error>"));
}

TEST_F(S3StoreTest, APutIfAbsentWhoseAnswerWasLostHasWon) {
  const auto script = [this](const std::string& there) {
    return [this, there](const http::Request& request) -> Result<http::Response> {
      if (request.method == "GET") return http::Response{.status = 200, .body = there};
      return asked_.size() == 1 ? Result<http::Response>(Cut()) : S3Error(412, "PreconditionFailed");
    };
  };
  EXPECT_EQ(CodeOf(Open(script("mine"))->PutEntryIfAbsent("a/b/c", "mine")), "OK");
  asked_.clear();
  EXPECT_EQ(CodeOf(Open(script("theirs"))->PutEntryIfAbsent("a/b/c", "mine")), "AlreadyExists");
}

TEST_F(S3StoreTest, AnOldBlobIsCopiedOntoItselfAndAYoungOneIsLeft) {
  const Digest digest = Digest::Of("x");
  for (const auto& [modified, want] :
       {std::pair("Fri, 24 May 2013 10:30:00 GMT", 2), {"Fri, 24 May 2013 11:30:00 GMT", 1}}) {
    asked_.clear();
    const auto store = Open([modified = modified](const http::Request& request) -> Result<http::Response> {
      if (request.method == "PUT") return http::Response{.status = 200};
      return http::Response{.status = 206,
                            .headers = {{"content-range", "bytes 0-0/1"},
                                        {"date", "Fri, 24 May 2013 12:00:00 GMT"},
                                        {"last-modified", modified}},
                            .body = "x"};
    });
    Bytes source("x");
    EXPECT_EQ(CodeOf(store->PutBlob(source.source(), {.digest = digest})), "OK");
    EXPECT_EQ(source.asked, 0);
    ASSERT_EQ(asked_.size(), static_cast<size_t>(want)) << modified;
    if (want == 2) {
      EXPECT_EQ(HeaderOfLast("x-amz-copy-source"), "/artifacts/core%20flow/blobs/" + digest.hex());
      EXPECT_EQ(HeaderOfLast("x-amz-metadata-directive"), "REPLACE");
    }
  }
}

TEST_F(S3StoreTest, AServerThatDoesNotDoRangesWillDo) {
  const auto store = Open(Answers({http::Response{.status = 200, .body = "abcdef"}}));
  EXPECT_EQ(ReadAll(*store, Digest::Of("abcdef")), "abcdef");
  EXPECT_EQ(ReadRange(*store, Digest::Of("abcdef"), 2, 3), "cde");
  EXPECT_EQ(*store->BlobSize(Digest::Of("abcdef")), 6u);
}

TEST_F(S3StoreTest, NonsenseFromTheServerIsAnError) {
  for (const char* body : {"", "<html>", "no xml", "<a>"}) {
    const auto store = Open(Answers({http::Response{.status = 200, .body = body}}));
    EXPECT_EQ(CodeOf(store->ListEntries("", 10, "")), "Unavailable") << body;
    EXPECT_EQ(CodeOf(store->SweepLeftovers(Duration(0))), "Unavailable") << body;
  }
  const auto short_range = http::Response{.status = 206, .headers = {{"content-range", "bytes 0-5/6"}}, .body = "abc"};
  EXPECT_THAT(ReadAll(*Open(Answers({short_range})), Digest()), HasSubstr("3 bytes instead of 6"));
  const auto no_size = http::Response{.status = 206, .headers = {{"content-range", "bytes 0-5/*"}}, .body = "abcdef"};
  EXPECT_THAT(ReadAll(*Open(Answers({no_size})), Digest()), HasSubstr("without the size"));
}

TEST_F(S3StoreTest, KeysThatAreNotTheStoresAreNotListed) {
  const std::string page = R"(<ListBucketResult><IsTruncated>false</IsTruncated>
      <Contents><Key>elsewhere/entries/a/b/c</Key></Contents><Contents><Key>core flow/entries/../b/c</Key></Contents>
      <Contents><Key>core flow/entries/a/b/c</Key><Size>1</Size></Contents></ListBucketResult>)";
  const auto listed = Open(Answers({http::Response{.status = 200, .body = page}}))->ListEntries("", 10, "");
  ASSERT_TRUE(listed.has_value());
  EXPECT_THAT(listed->names, ElementsAre("a/b/c"));
}

TEST_F(S3StoreTest, AListThatNeverEndsEnds) {
  const std::string page = R"(<ListBucketResult><IsTruncated>true</IsTruncated>
      <NextContinuationToken>again</NextContinuationToken></ListBucketResult>)";
  const auto store = Open(Answers({http::Response{.status = 200, .body = page}}));
  EXPECT_EQ(CodeOf(store->ListBlobs([](const ListedBlob&) -> Result<void> { return {}; })), "OK");
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(S3StoreTest, NoErrorShowsAKeyThoughTheServerEchoesIt) {
  for (const char* code : {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "RequestTimeTooSkewed",
                           "NoSuchBucket", "PermanentRedirect", "Strange", "THESECRET THETOKEN", "InternalError"}) {
    const auto echo = [&](const http::Request& request) -> Result<http::Response> {
      auto answer = S3Error(403, code);
      for (const auto& [name, value] : request.headers) answer.body += "<!-- " + name + value + " -->";
      answer.headers["x-echo"] = "THESECRET";
      return answer;
    };
    const auto error = Open(echo)->GetEntry("a/b/c").error();
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("S3 at artifacts.s3.example.com "), Not(HasSubstr("THEKEYID")),
                      Not(HasSubstr("THESECRET")), Not(HasSubstr("THETOKEN")), Not(HasSubstr("Signature="))))
        << code;
  }
}

struct Refusal {
  http::Response answer;
  Code code;
  std::string words;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.answer.status << " " << refusal.words; }

class S3Refusals : public S3StoreTest, public testing::WithParamInterface<Refusal> {};

TEST_P(S3Refusals, AreToldInWords) {
  const auto error = Open(Answers({GetParam().answer}))->PutEntry("a/b/c", "{}").error();
  EXPECT_EQ(CodeName(error.code), std::string(CodeName(GetParam().code)));
  EXPECT_THAT(error.message, HasSubstr("S3 at artifacts.s3.example.com " + GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, S3Refusals,
    testing::Values(
        Refusal{S3Error(403, "InvalidAccessKeyId"), Code::kUnauthorized,
                "refused the access key: it does not know its id"},
        Refusal{S3Error(403, "SignatureDoesNotMatch"), Code::kUnauthorized, "refused the access key: the secret"},
        Refusal{S3Error(400, "ExpiredToken"), Code::kUnauthorized,
                "refused the access key: its session token has expired"},
        Refusal{S3Error(403, "AccessDenied"), Code::kForbidden,
                "does not let this access key do that (to put entry a/b/c in bucket artifacts)"},
        Refusal{S3Error(403, "RequestTimeTooSkewed"), Code::kInvalid,
                "refused the signature's time: the clocks differ too much; here it is 2013-05-24T00:00:00Z, there "
                "2013-05-24T12:00:00Z"},
        Refusal{S3Error(404, "NoSuchBucket"), Code::kInvalid, "has no bucket artifacts: make it, or name another"},
        Refusal{S3Error(301, "PermanentRedirect"), Code::kInvalid,
                "says that bucket artifacts is not in region eu-central-1"},
        Refusal{S3Error(400, "AuthorizationHeaderMalformed"), Code::kInvalid,
                "says that bucket artifacts is not in region"},
        Refusal{S3Error(507, "XMinioStorageFull"), Code::kTooMany, "is full (to put entry"},
        Refusal{http::Response{.status = 507}, Code::kTooMany, "answered 507 (to put entry"},
        Refusal{http::Response{.status = 403}, Code::kForbidden, "answered 403 (to put entry"},
        Refusal{S3Error(400, "Strange"), Code::kInvalid, "answered 400 Strange (to put entry"},
        Refusal{S3Error(400, "Sneaky code"), Code::kInvalid, "answered 400 (to put entry"}));

struct Misfit {
  std::string name;
  std::function<void(S3Options&)> spoil;
  std::string want;
};
void PrintTo(const Misfit& misfit, std::ostream* out) { *out << misfit.name; }

class S3OptionsTest : public testing::TestWithParam<Misfit> {};

TEST_P(S3OptionsTest, AreCheckedBeforeAnythingIsSent) {
  S3Options options = Example();
  GetParam().spoil(options);
  const auto store = NewS3Store(options);
  ASSERT_EQ(CodeOf(store), "Invalid");
  EXPECT_THAT(store.error().message, HasSubstr(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    All, S3OptionsTest,
    testing::Values(
        Misfit{"NoEndpoint", [](S3Options& o) { o.endpoint = ""; }, "endpoint"},
        Misfit{"EndpointWithPath", [](S3Options& o) { o.endpoint += "/minio"; },
               "S3: endpoint: https://s3.example.com/minio has a path"},
        Misfit{"EndpointWithUser", [](S3Options& o) { o.endpoint = "https://me:pw@host"; }, "endpoint"},
        Misfit{"AddressInHostStyle", [](S3Options& o) { o.endpoint = "http://[::1]:9"; }, "needs path style"},
        Misfit{"NoBucket", [](S3Options& o) { o.bucket = ""; }, "is no name of a bucket"},
        Misfit{"BucketThatLeadsElsewhere", [](S3Options& o) { o.bucket = "x/../y"; }, "is no name of a bucket"},
        Misfit{"BucketWithCapitals", [](S3Options& o) { o.bucket = "Artifacts"; }, "is no name of a bucket"},
        Misfit{"NoRegion", [](S3Options& o) { o.region = ""; }, "region"},
        Misfit{"LongPrefix", [](S3Options& o) { o.prefix = std::string(513, 'x'); }, "prefix"},
        Misfit{"NoAccessKey", [](S3Options& o) { o.access_key = nullptr; }, "access key"},
        Misfit{"NoCaFile", [](S3Options& o) { o.ca_file = "/nowhere/ca.pem"; }, "/nowhere/ca.pem"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::store
