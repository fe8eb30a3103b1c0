#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/phases.h"

namespace coreflow::sim {

// How often something befell cluster, network and processes, and in which phases pods were then. What hits pods counts
// by the phases of those; what hits an object, by the phases of its pods; all else by the phases that any pod is in.
// Once for each phase, however many pods are in it.
struct Struck {
  int times = 0;
  std::array<int, kPodPhases> in = {};

  void Count(const PodPhaseSet& phases);
};
// By name; those that could have come and never did are there too.
using Strikes = std::map<std::string, Struck>;

// The strikes of many seeds.
class Tally {
 public:
  void Add(const Strikes& strikes);

  // A line for each perturbation: seeds, times, and times by phase; "-" where it makes no sense.
  std::string Table() const;
  // What is wrong with it: combinations rarer than `least`, and such as were said to make no sense.
  std::vector<std::string> Problems(int least) const;

 private:
  struct Row {
    int seeds = 0;
    Struck struck = {};
  };
  std::map<std::string, Row> rows_;
};

}  // namespace coreflow::sim
