#include "pkg/engine/hit_barrier.h"

#include <algorithm>

namespace coreflow::engine {

uint64_t HitBarrier::FirstUnstored() const {
  uint64_t first = UINT64_MAX;
  for (const auto& [id, number] : unstored_) first = std::min(first, number);
  return first;
}

std::vector<ItemId> HitBarrier::TakeStarts() {
  std::vector<ItemId> released;
  const uint64_t first = starts_.empty() ? 0 : FirstUnstored();
  while (!starts_.empty() && starts_.front().first < first) {
    released.push_back(starts_.front().second);
    starts_.pop_front();
  }
  return released;
}

std::vector<ItemId> HitBarrier::TakeAllStarts() {
  std::vector<ItemId> all;
  for (const auto& [number, id] : std::exchange(starts_, {})) all.push_back(id);
  return all;
}

}  // namespace coreflow::engine
