#pragma once

#include <cstdint>
#include <stop_token>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cache/blobs_in_use.h"
#include "pkg/store/store.h"

namespace coreflow::cache {

// One sweep of all that a store has, in order: Sweep(), SweepBlobs(), and what cut-off puts have left behind. Ends at
// the first of them that fails; the next sweep begins anew. Gives how many entries and blobs are deleted. Blocks; ends
// early when it is asked to.
Result<int64_t> SweepStore(store::Store& store, Time now, BlobsInUse in_use, const std::stop_token& stop);

}  // namespace coreflow::cache
