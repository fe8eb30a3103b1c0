#pragma once

#include <string>

#include "pkg/engine/testing/player.h"

namespace coreflow::engine {

// What must be true of every play whatever was cut, lost or edited, checked against what happened in the world, event
// by event. Told by the rules of the API, not by the engine's code. Gives what is wrong, one a line; empty: nothing.
//   - no pod is created twice, attempts of an item come one after another, none after its end is recorded;
//   - a step starts when all that it depends on has ended, finally after everything else; none of it runs later;
//   - retries stay within their limits, running attempts within parallelism; nothing starts while suspended, stopped or
//     after a failure under failFast;
//   - a pod is let go only when its successor fact is stored;
//   - each item's end is stored once; a run's number, ending and result never go back,
//     nor does its progress while one engine lives.
std::string Violations(const Player& player);

}  // namespace coreflow::engine
