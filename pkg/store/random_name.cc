#include "pkg/store/random_name.h"

#include <openssl/rand.h>

#include <array>

#include "pkg/base/hex.h"

namespace coreflow::store {

Result<std::string> RandomName() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return Error{.code = Code::kUnavailable, .message = "the system gives no random bytes"};
  }
  return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace coreflow::store
