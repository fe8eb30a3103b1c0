#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/engine/recorder.h"
#include "pkg/engine/testing/player.h"

namespace coreflow::engine {

// How the items of one run ended, as its records have it. Index -1: a step as a whole.
using Ends = std::map<std::pair<std::string, int32_t>, json::Value>;
Ends EndsOf(const World& world, int32_t run);

// The number of the last run; 0: there was none.
int32_t LastRun(const World& world);

// Whether what happened in the runs of the player follows from the scenario alone: nothing was cut, so no end hangs on
// what happened to be running at some moment.
bool IsTimeless(const Player& player);

// What differs between the ends of two plays of one scenario that may not; empty when nothing does.
std::string Differences(const Player& one, const Player& other);

}  // namespace coreflow::engine
