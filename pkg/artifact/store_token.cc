#include "pkg/artifact/store_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <initializer_list>

#include "pkg/base/check.h"
#include "pkg/base/hex.h"

namespace coreflow::artifact {

namespace {

// No part can have a line end: names are Kubernetes' own, digests have digits.
std::string Sign(std::string_view key, std::initializer_list<std::string_view> parts) {
  std::string text = "coreflow-data-1";
  for (std::string_view part : parts) {
    text += '\n';
    text += part;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  CHECK(done != nullptr, "OpenSSL has SHA-256");
  return ToHex({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace

std::string PutToken(std::string_view key, std::string_view name_space, std::string_view pod) {
  return Sign(key, {"put", name_space, pod});
}

std::string GetToken(std::string_view key, std::string_view name_space, std::string_view pod, std::string_view digest) {
  return Sign(key, {"get", name_space, pod, digest});
}

bool SameToken(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace coreflow::artifact
