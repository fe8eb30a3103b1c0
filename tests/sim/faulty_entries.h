#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/cache/blobs.h"
#include "pkg/cache/entries.h"

namespace coreflow::sim {

// The store of the step cache and of large outputs, as bad as stores can be: slow, down, silent, and giving what is
// damaged or something else. All replicas share it.
class FaultyEntries : public cache::Entries, public cache::Blobs {
 public:
  using OnLost = std::function<void(const std::string& digest)>;

  // `faults`: out of 1,000 calls; `on_struck` hears of each, `on_lost` of blobs that are lost. The loop outlives it.
  FaultyEntries(Loop& loop, uint64_t seed, int faults, std::function<void()> on_struck, OnLost on_lost)
      : loop_(loop),
        dice_(seed, "entries"),
        faults_(faults),
        on_struck_(std::move(on_struck)),
        on_lost_(std::move(on_lost)) {}

  void Get(const std::string& name, cache::Entries::Got got) override;
  void Put(const std::string& name, const std::string& value, Done done) override;
  // Always answers, as a store does that looks at the clock.
  void GetBlob(const std::string& name_space, const std::string& digest, cache::Blobs::Got got) override;
  void PutBlob(const std::string& text);

 private:
  bool Strikes();
  std::string Damaged(const std::string& value);

  Loop& loop_;
  Dice dice_;
  const int faults_;
  const std::function<void()> on_struck_;
  const OnLost on_lost_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> blobs_;  // by their digest
};

}  // namespace coreflow::sim
