#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/base/secret.h"
#include "pkg/store/store.h"

namespace coreflow::data {

inline constexpr char kIdentityEntry[] = "coreflow_service/data/identity";

// Who the data service is under TLS: a certificate that it signed itself, and its key, both PEM.
struct Identity {
  std::string certificate = {};
  Secret<std::string> key = {};
  // SHA-256 of the certificate's DER, 64 hexadecimal digits: what couriers know it by.
  std::string fingerprint = {};
};

// Makes a new one: EC P-256, good for ten years from yesterday on, since clocks differ.
Result<Identity> MakeIdentity();

// The one that the store keeps for all that use it, made by whoever asks first. kInvalid when what is kept is none; the
// store's errors are passed on.
Result<Identity> LoadOrMakeIdentity(store::Store& store);

}  // namespace coreflow::data
