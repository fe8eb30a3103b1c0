#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/time.h"

namespace coreflow::fakes {

// Pseudo-random numbers that are the same for a seed on every machine and compiler (splitmix64).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // 0 … bound-1; 0 when the bound is 0.
  uint64_t Below(uint64_t bound) { return bound == 0 ? 0 : Next() % bound; }

  // True `per_mille` times out of 1,000.
  bool Chance(int per_mille) { return per_mille > 0 && Below(1000) < static_cast<uint64_t>(per_mille); }

  // Between both, ends included.
  Duration Between(Duration low, Duration high) {
    return high <= low ? low : low + Duration(Below(static_cast<uint64_t>((high - low).count()) + 1));
  }

  // A version 4 UUID, as Kubernetes' UIDs look.
  std::string Uuid();

 private:
  uint64_t state_;
};

}  // namespace coreflow::fakes
