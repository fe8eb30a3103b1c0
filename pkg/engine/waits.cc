#include "pkg/engine/waits.h"

namespace coreflow::engine {

void Waits::Note(ItemId id, std::optional<api::Reason> reason) {
  Forget(id);
  reasons_[id] = reason;
  if (reason) waiting_[*reason].insert(id);
  if (!reason) ++running_;
}

void Waits::Forget(ItemId id) {
  auto known = reasons_.find(id);
  if (known == reasons_.end()) return;
  if (known->second) {
    auto waiting = waiting_.find(*known->second);
    waiting->second.erase(id);
    if (waiting->second.empty()) waiting_.erase(waiting);
  } else {
    --running_;
  }
  reasons_.erase(known);
}

std::optional<ItemId> Waits::Worst() const {
  if (running_ > 0) return std::nullopt;
  const std::pair<const api::Reason, std::set<ItemId>>* worst = nullptr;
  for (const auto& entry : waiting_) {
    if (worst == nullptr || api::MoreStructural(entry.first, worst->first) != worst->first) worst = &entry;
  }
  return worst == nullptr ? std::nullopt : std::optional(*worst->second.begin());
}

}  // namespace coreflow::engine
