#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "pkg/http/credentials.h"

namespace coreflow::http {

// The server a transport talks to, and how.
struct Options {
  // "https://10.0.0.1:6443" or "http://127.0.0.1:8001"; a path in it goes before every target.
  std::string url = {};

  // The authorities that may have signed the server's certificate, and no others. The file is read again for every
  // connection. Neither: the system's.
  std::string ca_pem = {};
  std::string ca_file = {};
  // The name the certificate must have, when it is not the host of `url`.
  std::string tls_server_name = {};
  // Believe any certificate. For experiments only.
  bool insecure_skip_tls_verify = false;

  // "http://proxy:3128": TLS goes through it with CONNECT. The environment's proxy variables are not looked at.
  std::string proxy_url = {};

  // Null: every request goes out as it is.
  std::shared_ptr<Credentials> credentials = {};
  std::string user_agent = "coreflow";

  // The most bytes of an answer to Send(); streams have no limit.
  size_t max_body = size_t{64} << 20;
  // Requests of Send() on the wire at once, hence connections; more wait in line, inside their deadline.
  size_t max_in_flight = 64;
};

}  // namespace coreflow::http
