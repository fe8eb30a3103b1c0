#include "tests/sim/simulated_store.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "pkg/artifact/artifact.h"
#include "pkg/artifact/blob_entry.h"
#include "pkg/cache/entry.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::sim {

namespace {

constexpr std::string_view kResults = "/results/";
constexpr std::string_view kVersion = "v1:";

SimulatedStore::BlobName BlobNameOf(const std::string& entry) {
  return {.name_space = entry.substr(0, entry.find('/')), .digest = std::string(artifact::DigestOfBlobEntry(entry))};
}

bool Names(const artifact::Artifacts& artifacts, const std::string& digest) {
  return std::ranges::any_of(artifacts, [&](const auto& one) { return one.second.digest == digest; });
}

// Those that a kept result has, whether or not it can be taken.
artifact::Artifacts ArtifactsOf(const std::string& result) {
  const auto value = json::Parse(result);
  return value ? artifact::ReadArtifacts((*value)["artifacts"]) : artifact::Artifacts();
}

}  // namespace

void SimulatedStore::PutBlob(const BlobName& blob, int64_t bytes, const std::string& text) {
  if (hooks_.on_put) hooks_.on_put(blob);
  blobs_[blob.digest] = {.text = text, .put = Now()};
  PutEntry(artifact::BlobEntry(blob.name_space, blob.digest),
           json::Write(json::Object{{"bytes", bytes}, {"at", FormatTime(Now())}}));
}

bool SimulatedStore::HasBlob(const BlobName& blob) const {
  return blobs_.contains(blob.digest) && entries_.contains(artifact::BlobEntry(blob.name_space, blob.digest));
}

void SimulatedStore::SweepEntry(const std::string& name) {
  const BlobName blob = BlobNameOf(name);
  if (entries_.contains(name) && !blob.digest.empty() && hooks_.on_swept) hooks_.on_swept(blob);
  entries_.erase(name);
}

void SimulatedStore::SweepBlob(const std::string& digest) {
  if (blobs_.contains(digest) && hooks_.on_swept) hooks_.on_swept({.digest = digest});
  blobs_.erase(digest);
}

void SimulatedStore::LoseBlob(const BlobName& blob, bool name) {
  if (hooks_.on_lost) hooks_.on_lost(blob, name);
  blobs_.erase(blob.digest);
  if (name) entries_.erase(artifact::BlobEntry(blob.name_space, blob.digest));
}

bool SimulatedStore::HasResultWith(const BlobName& blob) const {
  const std::string prefix = blob.name_space + std::string(kResults);
  for (auto it = entries_.lower_bound(prefix); it != entries_.end() && it->first.starts_with(prefix); ++it) {
    const auto entry = cache::Decode(it->second, std::string(kVersion) + it->first.substr(prefix.size()));
    if (!entry || !Names(entry->artifacts, blob.digest)) continue;
    const bool whole = std::ranges::all_of(entry->artifacts, [&](const auto& one) {
      return one.first == artifact::kLogArtifact ||
             entries_.contains(artifact::BlobEntry(blob.name_space, one.second.digest));
    });
    if (whole) return true;
  }
  return false;
}

bool SimulatedStore::IsNamed(const std::string& digest) const {
  return std::ranges::any_of(entries_,
                             [&](const auto& entry) { return artifact::DigestOfBlobEntry(entry.first) == digest; });
}

std::string SimulatedStore::Unreferenced() const {
  std::set<BlobName> referenced;
  std::set<std::string> named;
  for (const auto& [name, value] : entries_) {
    const BlobName blob = BlobNameOf(name);
    if (!blob.digest.empty()) named.insert(blob.digest);
    if (!name.substr(blob.name_space.size()).starts_with(kResults)) continue;
    for (const auto& [artifact, stored] : ArtifactsOf(value)) referenced.insert({blob.name_space, stored.digest});
  }
  std::string all;
  for (const auto& [name, value] : entries_) {
    const BlobName blob = BlobNameOf(name);
    if (!blob.digest.empty() && !referenced.contains(blob)) all += " " + name;
  }
  for (const auto& [digest, blob] : blobs_) {
    if (!named.contains(digest)) all += " blob " + digest;
  }
  return all;
}

}  // namespace coreflow::sim
