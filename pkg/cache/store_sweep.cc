#include "pkg/cache/store_sweep.h"

#include <utility>

#include "pkg/cache/blob_sweep.h"
#include "pkg/cache/sweep.h"

namespace coreflow::cache {

Result<int64_t> SweepStore(store::Store& store, Time now, BlobsInUse in_use, const std::stop_token& stop) {
  TRY(const int64_t entries, Sweep(store, now, {}, std::move(in_use), stop));
  TRY(const int64_t blobs, SweepBlobs(store, stop));
  if (!stop.stop_requested()) static_cast<void>(store.SweepLeftovers(store::kSpared).has_value());
  return entries + blobs;
}

}  // namespace coreflow::cache
