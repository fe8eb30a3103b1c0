#pragma once

#include <cstdint>

#include "pkg/engine/pretended.h"
#include "pkg/simulation/behaviour.h"

namespace coreflow::sim {

// What becomes of each pod by itself: most succeed after some seconds, some fail, run out of memory, ignore SIGTERM or
// never start. Depends on nothing but the seed and the pod's name, so that an attempt fares the same whoever asks.
class Script {
 public:
  explicit Script(uint64_t seed) : seed_(seed) {}

  // `store` takes outputs that are large.
  simulation::Behaviour BehaviourOf(const json::Value& pod, const engine::StoreOutputs& store) const;

  // From now on new pods start and end.
  void Heal() { healed_ = true; }

 private:
  uint64_t seed_;
  bool healed_ = false;
};

}  // namespace coreflow::sim
