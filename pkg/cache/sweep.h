#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cache/blobs_in_use.h"
#include "pkg/store/store.h"

namespace coreflow::cache {

// How much is kept, and for how long.
struct SweepLimits {
  Duration max_age = std::chrono::hours(24 * 30);
  // Of all namespaces together, each value counted in blocks of a file system.
  uint64_t max_bytes = uint64_t{512} << 20;
};

// A value in the store, when it was written as it says itself, and what it takes.
struct SweptValue {
  std::string name = {};
  Time written = {};
  uint64_t bytes = 0;
};

// The names of those to delete: what is too old, then the oldest of the rest until a tenth of what may be kept is free.
// Pure.
std::vector<std::string> PlanSweep(std::vector<SweptValue> values, Time now, const SweepLimits& limits);

// Deletes what results, images and names of last keys are too old or too many, and what of them can't be read; and the
// names of artifacts that are older than store::kSpared and neither in use nor named by a result; where a result can't
// be read for now, those of its namespace stay. Gives how many. What is written meanwhile may stay or go: a result that
// is gone is a miss. Blocks; ends early when it is asked to.
Result<int64_t> Sweep(store::Store& store, Time now, const SweepLimits& limits, BlobsInUse in_use,
                      const std::stop_token& stop);

}  // namespace coreflow::cache
