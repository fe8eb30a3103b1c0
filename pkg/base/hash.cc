#include "pkg/base/hash.h"

#include <openssl/sha.h>

#include <array>

#include "pkg/base/check.h"
#include "pkg/base/hex.h"

namespace coreflow {

namespace {

std::array<unsigned char, SHA256_DIGEST_LENGTH> Sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

}  // namespace

uint64_t Fnv1a64(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char byte : bytes) {
    hash ^= byte;
    hash *= 0x100000001b3u;
  }
  return hash;
}

std::string Sha256Hex(std::string_view bytes) {
  const auto digest = Sha256(bytes);
  return ToHex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string NameHash(std::string_view bytes, size_t length) {
  CHECK(length > 0 && length <= 50, "a SHA-256 has 51 base-32 digits");
  constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  auto digest = Sha256(bytes);
  std::string name;
  unsigned bits = 0;
  int available = 0;
  for (size_t next = 0; name.size() < length;) {
    if (available < 5) {
      bits = (bits << 8) | digest[next++];
      available += 8;
    }
    unsigned digit = (bits >> (available - 5)) & 31u;
    available -= 5;
    name += kAlphabet[name.empty() ? digit % 26 : digit];
  }
  return name;
}

}  // namespace coreflow
