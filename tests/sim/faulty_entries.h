#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"

namespace coreflow::sim {

// The store of the step cache, as bad as stores can be: slow, down, silent, and giving what is damaged or something
// else. All replicas share it.
class FaultyEntries : public cache::Entries {
 public:
  // `faults`: out of 1,000 calls; `on_struck` hears of each. The loop outlives it.
  FaultyEntries(Loop& loop, uint64_t seed, int faults, std::function<void()> on_struck)
      : loop_(loop), dice_(seed, "entries"), faults_(faults), on_struck_(std::move(on_struck)) {}

  void Get(const std::string& name, Got got) override;
  void Put(const std::string& name, const std::string& value, Done done) override;

 private:
  bool Strikes();
  std::string Damaged(const std::string& value);

  Loop& loop_;
  Dice dice_;
  const int faults_;
  const std::function<void()> on_struck_;
  std::map<std::string, std::string> values_;
};

}  // namespace coreflow::sim
