#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/base/secret.h"
#include "pkg/base/time.h"
#include "pkg/data/identity.h"
#include "pkg/data/readers.h"
#include "pkg/logging/log.h"
#include "pkg/store/store.h"

namespace coreflow::data {

// Puts what couriers bring into the store and gives them what their pods may have, over HTTP/1.1, one request a
// connection:
//
//   PUT /v1/namespaces/NAMESPACE/pods/POD/blobs          201 {"bytes":n,"digest":"sha256:…"}
//   GET /v1/namespaces/NAMESPACE/pods/POD/blobs/DIGEST   200, the bytes
//
// Each wants `Authorization: Bearer TOKEN` with the token for just that (see store_token.h). A namespace can get only
// what was put for one of its pods, whatever else the store has.
//
// People read through the API server's proxy (see reading.h):
//
//   GET /v1/readers                                      200 {"readers":"Token"}, what that takes; without a token
//   GET /v1/namespaces/NAMESPACE/blobs/DIGEST            200, the bytes
//
// The second wants `CoreFlow-Token: TOKEN`, which Readers judges; else it is 403. Its failures are Status objects of
// Kubernetes with the reason artifact::kReaderReason.
//
// Else: 400 for no HTTP or names that are none, 401 without the right token, 404 when the namespace has no such blob,
// 405, 411 for a body of unknown length that is not chunked, 413, 503 when the store fails for now, 507 when it is
// full, 500 when it fails for good. The body is then a line of text that says what. A blob that turns out to be
// damaged, or can't be read to its end, is not told from the others by its status: hold it against its digest.
//
// A put that is cut off stores nothing. Each connection has a thread of its own and holds about 2 MiB beside what the
// store does.
class DataService {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    uint16_t port = 0;                        // 0: any free one, see port()
    std::optional<Identity> identity = {};    // none: plain HTTP, for loopback
    Secret<std::string> key = {};             // of tokens
    ReviewToken review = {};                  // of readers' tokens; empty: there are no readers
    size_t most_connections = 64;             // more wait to be accepted
    int most_readers = 16;                    // of them; more: 503, so that couriers find a place
    uint64_t most_bytes = uint64_t{1} << 40;  // of a blob; more: 413
    Duration head_limit{10'000};              // from the accept to the end of the request's head, TLS with it
    Duration idle_limit{60'000};              // for the client to send or take something
    Duration stop_grace{5'000};               // for requests under way when Stop() is called
  };

  // Listens when it returns. The store outlives it. kInvalid when the address or the identity is none, kUnavailable
  // when the address can't be had.
  static Result<std::unique_ptr<DataService>> Start(Options options, store::Store& store, logging::Log log = {});

  // Stops.
  virtual ~DataService() = default;

  virtual uint16_t port() const = 0;

  // Accepts no more, cuts connections that have not ended within the grace, and returns when all threads have ended,
  // which may have to wait for a call of the store. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace coreflow::data
