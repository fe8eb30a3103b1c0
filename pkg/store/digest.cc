#include "pkg/store/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "pkg/base/check.h"
#include "pkg/base/hash.h"
#include "pkg/base/hex.h"

namespace coreflow::store {

namespace {

constexpr size_t kDigits = 64;
constexpr std::string_view kHexadecimal = "0123456789abcdef";

}  // namespace

Digest::Digest() : hex_(Sha256Hex("")) {}

Digest Digest::Of(std::string_view bytes) { return Digest(Sha256Hex(bytes)); }

Result<Digest> Digest::Parse(std::string_view hex) {
  if (hex.size() != kDigits || hex.find_first_not_of(kHexadecimal) != std::string_view::npos) {
    return Error{.code = Code::kInvalid, .message = "a digest is 64 digits 0-9 and a-f (SHA-256)"};
  }
  return Digest(std::string(hex));
}

void PrintTo(const Digest& digest, std::ostream* out) { *out << digest.hex(); }

struct Hasher::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1, "OpenSSL has SHA-256");
}

Hasher::~Hasher() = default;

void Hasher::Add(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1, "the hasher is not finished");
}

Digest Hasher::Finish() {
  std::array<unsigned char, kDigits / 2> digest{};
  CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1, "the hasher is not finished");
  return Digest(ToHex({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

}  // namespace coreflow::store
