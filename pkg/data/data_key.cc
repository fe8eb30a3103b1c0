#include "pkg/data/data_key.h"

#include <openssl/rand.h>

#include "pkg/base/base64.h"
#include "pkg/data/kept_secret.h"

namespace coreflow::data {

namespace {

constexpr size_t kKeyBytes = 32;

Result<std::string> MakeKey() {
  std::string key(kKeyBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    return Error{.code = Code::kUnavailable, .message = "the system gives no random bytes"};
  }
  return EncodeBase64(key);
}

}  // namespace

Result<Secret<std::string>> LoadOrMakeKey(store::Store& store) {
  TRY(const std::string kept, LoadOrMake(store, kKeyEntry, &MakeKey));
  auto key = DecodeBase64(kept);
  if (!key || key->size() != kKeyBytes) {
    return Error{.code = Code::kInvalid,
                 .message = std::string("the store's entry ") + kKeyEntry + " is no key; delete it for a new one"};
  }
  return Secret(*std::move(key));
}

}  // namespace coreflow::data
