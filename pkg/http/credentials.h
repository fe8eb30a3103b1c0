#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::http {

// A client certificate with its chain, and its private key, both PEM. Both empty: none.
struct ClientCertificate {
  std::string chain_pem = {};
  std::string key_pem = {};

  bool operator==(const ClientCertificate&) const = default;
};

// What one request shows to say who it is.
struct Auth {
  // Added to the request unless it has a header of that name: "Authorization", "Impersonate-User".
  std::vector<std::pair<std::string, std::string>> headers = {};
  // Presented on new connections. When it changes, connections made with the old one take no new requests.
  ClientCertificate certificate = {};

  bool operator==(const Auth&) const = default;
};

// Where a transport gets its credentials. Thread-safe.
class Credentials {
 public:
  virtual ~Credentials() = default;

  // Called before a request when nothing is at hand, never on a thread that moves bytes. May block (reads a file, runs
  // a plugin) for a bounded time. An error ends the request with that error.
  virtual Result<Auth> ForRequest() = 0;

  // What ForRequest() would give, where it would give it from memory; called first, on any thread. Must not block.
  virtual std::optional<Auth> AtHand() { return std::nullopt; }

  // The server answered 401 to a request that showed `used`. Must not block: whoever asks next gets fresh
  // credentials. Does nothing when `used` is not what ForRequest() would give now, so that many requests refused at
  // once cause one refresh. The request itself is not sent again; its caller sees the 401.
  virtual void Rejected(const Auth& used) = 0;
};

}  // namespace coreflow::http
