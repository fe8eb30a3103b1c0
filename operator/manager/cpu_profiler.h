#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "pkg/base/result.h"
#include "pkg/logging/log.h"

namespace coreflow::manager {

// Takes CPU profiles of this process, one at a time, on a thread of its own. One of its kind in a process. Its methods
// are for one thread at a time.
class CpuProfiler {
 public:
  // Who wants one. Both are called once, on the profiler's thread, and neither must block or call the profiler.
  struct Client {
    std::function<void()> begun = {};
    std::function<void(std::string profile)> taken = {};  // as CpuProfile() makes it; after the other
  };

  // The log says what was taken.
  explicit CpuProfiler(const logging::Log& log) : log_(log) {}
  // Ends what is under way, and hands it over.
  ~CpuProfiler() = default;
  CpuProfiler(const CpuProfiler&) = delete;
  CpuProfiler& operator=(const CpuProfiler&) = delete;

  // Takes one, which ends after `length`, or when a stop is requested of what it returns: from any thread, also later.
  // kConflict while another is taken, kUnavailable when the system doesn't let it.
  Result<std::stop_source> Start(std::chrono::milliseconds length, Client client);

 private:
  const logging::Log log_;
  std::atomic<bool> busy_ = false;
  std::jthread thread_;  // last: it uses what stands above
};

}  // namespace coreflow::manager
