#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "pkg/engine/item.h"

namespace coreflow::engine {

// Results from the step cache stand only once they are stored: whoever looks again after a crash may not find them.
// Others may be looked up because of them at once, but nothing is started or ended that could follow from one that is
// not stored yet.
class HitBarrier {
 public:
  void NoteHit(ItemId id) { unstored_.emplace(id, ++last_); }
  void OnStored(ItemId id) { unstored_.erase(id); }
  // All hits are stored.
  bool Open() const { return unstored_.empty(); }

  // Has the start of an item wait for the hits that there are now.
  void HoldStart(ItemId id) { starts_.emplace_back(last_, id); }
  // Has the end of a running attempt wait for all hits.
  void HoldEnd(ItemId id) { ends_.insert(id); }

  // Something is held.
  bool IsWaitedFor() const { return !starts_.empty() || !ends_.empty(); }

  // Those whose wait is over, in the order in which they came. They are not held any more.
  std::vector<ItemId> TakeStarts();
  std::set<ItemId> TakeEnds() { return Open() ? std::exchange(ends_, {}) : std::set<ItemId>(); }
  // All whose start is held; they are not any more.
  std::vector<ItemId> TakeAllStarts();

 private:
  uint64_t FirstUnstored() const;

  uint64_t last_ = 0;
  std::map<ItemId, uint64_t> unstored_;  // with the number of the hit
  std::deque<std::pair<uint64_t, ItemId>> starts_;
  std::set<ItemId> ends_;
};

}  // namespace coreflow::engine
