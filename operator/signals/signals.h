#pragma once

#include <stop_token>
#include <thread>

namespace coreflow {

// SIGTERM or SIGINT asks for an orderly end; the second one ends the process at once, with 128 + its number. One that
// came while whoever started the process had them blocked counts. SIGPIPE is ignored from then on: a peer that goes
// away is an error of its socket. One at a time in a process.
class Signals {
 public:
  Signals();
  // Puts back what was there before.
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Stop is requested, on a thread of its own, after the first signal.
  std::stop_token Stop() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::thread waiter_;
};

}  // namespace coreflow
