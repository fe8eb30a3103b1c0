#pragma once

#include <cstdint>
#include <stop_token>

#include "pkg/base/result.h"
#include "pkg/store/store.h"

namespace coreflow::cache {

// Deletes the blobs that no namespace has a name for any more and that are older than store::kSpared. Gives how many.
// Blocks; ends early when it is asked to. Nobody waits for it: what is left now is deleted the next time.
Result<int64_t> SweepBlobs(store::Store& store, const std::stop_token& stop);

}  // namespace coreflow::cache
