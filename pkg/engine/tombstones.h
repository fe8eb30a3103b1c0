#pragma once

#include "pkg/base/time.h"
#include "pkg/engine/action.h"

namespace coreflow::engine {

// The name of a pod that has ended keeps a create that comes late from starting the same attempt again. So while one
// may come (from a former leader, or from a request of ours that nobody answered) no pod goes for good: what would let
// one go is held back. One thread.
class Tombstones {
 public:
  // How long a request that nobody answered may still take effect: the API server's own limit (--request-timeout).
  static constexpr Duration kLongestRequest = std::chrono::seconds(60);

  // Nothing goes before this time, nor before one that was said earlier.
  void KeepUntil(Time until);
  // A create got no answer; it may take effect until kLongestRequest after the next Pass.
  void CreateIsUnsure() { unsure_ = true; }

  // Takes out of `actions` what would make the name of a pod free, and puts back what was held when it is time; appends
  // WakeAt as long as something is held.
  void Pass(Time now, Actions& actions);

 private:
  Time until_{};
  bool unsure_ = false;
  Actions held_;
};

}  // namespace coreflow::engine
