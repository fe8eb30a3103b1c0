#include "controllers/runs/record_blobs.h"

#include <utility>

#include "pkg/artifact/artifact.h"

namespace coreflow::runs {

void RecordBlobs::Seen(const kube::ObjectKey& record, const json::Value& body) {
  std::vector<cache::BlobsInUse::Hash> blobs;
  for (const json::Value& item : body["results"].Elements()) {
    for (const auto& [name, artifact] : artifact::ReadArtifacts(item["artifacts"])) {
      blobs.push_back(cache::BlobsInUse::HashOf(record.ns, artifact.digest));
    }
  }
  if (blobs.empty()) {
    blobs_.erase(record);
  } else {
    blobs_[record] = std::move(blobs);
  }
}

cache::BlobsInUse RecordBlobs::InUse(std::set<std::string, std::less<>> name_spaces) const {
  cache::BlobsInUse in_use(std::move(name_spaces));
  for (const auto& [record, blobs] : blobs_) {
    for (const auto blob : blobs) in_use.Add(blob);
  }
  return in_use;
}

}  // namespace coreflow::runs
