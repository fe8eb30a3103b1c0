#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pkg/http/credentials.h"

struct evp_pkey_st;
struct x509_st;

namespace coreflow::http {

// For tests: a certificate authority made on the spot.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& common_name);

  std::string pem() const;
  // A certificate for servers or clients. Alternative names as OpenSSL writes them: "DNS:localhost", "IP:127.0.0.1".
  ClientCertificate Issue(const std::string& common_name, const std::vector<std::string>& alternative_names = {}) const;
  // One that ended a minute ago.
  ClientCertificate IssueExpired(const std::string& common_name) const;

 private:
  ClientCertificate Issue(const std::string& common_name, const std::vector<std::string>& alternative_names,
                          long seconds) const;

  std::string common_name_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace coreflow::http
