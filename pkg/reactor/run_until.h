#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include "pkg/reactor/event_loop.h"

namespace coreflow::reactor {

// For tests: runs the loop until the claim, which it looks at again and again, holds. False when it does not within 25
// seconds.
inline bool RunUntil(EventLoop& loop, const std::function<bool()>& claim) {
  std::stop_source stop;
  const Duration limit = loop.Monotonic() + std::chrono::seconds(25);
  std::function<void()> look = [&] {
    if (claim() || loop.Monotonic() > limit) return stop.request_stop(), void();
    loop.After(std::chrono::milliseconds(2), look);
  };
  loop.Post(look);
  loop.Run(stop.get_token());
  return claim();
}

}  // namespace coreflow::reactor
