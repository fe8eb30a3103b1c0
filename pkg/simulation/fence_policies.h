#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "pkg/apiserver/admission.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/dice.h"
#include "pkg/base/loop.h"

namespace coreflow::simulation {

// The policies of charts/coreflow/templates/fence.yaml, as API servers that read the Fence from caches of their own
// have them: each request may meet a server that is behind by up to `most_lag`. Store and loop outlive it.
class FencePolicies {
 public:
  struct Options {
    std::string ns = "kube-system";  // of the Fence
    Duration most_lag = {};
    uint64_t seed = 1;
  };
  FencePolicies(apiserver::Store& store, const Loop& loop, Options options);
  FencePolicies(const FencePolicies&) = delete;
  FencePolicies& operator=(const FencePolicies&) = delete;

  std::optional<apiserver::Failure> Ask(const apiserver::AdmissionRequest& request);
  // How often a server was asked that had not seen the newest Fence.
  int behind() const { return behind_; }

 private:
  // Its epochs as they were then; null: it was not there.
  json::Value EpochsSeen(Duration at) const;

  const Loop& loop_;
  const Options options_;
  Dice random_;
  int behind_ = 0;
  std::deque<std::pair<Duration, json::Value>> seen_;  // since when they were so
};

}  // namespace coreflow::simulation
