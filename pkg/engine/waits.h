#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "pkg/api/reasons.h"
#include "pkg/engine/item.h"

namespace coreflow::engine {

// Which attempts wait, by reason, and which run: kept up to date attempt by attempt, so that one reason for the whole
// run costs the same however many there are.
class Waits {
 public:
  // The attempt of the item waits for this reason; nullopt: it runs.
  void Note(ItemId id, std::optional<api::Reason> reason);
  // The item has no attempt any more.
  void Forget(ItemId id);

  // The first item that waits for the most structural reason; nullopt when something runs, or nothing waits.
  std::optional<ItemId> Worst() const;

 private:
  std::map<ItemId, std::optional<api::Reason>> reasons_;
  std::map<api::Reason, std::set<ItemId>> waiting_;  // without empty sets
  int64_t running_ = 0;
};

}  // namespace coreflow::engine
