#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/store/access_keys.h"
#include "pkg/store/s3_options.h"
#include "pkg/store/store.h"

namespace coreflow::store {

// Where a store is, as users say it.
struct Place {
  // An absolute path: a folder. "s3://BUCKET" or "s3://BUCKET/PREFIX": in S3, with what is below only for that.
  std::string location = {};
  std::string endpoint = {};                // "https://HOST:PORT"; empty: AWS
  std::string region = {};                  // empty: us-east-1
  std::optional<bool> path_style = {};      // the bucket in the path; unset: unless it is AWS
  std::string ca_file = {};                 // PEM of who signs for the endpoint; empty: the system's
  std::optional<uint64_t> blob_bytes = {};  // most that blobs may take, of a folder only; unset: no limit

  bool operator==(const Place&) const = default;
};

inline constexpr char kS3Scheme[] = "s3://";

// All that is wrong with it, by the names of its members; nothing is asked. `variable` has to have the access key.
std::vector<OptionProblem> CheckPlace(const Place& place, const Variable& variable);

// kInvalid, with all problems, when the place makes no sense; else what the store says when it is asked for something
// for the first time, but for kUnavailable, which may pass.
Result<std::unique_ptr<Store>> OpenStore(const Place& place, const Variable& variable);

}  // namespace coreflow::store
