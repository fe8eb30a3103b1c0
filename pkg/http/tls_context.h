#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "pkg/base/result.h"

namespace coreflow::http {

// What the connections of a server, or of a client, have in common under TLS: at least TLS 1.2, no sessions that go on
// later. Immutable, thread-safe, cheap to copy.
class TlsContext {
 public:
  // Shows this certificate. kInvalid when it or the key is no PEM, or the key is another one's.
  static Result<TlsContext> ForServer(const std::string& certificate_pem, const std::string& key_pem);
  // Believes nobody by itself: see BlockingConnection::SecureAsClient.
  static Result<TlsContext> ForClient();

  SSL_CTX* get() const { return context_.get(); }

 private:
  explicit TlsContext(std::shared_ptr<SSL_CTX> context) : context_(std::move(context)) {}
  static Result<TlsContext> Make(bool server);

  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace coreflow::http
