#pragma once

#include <functional>
#include <memory>
#include <string>

#include "controllers/uninstall/uninstall.h"
#include "pkg/base/loop.h"
#include "pkg/kube/client.h"

namespace coreflow::uninstall {

// What an operator does last. When its own namespace is being deleted nobody comes after it, and the namespace could
// not go as long as pods of CoreFlow in it have the finalizer: it takes that off them. Otherwise it does nothing. On
// the loop's thread; loop and client outlive it.
class Farewell {
 public:
  // Shorter than the time that a pod has to end.
  static constexpr Duration kPatience = std::chrono::seconds(10);

  struct Options {
    std::string ns = {};     // the operator's own
    std::string owner = {};  // see Uninstall::Options
  };

  Farewell(Loop& loop, kube::Client& client, Options options);

  // `done` runs once, soon after kPatience at the latest, unless this is destroyed first.
  void Start(std::function<void()> done);

 private:
  Loop& loop_;
  kube::Client& client_;
  const Options options_;
  std::shared_ptr<Uninstall> release_;
};

}  // namespace coreflow::uninstall
