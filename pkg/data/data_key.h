#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/base/secret.h"
#include "pkg/store/store.h"

namespace coreflow::data {

// Entries of CoreFlow itself have names that no namespace of Kubernetes can have.
inline constexpr char kKeyEntry[] = "coreflow_service/data/token-key";

// The key of tokens (see store_token.h), 32 random bytes that the store keeps for all that use it. Made by whoever asks
// first: all get the same. kInvalid when what is kept is no key; the store's errors are passed on.
Result<Secret<std::string>> LoadOrMakeKey(store::Store& store);

}  // namespace coreflow::data
