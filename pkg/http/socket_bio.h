#pragma once

#include <openssl/types.h>

namespace coreflow::http {

// A non-blocking socket as OpenSSL reads and writes it; unlike OpenSSL's own it raises no SIGPIPE. The socket outlives
// it. The caller owns it.
BIO* NewSocketBio(int socket);

}  // namespace coreflow::http
