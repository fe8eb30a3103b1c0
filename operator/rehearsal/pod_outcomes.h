#pragma once

#include <vector>

#include "operator/rehearsal/pretended_blobs.h"
#include "pkg/base/loop.h"
#include "pkg/json/value.h"
#include "pkg/scenario/scenario.h"
#include "pkg/simulation/behaviour.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::rehearsal {

// What becomes of the pods of a rehearsal, by its rules; those that none names succeed after a second. On the loop's
// thread; rules and loop outlive it.
class PodOutcomes {
 public:
  // `blobs` takes outputs that are large, and outlives it.
  PodOutcomes(Loop& loop, const std::vector<scenario::Rule>& rules, PretendedBlobs& blobs)
      : loop_(loop), rules_(rules), blobs_(blobs), met_(rules.size(), false) {}

  // For the kubelet's script. What happens to a pod from outside (it is evicted, its node is lost) goes to `cluster`
  // later, which is still there when the loop runs.
  simulation::Behaviour BehaviourOf(const json::Value& pod, simulation::Cluster& cluster);

  // Which rules have come to pass.
  const std::vector<bool>& met() const { return met_; }

 private:
  Loop& loop_;
  const std::vector<scenario::Rule>& rules_;
  PretendedBlobs& blobs_;
  std::vector<bool> met_;
};

}  // namespace coreflow::rehearsal
