#pragma once

#include <functional>
#include <semaphore>
#include <stop_token>
#include <thread>

namespace coreflow::simulation {

// Work that blocks, on a thread of its own that takes turns with the loop's: only one of the two runs at any time, so
// that what happens follows from the calls alone, as on one thread.
//
//   SideThread side([&](SideThread& self) {
//     loop.After(delay, [&] { self.Resume(); });
//     if (!self.Wait()) return;   // time has passed
//   });
//   side.Resume();
class SideThread {
 public:
  // Nothing runs before the first Resume(). What the work refers to outlives this.
  explicit SideThread(std::function<void(SideThread& self)> work);
  // Has the work end first: all its waits are over at once.
  ~SideThread();
  SideThread(const SideThread&) = delete;
  SideThread& operator=(const SideThread&) = delete;

  // On the loop's thread: lets the work go on until it waits or has ended; whether it has ended.
  bool Resume();

  // In the work: hands over until it is resumed. False when the work is to end.
  bool Wait();
  std::stop_token stop() const { return stop_.get_token(); }

 private:
  // Whoever has released the other's semaphore touches nothing before it has acquired its own.
  std::binary_semaphore go_on_{0};
  std::binary_semaphore handed_over_{0};
  bool ended_ = false;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace coreflow::simulation
