#pragma once

#include <list>
#include <memory>
#include <string>
#include <thread>

#include "pkg/http/reply.h"
#include "pkg/store/store.h"

namespace coreflow::dev {

// What the data service of a cluster is for readers (see pkg/artifact/reading.h), at the same path: blobs of a
// namespace out of the store. Nobody shows a token, as nobody does here. Serve() is for one thread; each download has
// one of its own, and is as fast as its client. The store outlives it.
class KeptBlobs {
 public:
  explicit KeptBlobs(store::Store& store);
  // Ends what is under way.
  ~KeptBlobs();
  KeptBlobs(const KeptBlobs&) = delete;
  KeptBlobs& operator=(const KeptBlobs&) = delete;

  // Whether the request is for the data service; then the reply is or will be sent.
  bool Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply);

  static constexpr size_t kMostAtOnce = 16;  // downloads; more: 503

 private:
  class Download;

  store::Store& store_;
  std::list<std::unique_ptr<Download>> downloads_;
};

}  // namespace coreflow::dev
