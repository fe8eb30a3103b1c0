#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/engine/observation.h"
#include "pkg/engine/testing/world.h"
#include "pkg/graph/graph.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// How the attempts of a step go, in hundredths. Each attempt throws dice of its own, made of the scenario's seed and of
// what it stands for, so that it goes the same way whenever and in whatever company it runs.
struct StepPlan {
  int32_t fails = 0;
  int32_t out_of_memory = 0;
  int32_t hangs = 0;  // until it is ended; only where the step has a timeout
  int32_t lost = 0;   // see Loss
  int32_t wrong_output = 0;
  int32_t seconds = 1;  // the longest that one runs
  int32_t denials = 0;  // by quota, of each pod before it is let in

  bool operator==(const StepPlan&) const = default;
};

// What the user does, once: when the first container of an item starts, or ends; without a step, at the beginning.
struct UserEvent {
  enum class What { kSuspend, kStopGraceful, kStopImmediate, kParallelism, kEdit, kRetry, kDeadline, kDelete };
  What what = What::kSuspend;
  std::string step = {};
  int32_t item = 0;
  bool at_end = false;
  // kRetry: one more run, which continues the last one. kSuspend: resumed after so many seconds. kStop…: taken away
  // after so many seconds; 0: never. kParallelism, kDeadline: the value.
  int32_t value = 0;

  bool operator==(const UserEvent&) const = default;
};
const char* WhatName(UserEvent::What what);

// An object, how its attempts go, and what the user does meanwhile. Plays the same each time.
struct Scenario {
  uint64_t seed = 0;
  Kind kind = Kind::kWorkflow;
  json::Value spec = {};
  std::map<std::string, StepPlan> plans = {};
  std::vector<UserEvent> events = {};
};

// How the attempts go, for a World. Independent of the scenario's lifetime.
World::Behaviour BehaviourOf(const Scenario& scenario);

// What was in the step cache before, of every other item that succeeds at once. Independent of the scenario's lifetime.
std::function<std::optional<ItemResult>(const LookUpCache& look)> WarmOf(const Scenario& scenario);

// The graph of the spec. REQUIRES: the spec is valid. Remembers the last one; one thread.
std::shared_ptr<const graph::Graph> GraphOf(const Scenario& scenario);

// What the user does when the event comes; `after` is the second part, for which Later() says when.
void Do(const UserEvent& event, bool after, World& world);
Duration Later(const UserEvent& event);

// Whether the ends of items may depend on the order and the time in which things happen: something cuts runs.
bool HasClock(const Scenario& scenario);

// The scenario as JSON, for people and for a named test made of it.
std::string Describe(const Scenario& scenario);

}  // namespace coreflow::engine
