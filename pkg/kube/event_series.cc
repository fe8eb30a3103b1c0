#include "pkg/kube/event_series.h"

#include <algorithm>

namespace coreflow::kube {
namespace {

constexpr Duration kRefill = std::chrono::minutes(5);
constexpr Duration kBetweenWrites = std::chrono::minutes(5);
constexpr Duration kForgotten = std::chrono::minutes(6);

}  // namespace

std::optional<EventWrite> EventSeries::Happened(const Event& event, Duration now, Time wall) {
  auto known = by_event_.find(event);
  if (known == by_event_.end()) {
    if (!Allow(event.regarding, now)) {
      ++spam_;
      return std::nullopt;
    }
    if (series_.size() >= most_) {
      by_event_.erase(series_.front().write.event);
      series_.pop_front();
    }
    EventWrite write{.key = EventKey(event, wall, sequence_++), .event = event, .times = {.first = wall, .last = wall}};
    by_event_[event] = series_.insert(series_.end(), Series{.write = write, .seen = now, .written = now});
    return write;
  }
  Series& series = *known->second;
  series_.splice(series_.end(), series_, known->second);
  series.seen = now;
  series.write.times.last = wall;
  bool due = ++series.write.times.count == 2 || now - series.written >= kBetweenWrites;
  series.unwritten = !due;
  if (!due) return std::nullopt;
  series.written = now;
  return series.write;
}

std::vector<EventWrite> EventSeries::Due(Duration now) {
  std::vector<EventWrite> due;
  for (auto at = series_.begin(); at != series_.end();) {
    bool forgotten = now - at->seen >= kForgotten;
    if (at->unwritten && (forgotten || now - at->written >= kBetweenWrites)) {
      due.push_back(at->write);
      at->written = now;
      at->unwritten = false;
    }
    if (forgotten) {
      by_event_.erase(at->write.event);
      at = series_.erase(at);
    } else {
      ++at;
    }
  }
  ForgetAllowances(now);
  return due;
}

double EventSeries::LeftAt(const Allowance& allowance, Duration now) {
  return std::min(kBurst, allowance.left + std::chrono::duration<double>(now - allowance.at) / kRefill);
}

bool EventSeries::Allow(const ObjectReference& object, Duration now) {
  if (!allowances_.contains(object) && allowances_.size() >= most_) ForgetAllowances(now);
  // Nobody is full again: rather no limit for some than no limit to memory.
  if (allowances_.size() >= most_) allowances_.clear();
  Allowance& allowance = allowances_.try_emplace(object, Allowance{.at = now}).first->second;
  allowance.left = LeftAt(allowance, now);
  allowance.at = now;
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}

void EventSeries::ForgetAllowances(Duration now) {
  std::erase_if(allowances_, [&](const auto& entry) { return LeftAt(entry.second, now) >= kBurst; });
}

}  // namespace coreflow::kube
