#include "pkg/store/place.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "pkg/store/directory.h"
#include "pkg/store/s3.h"

namespace coreflow::store {

namespace {

constexpr char kDefaultRegion[] = "us-east-1";
constexpr char kLocations[] = "must be an absolute path, such as /var/lib/coreflow/store, or s3://BUCKET/PREFIX";

bool IsS3(const Place& place) { return place.location.starts_with(kS3Scheme); }

// REQUIRES: it is in S3.
S3Options OptionsOf(const Place& place) {
  S3Options options{.endpoint = place.endpoint,
                    .region = place.region.empty() ? kDefaultRegion : place.region,
                    .path_style = place.path_style.value_or(!place.endpoint.empty()),
                    .ca_file = place.ca_file};
  if (options.endpoint.empty()) options.endpoint = "https://s3." + options.region + ".amazonaws.com";
  const std::string path = place.location.substr(std::string_view(kS3Scheme).size());
  const size_t slash = std::min(path.find('/'), path.size());
  options.bucket = path.substr(0, slash);
  options.prefix = path.substr(std::min(slash + 1, path.size()));
  if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';
  return options;
}

// What servers would read as another path.
bool HasOddPart(const std::string& prefix) {
  const std::string path = "/" + prefix;
  for (const char* odd : {"//", "/./", "/../"}) {
    if (path.find(odd) != std::string::npos) return true;
  }
  return false;
}

std::vector<OptionProblem> CheckS3(const Place& place, const Variable& variable) {
  const S3Options options = OptionsOf(place);
  std::vector<OptionProblem> problems;
  for (OptionProblem& problem : CheckS3Options(options)) {
    if (problem.option == "bucket" || problem.option == "prefix") problem.option = "location";
    problems.push_back(std::move(problem));
  }
  if (HasOddPart(options.prefix)) {
    problems.push_back({"location", "the prefix " + options.prefix + " has a part that is empty, '.' or '..'"});
  }
  if (place.blob_bytes) problems.push_back({"blob_bytes", "is for folders: a bucket has its own quota"});
  if (auto key = FindAccessKey(variable); !key) problems.push_back({"location", key.error().message});
  return problems;
}

std::vector<OptionProblem> CheckFolder(const Place& place) {
  std::vector<OptionProblem> problems;
  if (!place.location.starts_with('/')) problems.push_back({"location", kLocations});
  const auto is_for_s3 = [&](const char* option, bool given) {
    if (given) problems.push_back({option, "is for a store in S3: s3://BUCKET/PREFIX"});
  };
  is_for_s3("endpoint", !place.endpoint.empty());
  is_for_s3("region", !place.region.empty());
  is_for_s3("path_style", place.path_style.has_value());
  is_for_s3("ca_file", !place.ca_file.empty());
  return problems;
}

Result<std::unique_ptr<Store>> Make(const Place& place, const Variable& variable) {
  if (!IsS3(place)) return NewDirectoryStore(place.location, place.blob_bytes);
  S3Options options = OptionsOf(place);
  options.access_key = [variable] { return FindAccessKey(variable); };
  return NewS3Store(options);
}

}  // namespace

std::vector<OptionProblem> CheckPlace(const Place& place, const Variable& variable) {
  return IsS3(place) ? CheckS3(place, variable) : CheckFolder(place);
}

Result<std::unique_ptr<Store>> OpenStore(const Place& place, const Variable& variable) {
  Error wrong{.code = Code::kInvalid};
  for (const OptionProblem& problem : CheckPlace(place, variable)) {
    wrong.message += (wrong.message.empty() ? "" : "; ") + problem.option + ": " + problem.message;
  }
  if (!wrong.message.empty()) return wrong;
  TRY(auto store, Make(place, variable));
  const auto asked = store->ListEntries("coreflow_service/", 1, "");
  if (!asked && asked.error().code != Code::kUnavailable) return asked.error();
  return store;
}

}  // namespace coreflow::store
