#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/cache/blobs.h"
#include "pkg/cache/entries.h"
#include "tests/sim/simulated_store.h"

namespace coreflow::sim {

// The store as the step cache and engines reach it, as bad as stores can be: slow, down, silent, and giving what is
// damaged or something else. All replicas share it.
class FaultyEntries : public cache::Entries, public cache::Blobs {
 public:
  // `faults`: out of 1,000 calls; `on_struck` hears of each. Loop and store outlive it.
  FaultyEntries(Loop& loop, SimulatedStore& store, uint64_t seed, int faults, std::function<void()> on_struck)
      : loop_(loop), store_(store), dice_(seed, "entries"), faults_(faults), on_struck_(std::move(on_struck)) {}

  void Get(const std::string& name, cache::Entries::Got got) override;
  void Put(const std::string& name, const std::string& value, Done done) override;
  // Always answers, as a store does that looks at the clock.
  void GetBlob(const std::string& name_space, const std::string& digest, cache::Blobs::Got got) override;

 private:
  bool Strikes();
  std::vector<const std::string*> Values() const;
  std::string Damaged(const std::string& value);

  Loop& loop_;
  SimulatedStore& store_;
  Dice dice_;
  const int faults_;
  const std::function<void()> on_struck_;
};

}  // namespace coreflow::sim
