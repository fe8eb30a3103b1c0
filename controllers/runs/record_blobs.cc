#include "controllers/runs/record_blobs.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "pkg/api/limits.h"
#include "pkg/artifact/artifact.h"

namespace coreflow::runs {

namespace {

constexpr int64_t kRunsBefore = api::limits::kPreviousRuns;

}  // namespace

void RecordBlobs::Seen(const kube::ObjectKey& key, const RecordView& record) {
  Named named{.owner = record.owner.uid, .run = record.run};
  for (const json::Value& item : record.body["results"].Elements()) {
    for (const auto& [name, artifact] : artifact::ReadArtifacts(item["artifacts"])) {
      named.blobs.push_back(cache::BlobsInUse::HashOf(key.ns, artifact.digest));
    }
  }
  records_[key] = std::move(named);
}

cache::BlobsInUse RecordBlobs::InUse(std::set<std::string, std::less<>> name_spaces) const {
  // Whoever writes a record of another namespace can't say what the last run here is.
  std::map<std::pair<std::string, std::string>, int32_t> last;
  for (const auto& [key, named] : records_) {
    int32_t& run = last[{key.ns, named.owner}];
    run = std::max(run, named.run);
  }
  cache::BlobsInUse in_use(std::move(name_spaces));
  for (const auto& [key, named] : records_) {
    if (int64_t{named.run} + kRunsBefore < last.at({key.ns, named.owner})) continue;
    for (const auto blob : named.blobs) in_use.Add(blob);
  }
  return in_use;
}

}  // namespace coreflow::runs
