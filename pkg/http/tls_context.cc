#include "pkg/http/tls_context.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <utility>

#include "pkg/http/tls_client.h"

namespace coreflow::http {

namespace {

Error Invalid(const std::string& what) { return {.code = Code::kInvalid, .message = what + ": " + TlsError()}; }

std::shared_ptr<BIO> Memory(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

}  // namespace

Result<TlsContext> TlsContext::Make(bool server) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) return Invalid("no TLS");
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // A client takes what comes before its request is whole for the answer.
  SSL_CTX_set_num_tickets(context.get(), 0);
  return TlsContext(std::move(context));
}

Result<TlsContext> TlsContext::ForServer(const std::string& certificate_pem, const std::string& key_pem) {
  TRY(TlsContext made, Make(true));
  const std::shared_ptr<X509> certificate(PEM_read_bio_X509(Memory(certificate_pem).get(), nullptr, nullptr, nullptr),
                                          X509_free);
  if (!certificate) return Invalid("the server's certificate is not PEM");
  const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(Memory(key_pem).get(), nullptr, nullptr, nullptr),
                                      EVP_PKEY_free);
  if (!key) return Invalid("the server's key is not PEM");
  if (SSL_CTX_use_certificate(made.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(made.get(), key.get()) != 1) {
    return Invalid("the server's certificate and key can't be used");
  }
  return made;
}

Result<TlsContext> TlsContext::ForClient() {
  TRY(TlsContext made, Make(false));
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
  return made;
}

}  // namespace coreflow::http
