#pragma once

#include <cstdint>

#include "pkg/engine/testing/scenario.h"

namespace coreflow::engine {

// A scenario that follows from the seed alone: a valid Workflow of 1 to 200 steps, most of them small, or a Job; how
// its attempts fail, hang and get lost; what the user does meanwhile. At most some 60 items.
Scenario Generate(uint64_t seed);

}  // namespace coreflow::engine
