#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"

namespace coreflow::uninstall {

// Suspends every Workflow and Job that has not ended, then takes CoreFlow's finalizer off every pod, until a list shows
// none that has it, then gives up the claims on namespaces. What runs goes on, and whoever installs CoreFlow again
// resumes it. Leaves alone what is in a namespace of another install. The operator may run meanwhile. On the loop's
// thread; loop and client outlive it.
class Uninstall {
 public:
  struct Options {
    std::vector<std::string> namespaces = {};      // empty: all
    std::string owner = {};                        // this install, as claims name it
    bool suspend = true;                           // false: only lets pods go
    Duration patience = std::chrono::seconds(60);  // for everything
    Duration settle = std::chrono::seconds(2);     // what an operator has under way when it sees the suspension
    std::function<void(const std::string& doing, const kube::ApiError& error)> on_trouble = {};
  };
  struct Summary {
    int suspended = 0;      // objects
    int released = 0;       // pods
    bool complete = false;  // false: patience ended; some may be left
  };
  using Done = std::function<void(const Summary& summary)>;

  Uninstall(Loop& loop, kube::Client& client, Options options);
  ~Uninstall();
  Uninstall(const Uninstall&) = delete;
  Uninstall& operator=(const Uninstall&) = delete;

  // `done` runs once, unless this is destroyed first. An object or a page that fails is tried again in the next round.
  void Start(Done done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::uninstall
