#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pkg/engine/testing/player.h"

namespace coreflow::engine {

// What the generator can make, in the order of the table.
const std::vector<std::string>& AllFeatures();

// The features that did something in the play: a retry counts when a further attempt was made, a timeout when one was
// ended by it, a stop when the run ended by it.
std::set<std::string> FeaturesOf(const Player& player);

}  // namespace coreflow::engine
