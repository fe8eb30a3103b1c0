#pragma once

#include <openssl/types.h>

#include <memory>

#include "pkg/base/result.h"
#include "pkg/http/credentials.h"
#include "pkg/http/options.h"

namespace coreflow::http {

// What a client's TLS connections have in common: whom they believe and what they show. Immutable, thread-safe.
class TlsClient {
 public:
  // kInvalid when the certificate authorities, the certificate or the key can't be read, or the key is another one's.
  static Result<std::shared_ptr<const TlsClient>> Make(const Options& options, const ClientCertificate& certificate);

  // kInvalid when Make() would not take the certificate.
  static Result<void> Check(const ClientCertificate& certificate);

  // Sets a context up for one connection: at least TLS 1.2, only the authorities of the options trusted, the client
  // certificate shown. Reads Options::ca_file. Checking the server's name is the connection's part.
  Result<void> Apply(SSL_CTX* context) const;

 private:
  struct Identity;
  TlsClient() = default;
  Result<std::shared_ptr<X509_STORE>> Store() const;

  std::string ca_file_;
  std::shared_ptr<X509_STORE> store_;         // null: read ca_file_ each time
  std::shared_ptr<const Identity> identity_;  // null: none
};

// What OpenSSL has to say about the last failure on this thread, and forgets.
std::string TlsError();

}  // namespace coreflow::http
