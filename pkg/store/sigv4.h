#pragma once

#include <string>
#include <string_view>

#include "pkg/base/secret.h"
#include "pkg/base/time.h"
#include "pkg/http/transport.h"

// AWS Signature Version 4 as S3 wants it, in the Authorization header:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
namespace coreflow::store {

struct AccessKey {
  std::string id = {};
  Secret<std::string> secret = {};
  // Of temporary credentials; empty: none.
  Secret<std::string> session_token = {};
};

// What a signature is good for, beside its request.
struct SigningScope {
  std::string host = {};  // as the Host header has it: with the port unless that is the scheme's own
  std::string region = {};
  Time time = {};  // servers accept 15 minutes of difference
};

// Adds Host, the x-amz-… headers of a signature, and Authorization. All headers that the request has are signed; later
// ones, such as User-Agent, are not. `payload_sha256` is the digest of the body in hexadecimal digits. The target is
// percent-encoded with UriEncode().
void Sign(http::Request* request, const std::string& payload_sha256, const AccessKey& key, const SigningScope& scope);

// Percent-encodes all but A-Z a-z 0-9 - . _ ~ (RFC 3986 §2.3), and '/' where that is to stay.
std::string UriEncode(std::string_view text, bool keep_slash);

}  // namespace coreflow::store
