#include "pkg/courier/blob_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "pkg/base/hash.h"
#include "pkg/courier/test_job.h"
#include "pkg/http/sockets.h"

namespace coreflow::courier {
namespace {

using data::SomeBytes;
using data::TestService;
using testing::HasSubstr;
using testing::StartsWith;

// The bytes, or what went wrong.
std::string Got(const artifact::CourierJob& job, const artifact::Parcel& parcel) {
  std::string bytes;
  const auto got = BlobClient::Make(job)->Get(parcel.artifact, parcel.token, [&](std::string_view piece) {
    bytes += piece;
    return Result<void>();
  });
  return got ? bytes : Told(got);
}

std::string Put(const artifact::CourierJob& job, const std::string& bytes) {
  return Told(BlobClient::Make(job)->Put(SourceOf(bytes)));
}

struct Case {
  size_t size = 0;
  bool tls = false;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.size << (one.tls ? " under TLS" : ""); }

class Transfer : public testing::TestWithParam<Case> {};

TEST_P(Transfer, GivesBackWhatWasPut) {
  data::DataService::Options options;
  if (GetParam().tls) options.identity = *data::MakeIdentity();
  const TestService service(options);
  const std::string bytes = SomeBytes(GetParam().size);
  const artifact::Parcel parcel = Stored(service, bytes);
  EXPECT_EQ(parcel.artifact.digest, Sha256Hex(bytes));
  EXPECT_EQ(parcel.artifact.bytes, static_cast<int64_t>(bytes.size()));
  EXPECT_TRUE(Got(JobAt(service), parcel) == bytes);
}

INSTANTIATE_TEST_SUITE_P(Blobs, Transfer,
                         testing::Values(Case{0}, Case{1}, Case{size_t{256} << 10}, Case{size_t{5} << 20},
                                         Case{0, true}, Case{1, true}, Case{size_t{5} << 20, true}));

TEST(BlobClient, SaysWhatTheServiceRefuses) {
  TestService service;
  const artifact::Parcel parcel = Stored(service, "abc");
  artifact::CourierJob job = JobAt(service);
  job.token = "wrong";
  EXPECT_EQ(Put(job, "abc"), "Unauthorized: the data service answers 401: this needs another token");
  EXPECT_THAT(Put(job, SomeBytes(size_t{20} << 20)), StartsWith("Unauthorized: "));
  EXPECT_THAT(Got(job, {.artifact = parcel.artifact, .token = "x"}), StartsWith("Unauthorized: "));
  job = JobAt(service);
  job.pod = "step-2";
  EXPECT_THAT(Got(job, parcel), StartsWith("Unauthorized: "));
  const std::string none(64, '0');
  EXPECT_THAT(Got(JobAt(service),
                  {.artifact = {.digest = none}, .token = artifact::GetToken(service.key, "team", "step-1", none)}),
              StartsWith("NotFound: "));
  job.name_space = "NO";
  EXPECT_THAT(Put(job, "abc"), StartsWith("Invalid: "));
}

TEST(BlobClient, SaysWhenALaterTryMayGoWell) {
  TestService service;
  const artifact::Parcel parcel = Stored(service, "abc");
  service.store.down = true;
  EXPECT_EQ(Put(JobAt(service), "abc"), "Unavailable: the data service answers 503: the store is down");
  EXPECT_THAT(Put(JobAt(service), SomeBytes(size_t{20} << 20)), StartsWith("Unavailable: "));
  EXPECT_THAT(Got(JobAt(service), parcel), StartsWith("Unavailable: "));
  const artifact::CourierJob job = JobAt(service);
  service.service->Stop();
  EXPECT_THAT(Put(job, "abc"), HasSubstr("Unavailable: can't connect to 127.0.0.1 port"));
}

TEST(BlobClient, NoticesDamagedBlobs) {
  const TestService service;
  const std::string bytes = SomeBytes(1'000'000);
  const artifact::Parcel parcel = Stored(service, bytes);
  std::string other = bytes;
  other[500'000] ^= 1;
  for (const auto& [damaged, want] :
       {std::pair(other, "its digest is another"), std::pair(bytes + "x", "it has 1000001 bytes, not 1000000"),
        std::pair(bytes.substr(1), "it has 999999 bytes, not 1000000"), std::pair(std::string(), "it has 0 bytes")}) {
    std::ofstream(service.FileOf(parcel.artifact.digest), std::ios::binary) << damaged;
    const std::string got = Got(JobAt(service), parcel);
    EXPECT_THAT(got, StartsWith("Gone: the stored blob " + parcel.artifact.digest + " is damaged: "));
    EXPECT_THAT(got, HasSubstr(want));
  }
}

TEST(BlobClient, PutsNothingWhenItsSourceFails) {
  TestService service;
  int64_t given = 0;
  const auto put = BlobClient::Make(JobAt(service))->Put([&](std::span<char> buffer) -> Result<size_t> {
    given += static_cast<int64_t>(buffer.size());
    if (given > 2'000'000) return Error{.code = Code::kCancelled, .message = "enough"};
    return buffer.size();
  });
  EXPECT_EQ(Told(put), "Cancelled: enough");
  service.service->Stop();
  EXPECT_EQ(service.CountFiles(), 0);
}

TEST(BlobClient, PassesOnWhatTheSinkSays) {
  const TestService service;
  const artifact::Parcel parcel = Stored(service, "abc");
  const auto got = BlobClient::Make(JobAt(service))->Get(parcel.artifact, parcel.token, [](std::string_view) {
    return Result<void>(Error{.code = Code::kForbidden, .message = "no room"});
  });
  EXPECT_EQ(Told(got), "Forbidden: no room");
}

TEST(BlobClient, TalksToNobodyElse) {
  data::DataService::Options options;
  options.identity = *data::MakeIdentity();
  const TestService service(options);
  artifact::CourierJob job = JobAt(service);
  job.certificate = std::string(64, '0');
  EXPECT_THAT(Put(job, "abc"), StartsWith("Forbidden: the server shows the certificate " + service.fingerprint));
  EXPECT_EQ(service.CountFiles(), 0);
}

TEST(BlobClient, NeedsAJobThatSaysWhere) {
  const auto make = [](const std::string& url, const std::string& certificate) {
    return Told(BlobClient::Make({.url = url, .certificate = certificate}));
  };
  EXPECT_EQ(make("https://host:1", std::string(64, 'a')), "OK");
  EXPECT_EQ(make("http://127.0.0.1:1", ""), "OK");
  EXPECT_THAT(make("https://host:1", ""), StartsWith("Invalid: "));
  EXPECT_THAT(make("https://host:1", std::string(64, 'A')), StartsWith("Invalid: "));
  EXPECT_THAT(make("host", ""), StartsWith("Invalid: "));
}

}  // namespace
}  // namespace coreflow::courier
