// The rules of what is in the store: docs/decisions/0018-artifacts-are-kept-while-records-name-them.md.
#include <algorithm>

#include "pkg/api/limits.h"
#include "pkg/apiserver/object.h"
#include "pkg/artifact/artifact.h"
#include "tests/sim/checker.h"

namespace coreflow::sim {

void Checker::OnBlobPut(const BlobName& blob) {
  swept_.erase(blob);
  swept_.erase({.digest = blob.digest});
  nameless_.erase(blob);
  lost_.erase(blob.digest);
}

bool Checker::OutputsAreLost(const PodFacts& pod) const {
  const BlobName blob{.name_space = pod.key.substr(0, pod.key.find('/')), .digest = pod.large_outputs};
  return lost_.contains(blob.digest) || nameless_.contains(blob);
}

// Equal outputs have one digest, and another pod may put them again before anybody misses them: whoever had computed
// them may have succeeded.
void Checker::OnBlobLost(const BlobName& blob, bool name, Time at) {
  lost_.insert(blob.digest);
  if (name) nameless_.emplace(blob, at);
  for (auto& [key, item] : items_) {
    if (item.large_outputs != blob.digest) continue;
    item.may_have_succeeded = item.may_have_succeeded || item.succeeded > 0;
    item.succeeded = 0;
  }
}

bool Checker::IsLongPast(const RecordBlobs& record) const {
  int64_t last = record.run;
  if (const auto object = objects_.find(record.owner); object != objects_.end()) {
    last = std::max<int64_t>(last, object->second.run);
  }
  for (const auto& [key, other] : record_blobs_) {
    if (other.owner == record.owner) last = std::max<int64_t>(last, other.run);
  }
  return record.run + int64_t{api::limits::kPreviousRuns} < last;
}

void Checker::OnBlobSwept(const BlobName& blob, bool kept, bool named, Time at) {
  swept_.insert(blob);
  const std::string what = artifact::FormatDigest(blob.digest);
  if (blob.name_space.empty()) {
    if (named) violations_.push_back({"SweptThoughNamed", what, "a namespace may have it", at});
    return;
  }
  if (kept) violations_.push_back({"SweptThoughKept", blob.name_space + "/" + what, "a kept result has it", at});
  for (const auto& [key, record] : record_blobs_) {
    const bool names = key.starts_with(blob.name_space + "/") && record.digests.contains(blob.digest);
    if (!names || Gone(record.owner) || IsLongPast(record)) continue;
    violations_.push_back({"SweptInUse", key, what + " of run " + std::to_string(record.run), at});
  }
}

void Checker::OnArtifacts(const apiserver::AuditEntry& entry, const RunKey& key) {
  const json::Value& record = entry.after->object();
  const std::string name_space = apiserver::NamespaceOf(record);
  RecordBlobs blobs{.owner = key.first, .run = key.second};
  for (const json::Value& result : record["results"].Elements()) {
    for (const auto& [name, artifact] : artifact::ReadArtifacts(result["artifacts"])) {
      blobs.digests.insert(artifact.digest);
      OnArtifact(entry, runs_[key], result, name, {.name_space = name_space, .digest = artifact.digest});
    }
  }
  record_blobs_[entry.key] = std::move(blobs);
}

// What a result names was not swept before anybody could know of it, and what is taken from the step cache was there.
void Checker::OnArtifact(const apiserver::AuditEntry& entry, const RunFacts& run, const json::Value& result,
                         const std::string& name, const BlobName& blob) {
  const std::string what = result["step"].StringOr("") + " has " + name + " " + artifact::FormatDigest(blob.digest);
  if (swept_.contains(blob) || swept_.contains({.digest = blob.digest})) {
    Fail(entry, "SweptTooEarly", what + ", which is swept already");
  }
  const auto nameless = nameless_.find(blob);
  const bool hit = result["reason"].StringOr("") == "CacheHit" && name != artifact::kLogArtifact;
  if (hit && nameless != nameless_.end() && nameless->second < run.pinned_at) {
    Fail(entry, "HitIncomplete", what + ", which was lost before the run began");
  }
}

}  // namespace coreflow::sim
