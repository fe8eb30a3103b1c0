#include "pkg/cache/blobs_in_use.h"

#include "pkg/artifact/blob_entry.h"
#include "pkg/base/hash.h"

namespace coreflow::cache {

BlobsInUse::Hash BlobsInUse::HashOf(std::string_view name_space, std::string_view digest) {
  return Fnv1a64(artifact::BlobEntry(name_space, digest));
}

bool BlobsInUse::Has(std::string_view name_space, std::string_view digest) const {
  if (!name_spaces_.empty() && !name_spaces_.contains(name_space)) return true;
  return hashes_.contains(HashOf(name_space, digest));
}

}  // namespace coreflow::cache
