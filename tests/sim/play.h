#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/simulation.h"

namespace coreflow::sim {

struct Played {
  std::string report = {};  // empty: all promises were kept
  Strikes strikes = {};
  Duration virtual_time = {};
  size_t writes = 0;  // that were accepted
  int pods = 0;
};

// One seed's play: objects are made, everything goes wrong for some minutes, then all recovers, and what was promised
// must come true. `trace` prints all that happens.
Played Play(uint64_t seed, bool trace = false);

}  // namespace coreflow::sim
