#pragma once

#include <string>

#include "pkg/engine/testing/player.h"

namespace coreflow::engine {

// What must be true at the end, of a play that came to rest: its state and that of each step follow from the ends by
// the table of the API, and no pod is left that should not be.
std::string ViolationsAtRest(const Player& player);

}  // namespace coreflow::engine
