#include "pkg/engine/tombstones.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace coreflow::engine {

namespace {

// RemovePod and EndPod don't: the finalizer keeps the pod.
bool FreesName(const Action& action) {
  return std::holds_alternative<ReleasePod>(action) || std::holds_alternative<SweepPods>(action) ||
         std::holds_alternative<DeleteObject>(action);
}

}  // namespace

void Tombstones::KeepUntil(Time until) { until_ = std::max(until_, until); }

void Tombstones::Pass(Time now, Actions& actions) {
  if (std::exchange(unsure_, false)) KeepUntil(now + kLongestRequest);
  if (now >= until_) {
    std::ranges::move(std::exchange(held_, {}), std::back_inserter(actions));
    return;
  }
  auto freeing = std::stable_partition(actions.begin(), actions.end(), [](const Action& a) { return !FreesName(a); });
  for (auto it = freeing; it != actions.end(); ++it) {
    if (std::ranges::find(held_, *it) == held_.end()) held_.push_back(std::move(*it));
  }
  actions.erase(freeing, actions.end());
  if (!held_.empty()) actions.push_back(WakeAt{.time = until_});
}

}  // namespace coreflow::engine
