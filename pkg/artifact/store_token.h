#pragma once

#include <string>
#include <string_view>

namespace coreflow::artifact {

// Tokens that CoreFlow gives to the courier of a pod: HMAC-SHA-256 (RFC 2104) under a key that only CoreFlow has, as 64
// hexadecimal digits. Each is good for one thing, at the data service alone.

// Lets that pod put blobs into its namespace's part of the store.
std::string PutToken(std::string_view key, std::string_view name_space, std::string_view pod);

// Lets that pod get the blob of that digest (64 hexadecimal digits) from its namespace's part.
std::string GetToken(std::string_view key, std::string_view name_space, std::string_view pod, std::string_view digest);

// Whether they are the same, in a time that does not tell how alike they are.
bool SameToken(std::string_view one, std::string_view other);

}  // namespace coreflow::artifact
