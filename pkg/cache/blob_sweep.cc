#include "pkg/cache/blob_sweep.h"

#include <set>
#include <string>
#include <vector>

#include "pkg/artifact/blob_entry.h"

namespace coreflow::cache {

namespace {

// The digests that some namespace may have.
Result<std::set<std::string>> Named(store::Store& store, const std::stop_token& stop) {
  std::set<std::string> named;
  std::string page;
  do {
    TRY(store::EntryPage listed, store.ListEntries("", store::kMostEntriesOfPage, page));
    for (const std::string& name : listed.names) {
      const std::string_view digest = artifact::DigestOfBlobEntry(name);
      if (!digest.empty()) named.emplace(digest);
    }
    page = std::move(listed.next);
  } while (!page.empty() && !stop.stop_requested());
  return named;
}

}  // namespace

Result<int64_t> SweepBlobs(store::Store& store, const std::stop_token& stop) {
  // The blobs first: one that is named in between is younger than what is spared.
  std::vector<store::Digest> old;
  TRY_VOID(store.ListBlobs([&](const store::ListedBlob& listed) -> Result<void> {
    if (listed.age > store::kSpared) old.push_back(listed.blob.digest);
    return {};
  }));
  TRY(const std::set<std::string> named, Named(store, stop));
  int64_t deleted = 0;
  for (const store::Digest& digest : old) {
    if (stop.stop_requested()) break;
    if (named.contains(digest.hex())) continue;
    // Put again since, it may have been named after we looked.
    const auto age = store.BlobAge(digest);
    if (!age && age.error().code == Code::kUnavailable) return age.error();
    if (!age || *age <= store::kSpared) continue;
    const auto gone = store.DeleteBlob(digest);
    if (gone) ++deleted;
    // One that can't be deleted holds up no other.
    if (!gone && gone.error().code == Code::kUnavailable) return gone.error();
  }
  return deleted;
}

}  // namespace coreflow::cache
