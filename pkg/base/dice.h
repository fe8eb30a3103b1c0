#pragma once

#include <cstdint>
#include <string_view>

#include "pkg/base/hash.h"
#include "pkg/base/time.h"

namespace coreflow {

// Numbers that look random and follow from a seed alone, on every machine and with every standard library: for tests.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  // Dice that belong to something: the same for the same seed and name.
  Dice(uint64_t seed, std::string_view name) : state_(seed ^ Fnv1a64(name)) {}

  // splitmix64, by Sebastiano Vigna (public domain).
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // From 0 to below the limit; 0 when that is 0.
  uint64_t Below(uint64_t limit) { return limit == 0 ? 0 : Next() % limit; }
  // Between both, ends included. REQUIRES: first <= last.
  int64_t Between(int64_t first, int64_t last) {
    return first + static_cast<int64_t>(Below(static_cast<uint64_t>(last - first) + 1));
  }
  // The same; the first when the last is no later.
  Duration Between(Duration first, Duration last) {
    return last <= first ? first : Duration(Between(first.count(), last.count()));
  }

  // True so many times out of 100, or out of 1,000.
  bool Percent(int64_t percent) { return static_cast<int64_t>(Below(100)) < percent; }
  bool Chance(int per_mille) { return per_mille > 0 && Below(1000) < static_cast<uint64_t>(per_mille); }

 private:
  uint64_t state_;
};

}  // namespace coreflow
