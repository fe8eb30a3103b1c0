#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "pkg/json/value.h"
#include "pkg/simulation/behaviour.h"
#include "tests/sim/simulated_store.h"

namespace coreflow::sim {

// The couriers of all pods: they bring input artifacts before a step's command runs, and put what it leaves into the
// store before its container ends. Like a pod's fate, what fails depends on nothing but the seed, the pod's name and
// what the store has. The store outlives it.
class Couriers {
 public:
  // Each hears of a pod by its UID, and what it was.
  struct Hooks {
    std::function<void(const std::string& uid, const std::string& what)> on_missing = {};  // an input is not there
    std::function<void(const std::string& uid, const std::string& what)> on_refused = {};  // an artifact is not kept
  };

  Couriers(uint64_t seed, SimulatedStore& store, Hooks hooks) : seed_(seed), store_(store), hooks_(std::move(hooks)) {}

  // Adds to what becomes of the pod what its couriers do, if it has any. `large_outputs`: the text of what the message
  // of `behaviour.end` names so.
  void Accompany(const json::Value& pod, const std::string& large_outputs, simulation::Behaviour& behaviour);

  // From now on all that is put is kept.
  void Heal() { healed_ = true; }

 private:
  struct Carrier;
  void Keep(const Carrier& pod, simulation::ContainerEnd& end);

  const uint64_t seed_;
  SimulatedStore& store_;
  const Hooks hooks_;
  bool healed_ = false;
};

}  // namespace coreflow::sim
