#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::manager {

class SampleBuffer;

// What a process was found doing.
struct StackSamples {
  // How often each stack was met. A stack is addresses of code, the innermost first; of the others it is where the call
  // returns to. What is deeper than kDeepestStack is cut off at its outer end.
  std::map<std::vector<uintptr_t>, uint64_t> stacks = {};
  size_t lost = 0;  // could not be followed, or there was no more room

  bool operator==(const StackSamples&) const = default;
};
inline constexpr size_t kDeepestStack = 128;

// Looks, each time the process has used `kSamplePeriod` of CPU time, what the thread that runs is doing: from SIGPROF,
// whose handler it sets and leaves there, and the timer ITIMER_PROF. Threads that wait are not seen, nor are those that
// have the signal blocked. One at a time in a process (REQUIRES); otherwise thread-safe.
//
// The handler takes no lock, allocates nothing and waits for nobody: docs/decisions/0026.
class CpuSampler {
 public:
  // Samples from now on. kUnavailable when the system refuses the timer. `room` is how many addresses there is room
  // for; memory is used as it fills.
  static Result<std::unique_ptr<CpuSampler>> Start(size_t room = size_t{1} << 20);

  // Stops.
  ~CpuSampler();
  CpuSampler(const CpuSampler&) = delete;
  CpuSampler& operator=(const CpuSampler&) = delete;

  // Samples no more, and gives what it has. Once.
  StackSamples Stop();

 private:
  explicit CpuSampler(std::unique_ptr<SampleBuffer> buffer);

  std::unique_ptr<SampleBuffer> buffer_;  // null: stopped
};
inline constexpr std::chrono::microseconds kSamplePeriod{10'000};

}  // namespace coreflow::manager
