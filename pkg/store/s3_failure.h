#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/http/transport.h"

namespace coreflow::store {

// The code of an error that S3 answers with, "NoSuchKey"; "" when there is none. Also of an answer with status 200,
// which a request that takes long may get before it fails.
std::string S3ErrorCode(const http::Response& answer);

// Whether the same request may succeed in a moment.
bool MayPass(const http::Response& answer);

struct S3Circumstances {
  std::string host = {};
  std::string bucket = {};
  std::string region = {};
  std::string doing = {};  // "read blob 12ab…"
  Time now = {};
};

// What an answer that is no success means, in words. Of what the server wrote only the error's code is repeated, since
// servers echo what they were sent.
Error S3Failure(const http::Response& answer, const S3Circumstances& circumstances);

}  // namespace coreflow::store
