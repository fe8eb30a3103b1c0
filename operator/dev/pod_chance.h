#pragma once

#include <cstdint>

#include "pkg/json/value.h"
#include "pkg/simulation/behaviour.h"

namespace coreflow::dev {

// What chance has in store for pods that run nowhere.
struct PodChance {
  uint64_t seed = 1;
  int64_t failure_rate = 5;  // how many of 100 fail, each fourth of them for want of memory
};

// The same for the same attempt at the same step of a workflow of that name, in any order: 0.1 to 3 seconds, and then
// an end. `owner`: the object that the pod belongs to; its declared outputs get zero values.
simulation::Behaviour BehaviourOf(const json::Value& pod, const json::Value& owner, const PodChance& chance);

}  // namespace coreflow::dev
