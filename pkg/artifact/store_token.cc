#include "pkg/artifact/store_token.h"

#include <openssl/crypto.h>

#include <initializer_list>

#include "pkg/base/hex.h"
#include "pkg/base/hmac.h"

namespace coreflow::artifact {

namespace {

// No part can have a line end: names are Kubernetes' own, digests have digits.
std::string Sign(std::string_view key, std::initializer_list<std::string_view> parts) {
  std::string text = "coreflow-data-1";
  for (std::string_view part : parts) {
    text += '\n';
    text += part;
  }
  return ToHex(HmacSha256(key, text));
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
