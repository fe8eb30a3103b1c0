#include "pkg/store/s3_options.h"

#include "pkg/http/base_url.h"

namespace coreflow::store {

namespace {

constexpr size_t kLongestPrefix = 512;

// As S3 names buckets: so none leads to another host or path.
bool IsBucketName(const std::string& name) {
  return name.size() >= 3 && name.size() <= 63 && name.front() != '.' && name.front() != '-' &&
         name.find("..") == std::string::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
}

std::string WrongEndpoint(const S3Options& options) {
  const auto url = http::ParseBaseUrl(options.endpoint);
  if (!url) return url.error().message;
  if (!url->path.empty()) return options.endpoint + " has a path; name scheme, host and port only";
  if (!options.path_style && url->ipv6_literal) return "an address as endpoint needs path style";
  return "";
}

std::string HostHeader(const S3Options& options, const http::BaseUrl& url) {
  std::string host = url.ipv6_literal ? "[" + url.host + "]" : url.host;
  if (!options.path_style) host = options.bucket + "." + host;
  return url.port == (url.tls ? 443 : 80) ? host : host + ":" + std::to_string(url.port);
}

}  // namespace

std::vector<OptionProblem> CheckS3Options(const S3Options& options) {
  std::vector<OptionProblem> problems;
  if (!IsBucketName(options.bucket)) {
    problems.push_back(
        {"bucket", "'" + options.bucket + "' is no name of a bucket: 3 to 63 characters out of a-z, 0-9, '-' and '.'"});
  }
  if (options.prefix.size() > kLongestPrefix) problems.push_back({"prefix", "has more than 512 characters"});
  if (std::string wrong = WrongEndpoint(options); !wrong.empty()) problems.push_back({"endpoint", std::move(wrong)});
  if (options.region.empty()) problems.push_back({"region", "is missing"});
  return problems;
}

Result<std::string> S3Host(const S3Options& options) {
  if (const auto problems = CheckS3Options(options); !problems.empty()) {
    return Error{.code = Code::kInvalid, .message = "S3: " + problems.front().option + ": " + problems.front().message};
  }
  TRY(const http::BaseUrl url, http::ParseBaseUrl(options.endpoint));
  return HostHeader(options, url);
}

Result<std::string> S3Origin(const S3Options& options) {
  TRY(const std::string host, S3Host(options));
  TRY(const http::BaseUrl url, http::ParseBaseUrl(options.endpoint));
  return (url.tls ? "https://" : "http://") + host;
}

}  // namespace coreflow::store
