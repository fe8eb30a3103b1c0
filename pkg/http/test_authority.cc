#include "pkg/http/test_authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "pkg/base/check.h"

namespace coreflow::http {

namespace {

std::shared_ptr<EVP_PKEY> NewKey() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

template <typename Write>
std::string Pem(Write write) {
  std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  CHECK(write(bio.get()) == 1, "memory takes it");
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string CertificatePem(X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

void SetName(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  CHECK(extension != nullptr, "the test writes valid extensions");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// `seconds`: how long from now it is good for.
std::shared_ptr<X509> NewCertificate(const std::string& subject, const std::string& issuer, EVP_PKEY* key,
                                     long seconds = 3600) {
  static std::atomic<long> serial = 0;
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
  SetName(X509_get_subject_name(certificate.get()), subject);
  SetName(X509_get_issuer_name(certificate.get()), issuer);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

}  // namespace

TestAuthority::TestAuthority(const std::string& common_name)
    : common_name_(common_name), key_(NewKey()), certificate_(NewCertificate(common_name, common_name, key_.get())) {
  AddExtension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

std::string TestAuthority::pem() const { return CertificatePem(certificate_.get()); }

ClientCertificate TestAuthority::Issue(const std::string& common_name,
                                       const std::vector<std::string>& alternative_names) const {
  return Issue(common_name, alternative_names, 3600);
}

ClientCertificate TestAuthority::IssueExpired(const std::string& common_name) const {
  return Issue(common_name, {}, -60);
}

ClientCertificate TestAuthority::Issue(const std::string& common_name,
                                       const std::vector<std::string>& alternative_names, long seconds) const {
  auto key = NewKey();
  auto certificate = NewCertificate(common_name, common_name_, key.get(), seconds);
  std::string names;
  for (const auto& name : alternative_names) names += (names.empty() ? "" : ",") + name;
  if (!names.empty()) AddExtension(certificate.get(), NID_subject_alt_name, names);
  X509_sign(certificate.get(), key_.get(), EVP_sha256());
  return {.chain_pem = CertificatePem(certificate.get()), .key_pem = Pem([&](BIO* bio) {
                                                            return PEM_write_bio_PrivateKey(
                                                                bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
                                                          })};
}

}  // namespace coreflow::http
