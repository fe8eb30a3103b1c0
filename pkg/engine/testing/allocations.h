#pragma once

#include <cstdint>

namespace coreflow::engine {

// How often operator new was called so far in this program. A program that links this counts; one thread.
int64_t Allocations();

}  // namespace coreflow::engine
