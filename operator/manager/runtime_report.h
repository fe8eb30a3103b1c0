#pragma once

#include <cstddef>
#include <string>

#include "pkg/base/time.h"

namespace coreflow::manager {

// What the reactor's loop says of itself.
struct LoopState {
  Duration waited = {};  // how long work waits for its turn
  size_t queued = 0;     // items that wait
};

// How the process fares, for people: version, loop, memory, and the threads with the CPU time that each has used.
// `proc` is the folder of the process in /proc; what can't be read there is left out. Thread-safe.
std::string RuntimeReport(const LoopState& loop, const std::string& proc = "/proc/self");

}  // namespace coreflow::manager
