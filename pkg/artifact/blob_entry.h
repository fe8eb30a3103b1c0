#pragma once

#include <string>
#include <string_view>

namespace coreflow::artifact {

// What follows the namespace, and precedes the digest, in the name of an entry that lets a namespace have a blob.
inline constexpr std::string_view kBlobEntries = "/blobs/";

// "NAMESPACE/blobs/DIGEST": the store's entry that says that this namespace may have the blob.
std::string BlobEntry(std::string_view name_space, std::string_view digest);

// The digest that stands in the name of such an entry; empty for any other name.
std::string_view DigestOfBlobEntry(std::string_view name);

}  // namespace coreflow::artifact
