#include "pkg/data/identity.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <utility>

#include "pkg/base/hex.h"
#include "pkg/data/kept_secret.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::data {

namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long kDay = 24L * 60 * 60;
constexpr long kTenYears = 3653 * kDay;
constexpr char kName[] = "coreflow-data";

Error Failed() { return {.code = Code::kInternal, .message = "OpenSSL makes no certificate"}; }

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

Result<std::string> FingerprintOf(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return Failed();
  return ToHex({reinterpret_cast<const char*>(digest.data()), size});
}

bool SetSerial(X509* certificate) {
  std::array<unsigned char, 8> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  uint64_t serial = 0;
  for (unsigned char byte : bytes) serial = serial << 8 | byte;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

bool SetName(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(kName), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

Result<Identity> Read(const std::string& certificate_pem, const std::string& key_pem) {
  const Memory memory(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), BIO_free);
  const Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), X509_free);
  if (!certificate || key_pem.empty()) {
    return Error{
        .code = Code::kInvalid,
        .message = std::string("the store's entry ") + kIdentityEntry + " is no certificate; delete it for a new one"};
  }
  TRY(std::string fingerprint, FingerprintOf(certificate.get()));
  return Identity{.certificate = certificate_pem, .key = Secret(key_pem), .fingerprint = std::move(fingerprint)};
}

Result<std::string> MakeEntry() {
  TRY(const Identity made, MakeIdentity());
  return json::Write(json::Object{{"certificate", made.certificate}, {"key", made.key.Reveal()}});
}

}  // namespace

Result<Identity> MakeIdentity() {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate certificate(X509_new(), X509_free);
  if (!key || !certificate) return Failed();
  X509* x509 = certificate.get();
  if (X509_set_version(x509, X509_VERSION_3) != 1 || !SetSerial(x509) || !SetName(x509) ||
      X509_gmtime_adj(X509_getm_notBefore(x509), -kDay) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(x509), kTenYears) == nullptr || X509_set_pubkey(x509, key.get()) != 1 ||
      X509_sign(x509, key.get(), EVP_sha256()) == 0) {
    return Failed();
  }
  const Memory certificate_pem(BIO_new(BIO_s_mem()), BIO_free);
  const Memory key_pem(BIO_new(BIO_s_mem()), BIO_free);
  if (PEM_write_bio_X509(certificate_pem.get(), x509) != 1 ||
      PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Failed();
  }
  return Read(TextOf(certificate_pem.get()), TextOf(key_pem.get()));
}

Result<Identity> LoadOrMakeIdentity(store::Store& store) {
  TRY(const std::string kept, LoadOrMake(store, kIdentityEntry, &MakeEntry));
  const auto value = json::Parse(kept);
  if (!value) return Read("", "");
  return Read((*value)["certificate"].StringOr(""), (*value)["key"].StringOr(""));
}

}  // namespace coreflow::data
