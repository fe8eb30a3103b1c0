#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"
#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// The times of leader election; the defaults are client-go's. REQUIRES: lease_duration > renew_deadline >
// 1.2 * retry_period > 0.
struct LeaseTimes {
  Duration lease_duration = std::chrono::seconds(15);  // others wait so long after the last change they saw
  Duration renew_deadline = std::chrono::seconds(10);  // the holder stops acting so long after the last renewal
  Duration retry_period = std::chrono::seconds(2);
};

struct LeaseOptions {
  ObjectKey key = {};
  // Names this process, and no other process ever: two lives of one pod must differ.
  std::string identity = {};
  LeaseTimes times = {};
  std::map<std::string, std::string> labels = {};  // of a Lease that is created
  // The least epoch of a Lease that is created. When Leases may be deleted, give something that grows over the life of
  // the cluster, so that a new Lease does not start below an old epoch.
  int64_t first_epoch = 1;
  // Uniform in [0, 1). Called on the loop's thread.
  std::function<double()> random = {};

  // We hold the Lease; `epoch` (its leaseTransitions) grows with every term, of whomever.
  std::function<void(int64_t epoch)> on_leading = {};
  // We hold it no more. Every on_leading is followed by one of these or by Release().
  std::function<void()> on_lost = {};
  // A try failed; the election goes on by itself. For logs.
  std::function<void(const ApiError& error)> on_trouble = {};
};

// Competes for a coordination.k8s.io/v1 Lease, and renews it. A Lease is no fence: a process that was stopped may
// believe it leads for a moment after it goes on; that is why leading() reads the clock, and why writes carry the
// epoch. Only the times at which this process saw the Lease change count, never times written by others.
// On the loop's thread; loop and client outlive it.
class LeaderElector {
 public:
  LeaderElector(Loop& loop, Client& client, LeaseOptions options);
  // Stops at once, without release: on_lost is not called.
  ~LeaderElector();
  LeaderElector(const LeaderElector&) = delete;
  LeaderElector& operator=(const LeaderElector&) = delete;

  // Begins to compete. Again after Release() is done, if wanted.
  void Start();

  // Whether we may act now: we hold the Lease, and the monotonic clock says that the last renewal was sent less than
  // renew_deadline ago. Ask before every write.
  bool leading() const;
  // Of the term that leading() speaks of; 0 before the first.
  int64_t epoch() const;
  // Whom the Lease named when it was last seen; empty: nobody.
  const std::string& holder() const;

  // Gives the Lease back so that another may take it at once, and stops competing. Call it last in a shutdown, when
  // nothing more is to be written: leading() is false from here on. `done` runs when the Lease is free or another's, or
  // could not be freed in about renew_deadline; it may destroy the elector.
  void Release(std::function<void()> done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::kube
