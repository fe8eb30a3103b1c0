#include "pkg/artifact/blob_entry.h"

namespace coreflow::artifact {

std::string BlobEntry(std::string_view name_space, std::string_view digest) {
  std::string name(name_space);
  name += kBlobEntries;
  name += digest;
  return name;
}

std::string_view DigestOfBlobEntry(std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !name.substr(slash).starts_with(kBlobEntries)) return {};
  return name.substr(slash + kBlobEntries.size());
}

}  // namespace coreflow::artifact
