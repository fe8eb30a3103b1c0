#include "pkg/courier/patience.h"

#include <algorithm>
#include <utility>

namespace coreflow::courier {

namespace {

constexpr Duration kFirst{1'000};
constexpr Duration kMost{30'000};

}  // namespace

Patience::Patience(Duration longest, Sleep sleep) : longest_(longest), sleep_(std::move(sleep)), next_(kFirst) {}

bool Patience::Wait() {
  if (waited_ >= longest_) return false;
  const Duration wait = std::min(next_, longest_ - waited_);
  sleep_(wait);
  waited_ += wait;
  next_ = std::min(next_ * 2, kMost);
  return true;
}

void Patience::Restore() {
  next_ = kFirst;
  waited_ = Duration(0);
}

}  // namespace coreflow::courier
