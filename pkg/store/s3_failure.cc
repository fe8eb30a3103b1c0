#include "pkg/store/s3_failure.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pkg/store/http_date.h"
#include "pkg/store/xml.h"

namespace coreflow::store {

namespace {

constexpr size_t kLongestCode = 64;

struct Meaning {
  std::string_view code;
  Code means;
  std::string_view words;  // behind "S3 at HOST "
};

constexpr auto kMeanings = std::to_array<Meaning>({
    {"InvalidAccessKeyId", Code::kUnauthorized, "refused the access key: it does not know its id"},
    {"SignatureDoesNotMatch", Code::kUnauthorized, "refused the access key: the secret does not belong to its id"},
    {"ExpiredToken", Code::kUnauthorized, "refused the access key: its session token has expired"},
    {"InvalidToken", Code::kUnauthorized, "refused the access key: its session token is wrong"},
    {"AccessDenied", Code::kForbidden, "does not let this access key do that"},
    {"AllAccessDisabled", Code::kForbidden, "does not let anybody do that"},
    {"NoSuchKey", Code::kNotFound, "does not have that object"},
    {"NoSuchUpload", Code::kNotFound, "does not know that upload"},
    {"PreconditionFailed", Code::kAlreadyExists, "has that object already"},
    {"EntityTooLarge", Code::kInvalid, "does not take objects that big"},
    {"SlowDown", Code::kUnavailable, "asks to slow down"},
    {"QuotaExceeded", Code::kTooMany, "is full: its quota is used up"},
    {"XMinioStorageFull", Code::kTooMany, "is full"},
    {"NotImplemented", Code::kInvalid, "can't do that"},
});

constexpr auto kElsewhere = std::to_array<std::string_view>(
    {"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IncorrectEndpoint"});

constexpr auto kPassing =
    std::to_array<std::string_view>({"RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable",
                                     "OperationAborted", "ConditionalRequestConflict"});

Code MeaningOf(int status) {
  switch (status) {
    case 401: return Code::kUnauthorized;
    case 403: return Code::kForbidden;
    case 404: return Code::kNotFound;
    case 412: return Code::kAlreadyExists;
    case 429: return Code::kUnavailable;
    case 507: return Code::kTooMany;
    default: return status >= 500 || status < 300 ? Code::kUnavailable : Code::kInvalid;
  }
}

std::string Clocks(const http::Response& answer, Time now) {
  const auto date = answer.headers.find("date");
  const auto theirs = date == answer.headers.end() ? std::nullopt : ParseHttpDate(date->second);
  return "refused the signature's time: the clocks differ too much; here it is " + FormatTime(now) +
         (theirs ? ", there " + FormatTime(*theirs) : "");
}

}  // namespace

std::string S3ErrorCode(const http::Response& answer) {
  // The last body that is worth reading as XML; those of objects never come here.
  constexpr size_t kLongestError = size_t{64} << 10;
  if (answer.body.empty() || answer.body.size() > kLongestError) return "";
  const auto document = ParseXml(answer.body);
  if (!document || document->name != "Error") return "";
  const std::string code = document->TextOf("Code");
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return code.size() <= kLongestCode && std::all_of(code.begin(), code.end(), is_letter) ? code : "";
}

bool MayPass(const http::Response& answer) {
  const std::string code = S3ErrorCode(answer);
  if (std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end()) return true;
  const int status = answer.status;
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

Error S3Failure(const http::Response& answer, const S3Circumstances& at) {
  const std::string code = S3ErrorCode(answer);
  const std::string name = "S3 at " + at.host + " ";
  const std::string tail = " (to " + at.doing + " in bucket " + at.bucket + ")";
  if (code == "RequestTimeTooSkewed" || code == "RequestExpired") {
    return {.code = Code::kInvalid, .message = name + Clocks(answer, at.now) + tail};
  }
  if (code == "NoSuchBucket") {
    return {.code = Code::kInvalid, .message = name + "has no bucket " + at.bucket + ": make it, or name another"};
  }
  if (std::find(kElsewhere.begin(), kElsewhere.end(), code) != kElsewhere.end() || answer.status / 100 == 3) {
    return {.code = Code::kInvalid,
            .message = name + "says that bucket " + at.bucket + " is not in region " + at.region +
                       " or not at this endpoint: set the bucket's own"};
  }
  for (const Meaning& meaning : kMeanings) {
    if (code == meaning.code) return {.code = meaning.means, .message = name + std::string(meaning.words) + tail};
  }
  return {.code = MeaningOf(answer.status),
          .message = name + "answered " + std::to_string(answer.status) + (code.empty() ? "" : " " + code) + tail};
}

}  // namespace coreflow::store
