#pragma once

#include <cstdint>

namespace coreflow::executor {

// What a command took: of itself and of all that it started and waited for, as wait4(2) counts it.
struct Usage {
  int64_t cpu_milliseconds = 0;
  int64_t peak_memory_bytes = 0;  // of the largest of these processes

  bool operator==(const Usage&) const = default;
};

}  // namespace coreflow::executor
