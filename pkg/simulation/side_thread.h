#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
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
  enum class Turn { kLoop, kWork };
  void Give(Turn turn);
  void Await(Turn turn);

  std::mutex mu_;
  std::condition_variable given_;
  Turn turn_ = Turn::kLoop;  // guarded by mu_
  bool ended_ = false;       // of whoever's turn it is, as all that the work shares
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace coreflow::simulation
