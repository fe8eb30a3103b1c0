#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/cache/blobs_in_use.h"
#include "pkg/simulation/side_thread.h"
#include "tests/sim/sweeping_store.h"

namespace coreflow::sim {

// The sweeps of one process, as cache::StoreEntries has them: one at a time, and only where it is known what is in use.
// Every few minutes instead of every hour, so that many fall into a play. Destroying it ends the one under way.
class Sweeper {
 public:
  struct Options {
    SweepingStore::Options store;
    uint64_t seed = 1;
    std::function<std::optional<cache::BlobsInUse>()> in_use = {};  // see cache::StoreEntries
  };

  explicit Sweeper(Options options);
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void SweepLater();
  void SweepNow();

  const Options options_;
  Dice dice_;
  bool ended_ = true;  // the last sweep has
  std::unique_ptr<simulation::SideThread> side_;
};

}  // namespace coreflow::sim
