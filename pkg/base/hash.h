#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coreflow {

// FNV-1a, 64 bits. Fixed for ever: buckets are computed with it.
uint64_t Fnv1a64(std::string_view bytes);

// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

// The first `length` characters (at most 50) of SHA-256 in the alphabet a–z, 2–7, starting with a letter: fit for
// Kubernetes names.
std::string NameHash(std::string_view bytes, size_t length);

}  // namespace coreflow
