#pragma once

#include <cstdint>
#include <string_view>

#include "pkg/base/hash.h"

namespace coreflow::engine {

// Numbers that look random and follow from a seed alone, on every machine and with every standard library.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  // Dice that belong to something: the same for the same seed and name.
  Dice(uint64_t seed, std::string_view name) : state_(seed ^ Fnv1a64(name)) {}

  // splitmix64, by Sebastiano Vigna (public domain).
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // From 0 to below `limit`, which is above 0.
  int64_t Below(int64_t limit) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(limit)); }
  int64_t Between(int64_t first, int64_t last) { return first + Below(last - first + 1); }
  bool Percent(int64_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

}  // namespace coreflow::engine
