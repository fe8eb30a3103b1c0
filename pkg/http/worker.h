#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace coreflow::http {

// A thread that runs work in the order in which it is due. Thread-safe.
class Worker {
 public:
  using Work = std::function<void()>;
  using Instant = std::chrono::steady_clock::time_point;

  Worker();
  // Stops.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Never runs the work at once. After Stop() it is dropped.
  void Post(Work work);
  // The ticket takes it back.
  uint64_t At(Instant due, Work work);
  void Drop(uint64_t ticket);

  // Returns when the work under way has ended; what is left is destroyed unrun. Idempotent. Not from the worker's own
  // thread.
  void Stop();

 private:
  void Run();

  std::mutex mu_;
  std::condition_variable changed_;
  bool stopping_ = false;                               // guarded by mu_
  Instant wakes_ = Instant::min();                      // guarded by mu_; the thread looks at the queue by then
  uint64_t last_ticket_ = 0;                            // guarded by mu_
  std::map<std::pair<Instant, uint64_t>, Work> queue_;  // guarded by mu_
  std::map<uint64_t, Instant> due_;                     // guarded by mu_; of every ticket in queue_
  std::thread thread_;
};

}  // namespace coreflow::http
