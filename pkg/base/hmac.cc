#include "pkg/base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "pkg/base/check.h"

namespace coreflow {

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  CHECK(done != nullptr && size == mac.size(), "OpenSSL has SHA-256");
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

}  // namespace coreflow
