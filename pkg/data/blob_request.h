#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "pkg/data/readers.h"
#include "pkg/http/blocking_connection.h"
#include "pkg/logging/log.h"
#include "pkg/store/store.h"

namespace coreflow::data {

// On which terms the data service serves.
struct BlobTerms {
  const std::string& key;      // of tokens
  uint64_t most_bytes = 0;     // of a blob
  Readers* readers = nullptr;  // null: nobody reads but couriers
  std::atomic<int>& reading;   // how many readers are served, this one not counted
  int most_readers = 0;        // more are told to come again
};

// Reads a connection's one request and answers it as DataService says. The connection's deadline holds until the
// request's head is there.
void ServeBlobRequest(http::BlockingConnection& connection, const BlobTerms& terms, store::Store& store,
                      const logging::Log& log);

}  // namespace coreflow::data
