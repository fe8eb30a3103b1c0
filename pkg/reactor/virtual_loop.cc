#include "pkg/reactor/virtual_loop.h"

#include <algorithm>

namespace coreflow::reactor {

void VirtualLoop::After(Duration delay, std::function<void()> work) {
  constexpr Duration kLongest = std::chrono::hours(24 * 365 * 100);
  Duration due = now_ + std::clamp(delay, Duration(0), kLongest);
  items_.emplace(std::pair(due, sequence_++), std::move(work));
}

bool VirtualLoop::RunOne() {
  if (items_.empty() || items_.begin()->first.first > now_) return false;
  auto item = items_.extract(items_.begin());
  item.mapped()();
  return true;
}

size_t VirtualLoop::RunUntilIdle(size_t limit) {
  size_t count = 0;
  while (count < limit && RunOne()) ++count;
  return count;
}

void VirtualLoop::Advance(Duration span) {
  Duration end = now_ + span;
  RunUntilIdle();
  while (!items_.empty() && items_.begin()->first.first <= end) {
    now_ = std::max(now_, items_.begin()->first.first);
    RunUntilIdle();
  }
  now_ = end;
}

bool VirtualLoop::AdvanceToNext(size_t limit) {
  if (items_.empty()) return false;
  now_ = std::max(now_, items_.begin()->first.first);
  RunUntilIdle(limit);
  return true;
}

std::optional<Duration> VirtualLoop::NextTimer() const {
  if (items_.empty()) return std::nullopt;
  return std::max(items_.begin()->first.first - now_, Duration(0));
}

}  // namespace coreflow::reactor
