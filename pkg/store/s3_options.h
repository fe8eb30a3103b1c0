#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/store/sigv4.h"

namespace coreflow::store {

struct S3Options {
  // "https://s3.eu-central-1.amazonaws.com", "http://minio.storage:9000"; without a path.
  std::string endpoint = {};
  std::string region = "us-east-1";
  std::string bucket = {};  // it has to exist
  // Before the name of every object: "coreflow/". So several stores share a bucket.
  std::string prefix = {};
  // The bucket stands in the path; else in the name of the host, as AWS wants it.
  bool path_style = false;
  // PEM of who may have signed the server's certificate; empty: the system's.
  std::string ca_file = {};
  // Asked for each request. Thread-safe.
  std::function<Result<AccessKey>()> access_key = {};
};

// Something that a user has to change.
struct OptionProblem {
  std::string option = {};  // "endpoint"
  std::string message = {};

  bool operator==(const OptionProblem&) const = default;
};

// All that makes no sense, but for a missing access key.
std::vector<OptionProblem> CheckS3Options(const S3Options& options);

// What requests have as their Host header. kInvalid, with the first problem, when the options make no sense.
Result<std::string> S3Host(const S3Options& options);

// "https://bucket.s3.eu-central-1.amazonaws.com": scheme and host of all requests. kInvalid as S3Host().
Result<std::string> S3Origin(const S3Options& options);

}  // namespace coreflow::store
