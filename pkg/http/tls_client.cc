#include "pkg/http/tls_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>
#include <utility>
#include <vector>

#include "pkg/http/default_trust.h"

namespace coreflow::http {

struct TlsClient::Identity {
  std::shared_ptr<EVP_PKEY> key;
  std::vector<std::shared_ptr<X509>> chain;  // the client's own first

  static Result<std::shared_ptr<const Identity>> Read(const ClientCertificate& certificate);
};

namespace {

Error Invalid(const std::string& what) { return {.code = Code::kInvalid, .message = what + ": " + TlsError()}; }

std::shared_ptr<BIO> Memory(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

// Asks for no password: an encrypted key is an error, not a prompt on the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

std::vector<std::shared_ptr<X509>> ReadCertificates(const std::string& pem) {
  std::vector<std::shared_ptr<X509>> certificates;
  auto bio = Memory(pem);
  while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, NoPassword, nullptr))
    certificates.emplace_back(one, X509_free);
  // The end of the text is an error to OpenSSL; with at least one certificate read it is none to us.
  if (!certificates.empty()) ERR_clear_error();
  return certificates;
}

Result<std::shared_ptr<X509_STORE>> StoreFromPem(const std::string& pem) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  auto certificates = ReadCertificates(pem);
  if (certificates.empty()) return Invalid("the certificate authority is not PEM");
  for (const auto& certificate : certificates) X509_STORE_add_cert(store.get(), certificate.get());
  return store;
}

Result<std::shared_ptr<X509_STORE>> StoreFromFile(const std::string& path) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  if (X509_STORE_load_file(store.get(), path.c_str()) != 1) {
    return Invalid("can't read certificate authorities from " + path);
  }
  return store;
}

// The directory is looked into by name when a certificate needs it, so this stays cheap; a distribution that has only
// the file pays for reading it.
Result<std::shared_ptr<X509_STORE>> StoreFromSystem() {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  auto trust = SystemTrust();
  X509_STORE_load_file(store.get(), trust.file.c_str());
  X509_STORE_load_path(store.get(), trust.directory.c_str());
  ERR_clear_error();
  return store;
}

}  // namespace

Result<std::shared_ptr<const TlsClient::Identity>> TlsClient::Identity::Read(const ClientCertificate& certificate) {
  auto identity = std::make_shared<Identity>();
  identity->chain = ReadCertificates(certificate.chain_pem);
  if (identity->chain.empty()) return Invalid("the client certificate is not PEM");
  identity->key = {PEM_read_bio_PrivateKey(Memory(certificate.key_pem).get(), nullptr, NoPassword, nullptr),
                   EVP_PKEY_free};
  if (!identity->key) return Invalid("the client key is not PEM, or has a password");
  if (X509_check_private_key(identity->chain.front().get(), identity->key.get()) != 1) {
    return Invalid("the client key does not belong to the client certificate");
  }
  return std::shared_ptr<const Identity>(std::move(identity));
}

Result<void> TlsClient::Check(const ClientCertificate& certificate) {
  if (certificate == ClientCertificate{}) return {};
  TRY([[maybe_unused]] auto identity, Identity::Read(certificate));
  return {};
}

std::string TlsError() {
  unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown TLS error" : reason;
}

Result<std::shared_ptr<const TlsClient>> TlsClient::Make(const Options& options, const ClientCertificate& certificate) {
  std::shared_ptr<TlsClient> client(new TlsClient);
  if (!options.ca_pem.empty()) {
    TRY(client->store_, StoreFromPem(options.ca_pem));
  } else if (!options.ca_file.empty()) {
    client->ca_file_ = options.ca_file;
    TRY_VOID([&]() -> Result<void> {
      TRY([[maybe_unused]] auto store, StoreFromFile(options.ca_file));
      return {};
    }());
  } else {
    TRY(client->store_, StoreFromSystem());
  }
  if (certificate != ClientCertificate{}) {
    TRY(client->identity_, Identity::Read(certificate));
  }
  return std::shared_ptr<const TlsClient>(std::move(client));
}

Result<std::shared_ptr<X509_STORE>> TlsClient::Store() const {
  if (store_) return store_;
  return StoreFromFile(ca_file_);
}

Result<void> TlsClient::Apply(SSL_CTX* context) const {
  TRY(auto store, Store());
  SSL_CTX_set1_cert_store(context, store.get());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (!identity_) return {};
  bool good = SSL_CTX_use_certificate(context, identity_->chain.front().get()) == 1;
  for (size_t i = 1; good && i < identity_->chain.size(); ++i) {
    good = SSL_CTX_add1_chain_cert(context, identity_->chain[i].get()) == 1;
  }
  if (!good || SSL_CTX_use_PrivateKey(context, identity_->key.get()) != 1) return Invalid("can't use the certificate");
  return {};
}

}  // namespace coreflow::http
