#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "pkg/base/loop.h"
#include "pkg/runner/process.h"

namespace coreflow::runner {

// Waits for a process to end, and takes its handle. As a shell has it: the exit code, or 128 and the signal.
int WaitForEnd(const Process& process);

// Waits for processes to end, on a thread of its own. Thread-safe.
class Reaper {
 public:
  // As a shell has it: the exit code, or 128 and the signal.
  using Ended = std::function<void(int exit_code)>;

  // `loop` outlives it.
  explicit Reaper(Loop& loop);
  // Forgets what still runs.
  ~Reaper();
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;

  // Calls `ended` on the loop's thread when the process has ended, once. Takes its handle.
  void Watch(const Process& process, Ended ended);
  // Returns when all of them have ended. Nothing is watched from then on; what they came to may be told or not.
  void WaitForAll();

 private:
  void Run();
  void Wake();
  void Stop();

  Loop& loop_;
  int wake_ = -1;  // an eventfd
  std::mutex mu_;
  bool stopping_ = false;           // guarded by mu_
  std::map<int, Ended> processes_;  // by handle; guarded by mu_
  std::thread thread_;
};

}  // namespace coreflow::runner
