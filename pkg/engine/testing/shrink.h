#pragma once

#include <functional>

#include "pkg/engine/testing/scenario.h"

namespace coreflow::engine {

// A small scenario for which `fails` still holds: steps, fields, events and troubles are left out one by one as long as
// it does. Asks at most `tries` times. REQUIRES: it holds for the given one.
Scenario Shrink(Scenario scenario, const std::function<bool(const Scenario&)>& fails, int tries = 3000);

// Whether the engine takes the spec.
bool IsValid(const Scenario& scenario);

}  // namespace coreflow::engine
