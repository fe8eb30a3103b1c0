#include "pkg/store/sigv4.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/hash.h"

namespace coreflow::store {
namespace {

using std::chrono::sys_days;

// The examples of AWS's page "Signature Calculations for the Authorization Header", with its key, bucket and time.
struct Example {
  std::string name;
  http::Request request;
  std::string signed_headers;
  std::string signature;
};
void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

class SigV4Examples : public testing::TestWithParam<Example> {};

AccessKey ExampleKey() {
  return {.id = "AKIAIOSFODNN7EXAMPLE", .secret = Secret<std::string>("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
}

SigningScope ExampleScope() {
  return {.host = "examplebucket.s3.amazonaws.com",
          .region = "us-east-1",
          .time = sys_days(std::chrono::year(2013) / 5 / 24)};
}

std::string HeaderOf(const http::Request& request, const std::string& wanted) {
  for (const auto& [name, value] : request.headers) {
    if (name == wanted) return value;
  }
  return "";
}

TEST_P(SigV4Examples, HasTheSignatureThatAwsPublished) {
  http::Request request = GetParam().request;
  Sign(&request, Sha256Hex(request.body), ExampleKey(), ExampleScope());
  EXPECT_EQ(HeaderOf(request, "Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" +
                GetParam().signed_headers + ",Signature=" + GetParam().signature);
}

INSTANTIATE_TEST_SUITE_P(
    All, SigV4Examples,
    testing::Values(Example{.name = "GetObject",
                            .request = {.target = "/test.txt", .headers = {{"Range", "bytes=0-9"}}},
                            .signed_headers = "host;range;x-amz-content-sha256;x-amz-date",
                            .signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
                    Example{.name = "PutObject",
                            .request = {.method = "PUT",
                                        .target = "/" + UriEncode("test$file.text", true),
                                        .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                                    {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                                        .body = "Welcome to Amazon S3."},
                            .signed_headers = "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                            .signature = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
                    Example{.name = "GetBucketLifecycle",
                            .request = {.target = "/?lifecycle"},
                            .signed_headers = "host;x-amz-content-sha256;x-amz-date",
                            .signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
                    Example{.name = "ListObjectsWithItsQueryOutOfOrder",
                            .request = {.target = "/?prefix=J&max-keys=2"},
                            .signed_headers = "host;x-amz-content-sha256;x-amz-date",
                            .signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"}),
    [](const auto& info) { return info.param.name; });

TEST(SigV4Test, ASessionTokenIsSentAndSigned) {
  http::Request request{.target = "/test.txt"};
  AccessKey key = ExampleKey();
  key.session_token = Secret<std::string>("token/of==session");
  Sign(&request, Sha256Hex(""), key, ExampleScope());
  EXPECT_EQ(HeaderOf(request, "x-amz-security-token"), "token/of==session");
  EXPECT_NE(HeaderOf(request, "Authorization").find("x-amz-date;x-amz-security-token,"), std::string::npos);
}

TEST(SigV4Test, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(UriEncode("a-Z_0.9~/ +é", false), "a-Z_0.9~%2F%20%2B%C3%A9");
  EXPECT_EQ(UriEncode("blobs/ab", true), "blobs/ab");
}

}  // namespace
}  // namespace coreflow::store
